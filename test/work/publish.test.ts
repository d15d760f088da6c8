import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AttuneError } from "../../src/errors.ts";
import { openPlaybooks } from "../../src/work/playbooks.ts";
import { playbookOf, publishPlaybook, readPlaybookFiles } from "../../src/work/publish.ts";
import { jobOf } from "../../src/work/jobs.ts";
import { until } from "../faults/load.ts";
import {
  complaint,
  FILES,
  keyOf,
  lostConnection,
  openRoom,
  type Room,
  SHIPPED,
  variant,
  workersOf,
} from "./room.ts";

let room: Room;
const withRoom = (): void => {
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.stop());
};

const faultsOf = async (refused: Promise<unknown>): Promise<readonly string[]> => {
  try {
    await refused;
  } catch (error) {
    if (error instanceof AttuneError && error.code === "PLAYBOOK_INVALID")
      return error.faults.map(({ place }) => place);
    throw error;
  }
  throw new Error("the playbook was taken");
};

/** Faults in four files of four kinds. */
const BROKEN = {
  ...FILES,
  "rules/delivery.json": (FILES["rules/delivery.json"] ?? "").replace("lessThan", "lesThan"),
  "rules/contact-policy.json": "[]",
  "rules/templates/praise.en.liquid": "{{ name",
  "models/churn.json": "{",
};

describe("a playbook's hash", () => {
  it("is that of its content, whatever the order of its files", () => {
    const turned = Object.fromEntries(Object.entries(FILES).toReversed());
    expect(Object.keys(turned)).not.toEqual(Object.keys(FILES));
    expect(playbookOf(turned).hash).toBe(SHIPPED.hash);
    expect(SHIPPED.hash).toMatch(/^[0-9a-f]{64}$/u);
  });

  it.each([
    ["a text", { a: "x", b: "z" }],
    ["a path", { a: "x", c: "y" }],
    ["a file more", { a: "x", b: "y", c: "" }],
    ["a file less", { a: "x" }],
    ["texts exchanged", { a: "y", b: "x" }],
    ["two files run together", { a: "xb\u00001\u0000y" }],
  ])("is another for %s", (_name, files) => {
    expect(playbookOf(files).hash).not.toBe(playbookOf({ a: "x", b: "y" }).hash);
  });
});

describe("the files of a playbook", () => {
  it("are rules, templates and models, without what only an editor reads", () => {
    const paths = Object.keys(FILES);
    expect(paths).toContain("rules/delivery.json");
    expect(paths).toContain("rules/templates/praise.zh-Hans.liquid");
    expect(paths).toContain("models/churn.json");
    expect(paths).not.toContain("rules/schema.json");
    expect(paths).toContain("articles/late-parcel.en.md");
    expect(paths.filter((path) => path.endsWith(".md") && !path.startsWith("articles/"))).toEqual(
      [],
    );
  });

  it("cannot be read where there are no rules", async () => {
    const empty = await mkdtemp(`${tmpdir()}/attune-publish-`);
    expect(() => readPlaybookFiles(empty)).toThrow(
      expect.objectContaining({
        code: "FILE_UNREADABLE",
        message: expect.stringContaining(empty) as string,
      }) as Error,
    );
    await rm(empty, { recursive: true });
  });
});

