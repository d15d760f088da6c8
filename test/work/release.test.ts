import type { PGlite } from "@electric-sql/pglite";
import { afterEach, describe, expect, it } from "vitest";
import { explain } from "../../src/core/explain.ts";
import type { IncomingSignal, Store } from "../../src/core/ports.ts";
import type { PlaybookFiles } from "../../src/core/playbook.ts";
import { openQueue } from "../../src/queue/open.ts";
import { openEmbeddedStore } from "../../src/store/open.ts";
import { backtestPlaybook } from "../../src/work/backtest.ts";
import { batchJobs } from "../../src/work/jobs.ts";
import { openPlaybooks } from "../../src/work/playbooks.ts";
import { playbookOf } from "../../src/work/publish.ts";
import { rebuildCustomers } from "../../src/work/rebuild.ts";
import { releaseDue } from "../../src/work/release.ts";
import { aFeedback, incoming } from "../builders.ts";
import { until as untilHolds } from "../faults/load.ts";
import { FILES, type Room, workersOf } from "./room.ts";

const saysWord = (word: string) => ({
  all: [{ fact: "feedback.text", operator: "containsText", value: word }],
});

const rule = (name: string, word: string) => ({
  name,
  description: `Answers ${word}.`,
  conditions: saysWord(word),
  event: {
    type: "reply",
    params: {
      template: "echo",
      slot: "inbox",
      category: "service",
      values: { text: { fact: "feedback.text" } },
    },
  },
});

const withPolicy = (policy: object): PlaybookFiles => ({
  ...Object.fromEntries(Object.entries(FILES).filter(([path]) => !path.startsWith("rules/"))),
  "rules/contact-policy.json": JSON.stringify({ defaultLocale: "en", caps: [], ...policy }),
  "rules/words.json": JSON.stringify({
    id: "words",
    description: "Rules of a test.",
    owner: "tests",
    rules: [rule("danger", "smoke"), rule("late", "late"), rule("thanks", "thank")],
  }),
  "rules/templates/echo.en.liquid": "You said\n\n{{ values.text }}\n",
});

const until = async (asked: () => Promise<boolean>): Promise<void> =>
  void (await untilHolds(asked, (holds) => holds, 30_000));

interface ClockedRoom extends Room {
  /** Lets so many minutes pass for everything that waits. */
  readonly pass: (minutes: number) => Promise<void>;
}

const rooms: ClockedRoom[] = [];
const openClockedRoom = async (policy: object): Promise<ClockedRoom> => {
  const { store, database }: { store: Store; database: PGlite } = await openEmbeddedStore("memory");
  const said: ClockedRoom["said"] = [];
  const log: ClockedRoom["log"] = (level, sentence, details = {}) =>
    void said.push({ level, sentence, details });
  const { queue, relay } = await openQueue({ backend: "embedded", database, log });
  await store.publish("default", playbookOf(withPolicy(policy)));
  const room: ClockedRoom = {
    store,
    queue,
    relay,
    log,
    said,
    pass: async (minutes) => {
      await database.query(
        `update attune.waiting set wake_at = wake_at - $1::float8 * interval '1 minute'`,
        [minutes],
      );
    },
    stop: async () => {
      await relay.stop();
      await queue.stop();
      await store.stop();
    },
  };
  rooms.push(room);
  return room;
};
afterEach(async () => {
  for (const room of rooms.splice(0)) await room.stop();
});

const TEXTS = [
  "There is smoke coming out of the toaster, this is dangerous!",
  "My parcel is late.",
  "I thank you for the nice cup.",
];

