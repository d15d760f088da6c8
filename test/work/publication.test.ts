import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sideOf } from "../../src/core/canary.ts";
import { explain } from "../../src/core/explain.ts";
import type { PlaybookFiles } from "../../src/core/playbook.ts";
import type { IncomingSignal } from "../../src/core/ports.ts";
import { AttuneError } from "../../src/errors.ts";
import { correct } from "../../src/work/correct.ts";
import { guardCanaries } from "../../src/work/guard.ts";
import { batchJobs } from "../../src/work/jobs.ts";
import { openPlaybooks } from "../../src/work/playbooks.ts";
import { canaryState, endCanary, rollBackPlaybook } from "../../src/work/publication.ts";
import { playbookOf, publishPlaybook, publishRequested } from "../../src/work/publish.ts";
import { until as untilHolds } from "../faults/load.ts";
import { complaint, FILES, openRoom, type Room, SHIPPED, variant, workersOf } from "./room.ts";

let room: Room;
beforeEach(async () => {
  room = await openRoom();
  await publishPlaybook(room, "default", FILES);
});
afterEach(() => room.stop());

const until = async (asked: () => Promise<boolean>): Promise<void> =>
  void (await untilHolds(asked, (holds) => holds, 60_000));

const live = () => room.store.livePlaybookHash("default");
const kinds = async () => (await room.store.publications("default", 50)).map(({ kind }) => kind);
const canaryWith = (files: PlaybookFiles, percent = 50) =>
  publishRequested(room, "default", { files, request: { percent, by: "ann", message: "try" } });

/** The files that a refusal names. */
const faultyFiles = (error: unknown): readonly string[] =>
  error instanceof AttuneError
    ? [...new Set(error.faults.map(({ place }) => place.split(" › ")[0] ?? ""))].toSorted()
    : [];

/** The shipped playbook with one file changed. */
const changed = (path: string, change: (text: string) => string): PlaybookFiles => ({
  ...FILES,
  [path]: change(FILES[path] ?? ""),
});

/** A template that is sound and fails for everybody: its title is too long once rendered. */
const FAILING = changed(
  "rules/templates/late-delivery.en.liquid",
  () =>
    `{% assign long = "0123456789012345678901234567890123456789" %}${"{{ long }}".repeat(6)}\n\nSorry.\n`,
);

/** Nobody who complains about a parcel gets an answer. */
const SILENT = changed("rules/delivery.json", (text) =>
  text.replace('"value": "delivery"', '"value": "hygiene_safety"'),
);

const decideAll = async (signals: readonly IncomingSignal[], workers = 1): Promise<void> => {
  const before = (await room.store.counts()).decided;
  const list = Array.from({ length: workers }, () => workersOf(room));
  for (const each of list) await each.start();
  await room.queue.add(batchJobs(signals, 50));
  await until(async () => (await room.store.counts()).decided === before + signals.length);
  for (const each of list) await each.stop(5_000);
};

const complaints = (count: number): readonly IncomingSignal[] =>
  Array.from({ length: count }, () => complaint());

describe("the way back", () => {
  it("takes back one publication after the other, and keeps corrections", async () => {
    const [one, two] = [variant("One"), variant("Two")];
    await publishPlaybook(room, "default", one);
    await publishPlaybook(room, "default", two);
    const back = await rollBackPlaybook(room, "default", { by: "ann", message: "oops" });
    expect(back).toEqual({ hash: playbookOf(one).hash, changed: true });
    expect((await rollBackPlaybook(room, "default", {})).hash).toBe(SHIPPED.hash);
    await expect(rollBackPlaybook(room, "default", {})).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: "No publication is left to take back.",
    });
    expect(await live()).toBe(SHIPPED.hash);
    const [last, first] = await room.store.publications("default", 2);
    expect(first).toMatchObject({ kind: "rollback", by: "ann", message: "oops" });
    expect(last?.change?.rules).toEqual({
      added: 0,
      changed: expect.any(Number) as number,
      removed: 0,
    });
    // What comes after a rollback can be taken back too.
    await publishPlaybook(room, "default", two);
    expect((await rollBackPlaybook(room, "default", {})).hash).toBe(SHIPPED.hash);
  });

  it("goes to the playbook that is named, and says what it cannot find", async () => {
    await publishPlaybook(room, "default", variant("One"));
    await publishPlaybook(room, "default", variant("Two"));
    const to = SHIPPED.hash.slice(0, 8);
    expect(await rollBackPlaybook(room, "default", { to })).toEqual({
      hash: SHIPPED.hash,
      changed: true,
    });
    expect(await rollBackPlaybook(room, "default", { to })).toEqual({
      hash: SHIPPED.hash,
      changed: false,
    });
    await expect(rollBackPlaybook(room, "default", { to: "ffff0000" })).rejects.toMatchObject({
      code: "NOT_FOUND",
      message: expect.stringContaining('begins with "ffff0000"') as string,
    });
    await expect(rollBackPlaybook(room, "default", { to: "" })).rejects.toMatchObject({
      code: "USAGE",
    });
  });

  it("keeps what was corrected since", async () => {
    const one = complaint();
    await decideAll([one]);
    await publishPlaybook(room, "default", variant("One"));
    await correct(room, { tenant: "default", id: one.signal.id }, { sentiment: "neutral" });
    await rollBackPlaybook(room, "default", {});
    const files: PlaybookFiles = (await room.store.livePlaybook("default"))?.files ?? {};
    expect(files["models/text.corrections.json"]).toContain(one.signal.id);
    expect(files["rules/delivery.json"]).toBe(FILES["rules/delivery.json"]);
    expect(await kinds()).toEqual(["rollback", "correction", "publish", "publish"]);
  });
});