describe("publishing", () => {
  withRoom();

  it("makes a playbook live, and says whether that changed anything", async () => {
    expect(await publishPlaybook(room, "default", FILES)).toEqual({
      hash: SHIPPED.hash,
      changed: true,
    });
    expect(await publishPlaybook(room, "default", { ...FILES })).toEqual({
      hash: SHIPPED.hash,
      changed: false,
    });
    expect(await room.store.livePlaybook("default")).toEqual({ hash: SHIPPED.hash, files: FILES });
  });

  it("announces a change, and only a change", async () => {
    const heard: string[] = [];
    room.relay.onPlaybook((tenant) => void heard.push(tenant));
    await publishPlaybook(room, "shop", FILES);
    await publishPlaybook(room, "shop", FILES);
    expect(heard).toEqual(["shop"]);
  });

  it("refuses a faulty one with the faults of all of its files, and the live one stays", async () => {
    await publishPlaybook(room, "default", FILES);
    const heard: string[] = [];
    room.relay.onPlaybook((tenant) => void heard.push(tenant));
    const places = await faultsOf(publishPlaybook(room, "default", BROKEN));
    for (const path of [
      "rules/delivery.json",
      "rules/contact-policy.json",
      "rules/templates/praise.en.liquid",
      "models/churn.json",
    ])
      expect(places.filter((place) => place.includes(path))).not.toEqual([]);
    expect(await room.store.livePlaybookHash("default")).toBe(SHIPPED.hash);
    expect(await room.store.playbook(playbookOf(BROKEN).hash)).toBeUndefined();
    expect(heard).toEqual([]);
  });

  it.each([
    ["junk/notes.txt", "leave it out"],
    ["models/chrun.json", 'did you mean "models/churn.json"?'],
    ["rules/../../secret.json", "leave it out"],
  ])("refuses %s, which nothing reads", async (path, hint) => {
    const refused = publishPlaybook(room, "default", { ...FILES, [path]: "{}" });
    await expect(refused).rejects.toMatchObject({
      faults: [{ place: path, sentence: expect.stringContaining(hint) as string }],
    });
  });

  it("refuses a rule whose template is gone", async () => {
    const files = Object.fromEntries(
      Object.entries(FILES).filter(([path]) => !path.includes("/late-delivery.")),
    );
    const places = await faultsOf(publishPlaybook(room, "default", files));
    expect(places).toContainEqual(expect.stringContaining("late-parcel"));
  });

  it("reaches workers that run: what was decided before keeps the old playbook's name", async () => {
    await publishPlaybook(room, "default", FILES);
    const workers = workersOf(room);
    await workers.start();
    const decidedBy = async (one = complaint()) => {
      await room.queue.add([jobOf(one)]);
      await until(
        () => room.store.signalState(keyOf(one)),
        (state) => state === "decided",
        15_000,
      );
      return (await room.store.decision(keyOf(one)))?.decision.playbook;
    };
    const before = complaint();
    expect(await decidedBy(before)).toBe(SHIPPED.hash);
    const { hash } = await publishPlaybook(room, "default", variant("Night support"));
    expect(await decidedBy()).toBe(hash);
    expect((await room.store.decision(keyOf(before)))?.decision.playbook).toBe(SHIPPED.hash);
    await faultsOf(publishPlaybook(room, "default", BROKEN));
    expect(await decidedBy()).toBe(hash);
    await workers.stop(5_000);
  });

  it("reaches workers also when the announcement is lost", async () => {
    await publishPlaybook(room, "default", FILES);
    const workers = workersOf(room, { reconcileIntervalMs: 1 });
    await workers.start();
    const changed = playbookOf(variant("Day support"));
    const hashNow = async () => {
      const one = complaint();
      await room.queue.add([jobOf(one)]);
      await until(
        () => room.store.signalState(keyOf(one)),
        (state) => state === "decided",
        15_000,
      );
      return (await room.store.decision(keyOf(one)))?.decision.playbook;
    };
    expect(await hashNow()).toBe(SHIPPED.hash);
    await room.store.publish("default", changed);
    await until(hashNow, (hash) => hash === changed.hash, 15_000);
    await workers.stop(5_000);
  });
});

describe("playbooks in force", () => {
  withRoom();

  it("are asked of the store once, until somebody says to look again", async () => {
    await room.store.publish("default", SHIPPED);
    let asked = 0;
    const store: Room["store"] = {
      ...room.store,
      livePlaybookHash: (tenant) => {
        asked += 1;
        return room.store.livePlaybookHash(tenant);
      },
    };
    const playbooks = openPlaybooks(store, room.log);
    const [one, two] = await Promise.all([playbooks.live("default"), playbooks.live("default")]);
    expect(two).toBe(one);
    expect(asked).toBe(1);
    playbooks.lookAgain("default");
    expect(await playbooks.live("default")).toBe(one);
    expect(asked).toBe(2);
  });

  it("of a tenant change with the default tenant's while it has none of its own", async () => {
    await room.store.publish("default", SHIPPED);
    const playbooks = openPlaybooks(room.store, room.log);
    expect((await playbooks.live("shop")).hash).toBe(SHIPPED.hash);
    const changed = playbookOf(variant("All shops"));
    await room.store.publish("default", changed);
    playbooks.lookAgain("default");
    expect((await playbooks.live("shop")).hash).toBe(changed.hash);
    await room.store.publish("shop", SHIPPED);
    playbooks.lookAgain("shop");
    expect((await playbooks.live("shop")).hash).toBe(SHIPPED.hash);
    expect((await playbooks.live("default")).hash).toBe(changed.hash);
  });

  it("are looked for again after the store was away", async () => {
    await room.store.publish("default", SHIPPED);
    let away = true;
    const store: Room["store"] = {
      ...room.store,
      livePlaybookHash: (tenant) =>
        away ? Promise.reject(lostConnection()) : room.store.livePlaybookHash(tenant),
    };
    const playbooks = openPlaybooks(store, room.log);
    await expect(playbooks.live("default")).rejects.toThrow("ECONNREFUSED");
    away = false;
    expect((await playbooks.live("default")).hash).toBe(SHIPPED.hash);
  });

  it("are prepared once while they come and go, and again when many came between", async () => {
    const playbooks = openPlaybooks(room.store, room.log);
    const books = ["a", "b", "c", "d", "e"].map((mark) => playbookOf(variant(mark)));
    for (const book of books) await room.store.publish("default", book);
    const [first, ...others] = books.map(({ hash }) => hash);
    const prepared = await playbooks.byHash(first ?? "");
    expect(await playbooks.byHash(first ?? "")).toBe(prepared);
    for (const hash of others) await playbooks.byHash(hash);
    const again = await playbooks.byHash(first ?? "");
    expect(again).not.toBe(prepared);
    expect(again.hash).toBe(prepared.hash);
  });

  it("say so when a hash is not stored", async () => {
    await expect(openPlaybooks(room.store, room.log).byHash("0".repeat(64))).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: `Playbook ${"0".repeat(64)} is not stored.`,
    });
  });
});