/** Three signals of each customer within one minute, in an order that `shift` changes. */
const signalsOf = (customers: number, shift: number): readonly IncomingSignal[] => {
  const all = Array.from({ length: customers * TEXTS.length }, (_, at) => {
    const [customer, which] = [Math.floor(at / TEXTS.length), at % TEXTS.length];
    return incoming(
      aFeedback({
        id: `c${customer}-${which}`,
        customerId: `c${customer}`,
        at: `2026-03-01T10:00:${String(10 + which).padStart(2, "0")}.000Z`,
        text: TEXTS[which] ?? "",
      }),
      { clock: "signal" },
    );
  });
  return all
    .map((signal, at) => ({ signal, key: (at * 37 + shift * 11) % all.length }))
    .toSorted((left, right) => left.key - right.key)
    .map(({ signal }) => signal);
};

const decided = async (room: Room, signals: readonly IncomingSignal[], workers: number) => {
  const list = Array.from({ length: workers }, () => workersOf(room));
  for (const each of list) await each.start();
  for (const signal of signals) await room.queue.add(batchJobs([signal]));
  await until(async () => (await room.store.counts()).decided === signals.length);
  for (const each of list) await each.stop(5_000);
};

const release = (room: Room): Promise<number> => {
  const playbooks = openPlaybooks(room.store, room.log);
  return releaseDue({
    store: room.store,
    log: room.log,
    playbookOf: ({ tenant }) => playbooks.live(tenant),
  });
};

const inboxOf = async (room: Room, id: string) =>
  (await room.store.inbox({ tenant: "default", id }, { after: 0, limit: 50 })).map(
    ({ seq, rule: by, signalId, at }) => [seq, by, signalId, at.slice(11, 19)],
  );

const WINDOW = { arbitration: { windowMinutes: 5 }, deferral: { maxHours: 1 } };
const CUSTOMERS = 12;

