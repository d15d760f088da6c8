import { writeFileSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Log } from "../../src/core/ports.ts";
import type { PublishReceipt } from "../../src/work/attune.ts";
import { publishPlaybook } from "../../src/work/publish.ts";
import { watchPlaybook, type WatchOptions } from "../../src/work/watch.ts";
import { condition, deferred } from "../contracts/queue.ts";
import { FILES, HOME, openRoom, type Room, SHIPPED } from "./room.ts";

let room: Room;
let home: string;
let stopWatching: () => Promise<void>;

beforeEach(async () => {
  room = await openRoom();
  home = await mkdtemp(join(tmpdir(), "attune-watch-"));
  for (const folder of ["rules", "models", "fixtures/articles"])
    await cp(join(HOME, folder), join(home, folder), { recursive: true });
  await publishPlaybook(room, "default", FILES);
  stopWatching = async () => undefined;
});
afterEach(async () => {
  await stopWatching();
  await room.stop();
  await rm(home, { recursive: true, force: true });
});

/** Watches the home; each publication that ends, either way, is heard by whoever asked for the next one. */
const watching = (changes: Partial<WatchOptions> = {}) => {
  let heard = condition<{ level: string; sentence: string; details: object }>("nobody asked");
  heard.meet({ level: "", sentence: "", details: {} });
  const log: Log = (level, sentence, details = {}) => heard.meet({ level, sentence, details });
  const watcher = watchPlaybook({
    home,
    log,
    publish: (files) => publishPlaybook(room, "default", files),
    ...changes,
  });
  stopWatching = () => watcher.stop();
  const next = (name: string) => {
    heard = condition(name);
    return heard.met;
  };
  return { watcher, next };
};

const path = (file: string): string => join(home, file);

const edit = async (file: string, from: string, to: string): Promise<void> => {
  const text = await readFile(path(file), "utf8");
  expect(text).toContain(from);
  await writeFile(path(file), text.replace(from, to));
};

const live = () => room.store.livePlaybookHash("default");

describe("a watched folder", () => {
  it.each([
    { file: "rules/delivery.json", from: "Logistics support", to: "Night support" },
    { file: "rules/templates/praise.en.liquid", from: "\n", to: "\n\n" },
    { file: "models/text.reading.json", from: "\n", to: "\n\n" },
  ])("publishes $file once it is saved", async ({ file, from, to }) => {
    const { next } = watching();
    const published = next(`${file} is in force`);
    await edit(file, from, to);
    const { level, details } = await published;
    expect(level).toBe("info");
    expect(details).toEqual({ playbook: await live() });
    expect(await live()).not.toBe(SHIPPED.hash);
    expect((await room.store.livePlaybook("default"))?.files[file]).toBe(
      await readFile(path(file), "utf8"),
    );
  });

  it("refuses a broken change with its faults, keeps the last good playbook, and takes the repair", async () => {
    const { next } = watching();
    const refused = next("the broken change is refused");
    await edit("rules/delivery.json", '"lessThan"', '"lesThan"');
    const { level, details } = await refused;
    expect(level).toBe("error");
    expect((details as { reason: string }).reason).toMatch(
      /rules\/delivery\.json.*"lesThan".*did you mean "lessThan"/su,
    );
    expect(await live()).toBe(SHIPPED.hash);
    const repaired = next("the repaired file is in force");
    await edit("rules/delivery.json", '"lesThan"', '"lessThanInclusive"');
    expect((await repaired).level).toBe("info");
    expect(await live()).not.toBe(SHIPPED.hash);
  });

  it("keeps the last good playbook when a file that is needed is deleted", async () => {
    const { next } = watching();
    const refused = next("the deletion is refused");
    await rm(path("models/lexicon.en.json"));
    expect((await refused).level).toBe("error");
    expect(await live()).toBe(SHIPPED.hash);
  });

  it("says nothing about a save that changed nothing", async () => {
    const published = condition<PublishReceipt>("the same content is looked at");
    const said: string[] = [];
    watching({
      log: (_level, sentence) => void said.push(sentence),
      publish: async (files) => {
        const receipt = await publishPlaybook(room, "default", files);
        published.meet(receipt);
        return receipt;
      },
    });
    const text = await readFile(path("rules/delivery.json"), "utf8");
    await writeFile(path("rules/delivery.json"), text);
    expect(await published.met).toEqual({ hash: SHIPPED.hash, changed: false });
    await stopWatching();
    expect(said).toEqual([]);
  });

  it("publishes several saves in one go once the files are quiet", async () => {
    let publications = 0;
    const { next } = watching({
      publish: (files) => {
        publications += 1;
        return publishPlaybook(room, "default", files);
      },
    });
    const published = next("both changes are in force");
    const text = await readFile(path("rules/delivery.json"), "utf8");
    // In one turn of the event loop, so that no machine is too slow for it.
    for (const owner of ["Night support", "Day support"])
      writeFileSync(path("rules/delivery.json"), text.replace("Logistics support", owner));
    await published;
    expect(publications).toBe(1);
    expect((await room.store.livePlaybook("default"))?.files["rules/delivery.json"]).toContain(
      "Day support",
    );
  });

  it("waits for a publication under way before it has stopped", async () => {
    const begun = condition<void>("a publication runs");
    const gate = deferred<PublishReceipt>();
    const { watcher } = watching({
      publish: () => {
        begun.meet();
        return gate.promise;
      },
    });
    await edit("rules/delivery.json", "Logistics support", "Night support");
    await begun.met;
    let stopped = false;
    const stopping = watcher.stop().then(() => (stopped = true));
    await room.store.counts();
    expect(stopped).toBe(false);
    gate.resolve({ hash: "", changed: false });
    await stopping;
    expect(stopped).toBe(true);
    await watcher.stop();
  });

  it("may lack folders", async () => {
    await rm(path("models"), { recursive: true });
    await rm(path("rules/templates"), { recursive: true });
    const { next } = watching();
    const refused = next("half a playbook is refused");
    await edit("rules/delivery.json", "Logistics support", "Night support");
    expect((await refused).level).toBe("error");
    expect(await live()).toBe(SHIPPED.hash);
  });
});