describe("a canary", () => {
  it("decides for its share of the customers, each decision pinned to what decided it", async () => {
    const candidate = variant("Candidate");
    expect(await canaryWith(candidate)).toMatchObject({ changed: true, percent: 50 });
    const signals = complaints(60);
    await decideAll(signals, 2);
    const canary = await room.store.canary("default");
    if (canary === undefined) throw new Error("no canary");
    const hashes = { live: SHIPPED.hash, candidate: playbookOf(candidate).hash };
    const seen = new Set<string>();
    for (const { tenant, signal } of signals) {
      const stored = await room.store.decision({ tenant, id: signal.id });
      const side = sideOf(canary, { tenant, id: signal.customerId });
      expect(stored?.decision.playbook).toBe(hashes[side]);
      expect(stored?.settlement.playbook).toBe(hashes[side]);
      seen.add(side);
    }
    expect(seen.size).toBe(2);
    const state = await canaryState(room.store, "default");
    expect(state?.figures.live.customers).toBeGreaterThan(10);
    expect((state?.figures.live.customers ?? 0) + (state?.figures.candidate.customers ?? 0)).toBe(
      60,
    );
  });

  it("is alone: nothing else is published meanwhile, but corrections go into both", async () => {
    const one = complaint();
    await decideAll([one]);
    await canaryWith(variant("Candidate"));
    await expect(publishPlaybook(room, "default", variant("Other"))).rejects.toMatchObject({
      code: "CANARY_RUNNING",
    });
    await expect(canaryWith(variant("Other"))).rejects.toMatchObject({ code: "CANARY_RUNNING" });
    await correct(room, { tenant: "default", id: one.signal.id }, { sentiment: "neutral" });
    const canary = await room.store.canary("default");
    const candidate = await room.store.playbook(canary?.hash ?? "");
    expect(candidate?.files["models/text.corrections.json"]).toContain(one.signal.id);
    expect(candidate?.files["rules/delivery.json"]).toContain("Candidate");
    const receipt = await endCanary(room, "default", { how: "promote" });
    expect(receipt.hash).toBe(candidate?.hash);
    expect(await live()).toBe(candidate?.hash);
    expect(await kinds()).toEqual(["promoted", "correction", "canary", "publish"]);
    // Promoted, it is a publication like any other.
    await rollBackPlaybook(room, "default", {});
    expect((await room.store.livePlaybook("default"))?.files["rules/delivery.json"]).toBe(
      FILES["rules/delivery.json"],
    );
  });

  it("is ended by a rollback, for nobody", async () => {
    await canaryWith(variant("Candidate"));
    expect(await rollBackPlaybook(room, "default", {})).toEqual({
      hash: SHIPPED.hash,
      changed: true,
    });
    expect(await room.store.canary("default")).toBeUndefined();
    await expect(endCanary(room, "default", { how: "abort" })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    expect(await canaryState(room.store, "default")).toBeNull();
  });

  it.each([0, 100, Number.NaN])("of %d percent is refused, as is a broken one", async (percent) => {
    await expect(canaryWith(variant("Candidate"), percent)).rejects.toMatchObject({
      code: "USAGE",
    });
    await expect(canaryWith({ ...FILES, "rules/delivery.json": "{" })).rejects.toMatchObject({
      code: "PLAYBOOK_INVALID",
    });
    expect(await room.store.canary("default")).toBeUndefined();
  });

  it("needs something to be compared with", async () => {
    await expect(
      publishRequested(room, "nobody", { files: FILES, request: { percent: 10 } }),
    ).rejects.toMatchObject({ code: "USAGE" });
  });

  it.each([
    ["whose template fails", FAILING, "errors"],
    ["that falls silent", SILENT, "silence"],
  ])(
    "%s rolls back by itself, once though two workers look",
    async (_, files, guardrail) => {
      await canaryWith(files);
      const workers = [1, 2].map(() => workersOf(room, { reconcileIntervalMs: 100 }));
      for (const each of workers) await each.start();
      for (
        let batch = 0;
        batch < 10 && (await room.store.canary("default")) !== undefined;
        batch += 1
      ) {
        const signals = complaints(60);
        const before = (await room.store.counts()).decided;
        await room.queue.add(batchJobs(signals, 20));
        await until(async () => (await room.store.counts()).decided === before + signals.length);
      }
      await until(async () => (await room.store.canary("default")) === undefined);
      for (const each of workers) await each.stop(5_000);
      const [ended] = await room.store.publications("default", 1);
      expect(ended).toMatchObject({ kind: "breached", canary: { breach: guardrail, percent: 50 } });
      expect(await kinds()).toEqual(["breached", "canary", "publish"]);
      expect(await live()).toBe(SHIPPED.hash);
      expect(room.said.filter(({ level }) => level === "warn")).toHaveLength(1);
      const after = complaint();
      await decideAll([after]);
      const stored = await room.store.decision({ tenant: "default", id: after.signal.id });
      expect(stored?.decision.playbook).toBe(SHIPPED.hash);
    },
    120_000,
  );

  it("that changes no decision stays", async () => {
    await canaryWith(variant("Candidate"));
    for (let batch = 0; batch < 3; batch += 1) {
      await decideAll(complaints(80));
      expect(await guardCanaries(room)).toEqual([]);
    }
    const state = await canaryState(room.store, "default");
    expect(state).toMatchObject({ breach: null });
    expect(state?.figures.candidate.answered).toBe(state?.figures.candidate.customers);
  });
});

describe("publishing under load", () => {
  it("loses no signal, decides none by two versions, and refuses broken ones with all faults", async () => {
    const versions = Array.from({ length: 6 }, (_, at) => variant(`Version ${at}`));
    const known = new Set([SHIPPED.hash, ...versions.map((files) => playbookOf(files).hash)]);
    const workers = [1, 2].map(() => workersOf(room));
    for (const each of workers) await each.start();
    const signals = complaints(600);
    const refused: (readonly string[])[] = [];
    for (const [at, files] of versions.entries()) {
      // Half of these wait in the queue while the next playbook goes live.
      await room.queue.add(batchJobs(signals.slice(100 * at, 100 * (at + 1)), 10));
      await publishPlaybook(room, "default", files);
      const broken = {
        ...files,
        "rules/orders.json": "[]",
        "rules/templates/praise.en.liquid": "{{ name",
      };
      await publishPlaybook(room, "default", broken).catch((error: unknown) => {
        refused.push(faultyFiles(error));
      });
      const before = (await room.store.counts()).decided;
      await until(
        async () => (await room.store.counts()).decided >= Math.min(before + 20, 100 * (at + 1)),
      );
    }
    await until(async () => (await room.store.counts()).decided === signals.length);
    for (const each of workers) await each.stop(5_000);
    const both = ["rules/orders.json", "rules/templates/praise.en.liquid"];
    expect(refused).toEqual(versions.map(() => both));
    expect(await room.store.counts()).toMatchObject({ deadLetters: 0, accepted: 0 });
    const playbooks = openPlaybooks(room.store, room.log);
    const used = new Set<string>();
    for (const { tenant, signal } of signals) {
      const stored = await room.store.decision({ tenant, id: signal.id });
      if (stored === undefined) throw new Error(`${signal.id} was lost`);
      const { playbook } = stored.decision;
      expect(known.has(playbook)).toBe(true);
      expect(stored.settlement.playbook).toBe(playbook);
      used.add(playbook);
      const { rules } = explain(stored, await playbooks.byHash(playbook));
      const told = rules.filter(({ outcome }) => outcome.code !== "not_matched");
      expect(told.map(({ rule }) => rule).toSorted()).toEqual(
        stored.settlement.entries.map(({ rule }) => rule).toSorted(),
      );
    }
    expect(used.size).toBeGreaterThan(1);
  }, 180_000);
});