describe("an arbitration window of the real store", () => {
  it("gives every customer the best reply first, whatever the order of arrival and the number of workers", async () => {
    const told = new Set<string>();
    for (const [shift, workers] of [
      [0, 1],
      [5, 2],
      [9, 4],
    ] as const) {
      const room = await openClockedRoom(WINDOW);
      await decided(room, signalsOf(CUSTOMERS, shift), workers);
      expect((await room.store.counts()).replies).toBe(0);
      for (let windows = 0; windows < 3; windows += 1) {
        await room.pass(5.1);
        await release(room);
      }
      const inboxes = [];
      for (let customer = 0; customer < CUSTOMERS; customer += 1)
        inboxes.push(await inboxOf(room, `c${customer}`));
      expect(inboxes[0]?.[0]).toEqual([1, "words/danger", "c0-0", "10:05:10"]);
      expect(inboxes.every((inbox) => inbox.length === 3)).toBe(true);
      told.add(JSON.stringify(inboxes));
      expect(await room.store.counts()).toMatchObject({ waiting: 0, replies: 3 * CUSTOMERS });
    }
    expect(told.size).toBe(1);
  }, 120_000);

  it("tells why, and what is folded again is what is stored", async () => {
    const room = await openClockedRoom(WINDOW);
    await decided(room, signalsOf(1, 1), 1);
    const playbooks = openPlaybooks(room.store, room.log);
    const codes = async (id: string) => {
      const stored = await room.store.decision({ tenant: "default", id });
      if (stored === undefined) throw new Error("not decided");
      return explain(stored, await playbooks.byHash(stored.decision.playbook)).rules.map(
        ({ outcome }) =>
          `${outcome.code}${outcome.detail === undefined ? "" : `: ${outcome.detail}`}`,
      );
    };
    expect(await codes("c0-1")).toEqual([
      expect.stringContaining("not_matched"),
      expect.stringContaining(
        "deferred: gathered with the customer's other signals until 2026-03-01T10:05:1",
      ),
      expect.stringContaining("not_matched"),
    ]);
    await room.pass(5.1);
    await release(room);
    expect((await codes("c0-1"))[1]).toMatch(
      /^deferred: words\/danger \(signal c0-0\) has slot "inbox"; waits until 2026-03-01T10:10:10.000Z, after it waited \(gathered/u,
    );
    await room.pass(5.1);
    await release(room);
    expect((await codes("c0-1"))[1]).toMatch(/^replied: after it waited/u);
    await room.pass(5.1);
    await release(room);
    const { findings } = await rebuildCustomers(room.store, {
      tenant: "default",
      write: false,
      after: "",
      limit: 10,
    });
    expect(findings).toEqual([]);
  });
});

describe("what is due", () => {
  it("is settled by the customer's next signal when no round came before it", async () => {
    const room = await openClockedRoom({
      caps: [{ category: "service", replies: 1, windowHours: 1 }],
      deferral: { maxHours: 5 },
    });
    const signals = signalsOf(1, 0).toSorted((left, right) =>
      left.signal.at < right.signal.at ? -1 : 1,
    );
    const later = incoming(
      aFeedback({
        id: "much-later",
        customerId: "c0",
        at: "2026-03-01T11:30:00.000Z",
        text: "hello",
      }),
      { clock: "signal" },
    );
    for (const one of [...signals, later]) {
      const worker = workersOf(room);
      await worker.start();
      await room.queue.add(batchJobs([one]));
      await until(
        async () =>
          (await room.store.signalState({ tenant: "default", id: one.signal.id })) === "decided",
      );
      await worker.stop(5_000);
    }
    expect(await inboxOf(room, "c0")).toEqual([
      [1, "words/danger", "c0-0", "10:00:10"],
      [2, "words/late", "c0-1", "11:30:00"],
    ]);
    const stored = await room.store.decision({ tenant: "default", id: "c0-1" });
    expect(stored?.later).toMatchObject([
      { entry: { code: "replied", seq: 2 }, settledBy: "much-later", customerVersion: 4 },
    ]);
    expect(
      (
        await rebuildCustomers(room.store, {
          tenant: "default",
          write: false,
          after: "",
          limit: 10,
        })
      ).findings,
    ).toEqual([]);
  });

  it("is settled by the rounds of a running worker, once though two of them look", async () => {
    const room = await openClockedRoom(WINDOW);
    const workers = [1, 2].map(() => workersOf(room, { releaseIntervalMs: 50 }));
    for (const each of workers) await each.start();
    const signals = signalsOf(4, 3);
    await room.queue.add(batchJobs(signals));
    await until(async () => (await room.store.counts()).decided === signals.length);
    for (let windows = 1; windows <= 3; windows += 1) {
      await room.pass(5.1);
      await until(async () => (await room.store.counts()).replies === 4 * windows);
    }
    for (const each of workers) await each.stop(5_000);
    expect((await inboxOf(room, "c1")).map(([seq]) => seq)).toEqual([1, 2, 3]);
    expect(room.said.filter(({ level }) => level === "error")).toEqual([]);
  });

  it("of a customer that cannot be settled stays and is told, and the others are settled", async () => {
    const room = await openClockedRoom(WINDOW);
    await decided(room, signalsOf(2, 0), 1);
    await room.pass(5.1);
    const store: Store = {
      ...room.store,
      group: (work) =>
        room.store.group((transaction) =>
          work({
            ...transaction,
            release: async (settlements, customers) => {
              if (customers.some(({ id }) => id === "c0")) throw new Error("a row it refuses");
              await transaction.release(settlements, customers);
            },
          }),
        ),
    };
    await release({ ...room, store });
    expect(await inboxOf(room, "c0")).toEqual([]);
    expect(await inboxOf(room, "c1")).toHaveLength(1);
    expect(room.said.filter(({ level }) => level === "error")).toEqual([
      {
        level: "error",
        sentence: "waiting replies of a customer could not be settled",
        details: { tenant: "default", customer: "c0", reason: "a row it refuses" },
      },
    ]);
    await release(room);
    expect(await inboxOf(room, "c0")).toHaveLength(1);
  });
});

const backtest = (room: Room, policy?: object, days = 3_660) =>
  backtestPlaybook(
    { store: room.store, playbooks: openPlaybooks(room.store, room.log) },
    "default",
    {
      request: {
        ...(policy === undefined ? {} : { files: withPolicy(policy) }),
        days,
        readAgain: false,
        samples: 5,
      },
      watch: {},
    },
  );
const livedUnder = async (policy: object): Promise<Room> => {
  const room = await openClockedRoom(policy);
  await decided(room, signalsOf(6, 2), 2);
  for (let windows = 0; windows < 3; windows += 1) {
    await room.pass(5.1);
    await release(room);
  }
  return room;
};

const saidAt = (id: string, instant: string, text: string) =>
  incoming(aFeedback({ id, customerId: "c1", at: instant, text }), { clock: "signal" });

describe("a back-test", () => {
  it("of the playbook in force gives what had waited again, at the instants when it was settled", async () => {
    const room = await livedUnder(WINDOW);
    const report = await backtest(room);
    expect(report).toMatchObject({
      signals: 18,
      decisions: { same: 18, identical: 18, changed: 0 },
      releases: { same: 18, changed: 0 },
      replies: { stored: 18, candidate: 18, gained: 0, lost: 0, changed: 0 },
      customersChanged: 0,
    });
    expect((await backtest(room)).hash).toBe(report.hash);
  });

  it("lets what only the candidate defers come when it is due", async () => {
    // Each customer got three replies at once; with a window they come one after the other.
    const room = await livedUnder({});
    const report = await backtest(room, WINDOW);
    expect(report.replies).toMatchObject({ stored: 18, gained: 0, changed: 0 });
    // The newest signal ends the time that is known, so nothing is due before it.
    expect(report.releases).toEqual({ same: 0, changed: 0 });
    expect(report.outcomes).toContainEqual({ from: "replied", to: "deferred", count: 18 });
    const late = incoming(
      aFeedback({ id: "later", customerId: "c9", at: "2026-03-02T10:00:00.000Z", text: "hello" }),
      { clock: "signal" },
    );
    const worker = workersOf(room);
    await worker.start();
    await room.queue.add(batchJobs([late]));
    await until(async () => (await room.store.counts()).decided === 19);
    await worker.stop(5_000);
    const known = await backtest(room, WINDOW);
    expect(known).toMatchObject({
      releases: { same: 0, changed: 18 },
      replies: { stored: 18, candidate: 18, gained: 0, lost: 0, changed: 0 },
      customersAffected: 0,
    });
    // What counts is how each rule ended, not that it waited meanwhile.
    expect(known.outcomes).toEqual([{ from: "replied", to: "replied", count: 18 }]);
  });

  it("remembers what waited when its time begins", async () => {
    const room = await openClockedRoom({
      caps: [{ category: "service", replies: 1, windowHours: 30 }],
      deferral: { maxHours: 100 },
    });
    const signals = [
      saidAt("one", "2026-03-01T10:00:00.000Z", "My parcel is late."),
      saidAt("two", "2026-03-01T11:00:00.000Z", "I thank you."),
      saidAt("three", "2026-03-02T17:00:00.000Z", "hello"),
    ];
    for (const [index, signal] of signals.entries()) {
      const worker = workersOf(room);
      await worker.start();
      await room.queue.add(batchJobs([signal]));
      await until(async () => (await room.store.counts()).decided === index + 1);
      await worker.stop(5_000);
    }
    expect(await inboxOf(room, "c1")).toEqual([
      [1, "words/late", "one", "10:00:00"],
      [2, "words/thanks", "two", "17:00:00"],
    ]);
    // Of the last day only the third signal is told again; the second waits since before.
    const report = await backtest(room, undefined, 1);
    expect(report).toMatchObject({
      signals: 1,
      decisions: { same: 1, identical: 1 },
      replies: { stored: 1, candidate: 1 },
    });
  });
});
