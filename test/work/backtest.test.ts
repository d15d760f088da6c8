import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { stranger } from "../../src/core/backtest/replay.ts";
import type { Customer } from "../../src/core/customer.ts";
import type { IncomingSignal, Store } from "../../src/core/ports.ts";
import type { PlaybookFiles } from "../../src/core/playbook.ts";
import type { Reply } from "../../src/core/reply.ts";
import { backtestPlaybook, type BacktestRequest } from "../../src/work/backtest.ts";
import { conclude } from "../../src/work/conclude.ts";
import { decideGroup } from "../../src/work/decide.ts";
import { readFixtures } from "../../src/work/fixtures.ts";
import { openPlaybooks, prepareOrRefuse } from "../../src/work/playbooks.ts";
import { playbookOf } from "../../src/work/publish.ts";
import { aFeedback, incoming } from "../builders.ts";
import { deciderOf, FILES, fresh, HOME, openRoom, type Room, SHIPPED } from "./room.ts";

const DAYS = 3_660;
const TENANT = "default";

let room: Room;

/** Words that only a planted rule looks for, said by so many customers. */
const MARK = "xylophone";
const MARKED = 7;

/** Customers of the fixtures who said something, with all that they did: every sixth. */
const lives = (): readonly IncomingSignal[] => {
  const { signals, feedback } = readFixtures(join(HOME, "fixtures"));
  const speakers = [...new Set(feedback.map(({ customerId }) => customerId))].toSorted();
  const chosen = new Set(speakers.filter((_, index) => index % 6 === 0));
  return signals
    .filter(({ customerId }) => chosen.has(customerId))
    .map((signal) => incoming(signal, { clock: "signal" }));
};

/** Two signals each with the mark, and one each of others without. */
const marked = (): readonly IncomingSignal[] =>
  Array.from({ length: MARKED * 2 }, (_, index) => index).flatMap((index) => {
    const customerId = `marked-${index}`;
    const text = index < MARKED ? `My ${MARK} sounds fine` : "My piano sounds fine";
    return [1, 2].map((day) =>
      incoming(
        aFeedback({ id: fresh("mark"), customerId, text, at: `2026-01-0${day}T10:00:00.000Z` }),
        { clock: "signal" },
      ),
    );
  });

const ALL = [...lives(), ...marked()];

beforeAll(async () => {
  room = await openRoom();
  await room.store.publish(TENANT, SHIPPED);
  for (let from = 0; from < ALL.length; from += 200)
    await decideGroup(deciderOf(room), ALL.slice(from, from + 200));
}, 120_000);
afterAll(() => room.stop());

const backtest = (changes: Partial<BacktestRequest> = {}, store: Store = room.store) =>
  backtestPlaybook({ store, playbooks: openPlaybooks(store, room.log) }, TENANT, {
    request: { days: DAYS, readAgain: false, samples: 10, ...changes },
    watch: {},
  });

const edited = (path: string, edit: (text: string) => string): PlaybookFiles => {
  const before = FILES[path] ?? "";
  const after = edit(before);
  if (after === before) throw new Error(`the edit of ${path} changes nothing`);
  return { ...FILES, [path]: after };
};

interface File {
  rules: { name: string; priority?: number }[];
}

const withFile = (path: string, edit: (file: File) => void): PlaybookFiles =>
  edited(path, (text) => {
    const file = JSON.parse(text) as File;
    edit(file);
    return JSON.stringify(file);
  });

/** A rule for the mark, with a slot of its own. */
const PLANTED: PlaybookFiles = {
  ...FILES,
  "rules/planted.json": JSON.stringify({
    id: "planted",
    description: "Planted.",
    owner: "Test",
    rules: [
      {
        name: "mark",
        description: "Who says the mark.",
        conditions: { all: [{ fact: "feedback.text", operator: "containsText", value: MARK }] },
        event: {
          type: "reply",
          params: { template: "praise", slot: "planted", category: "service" },
        },
      },
    ],
  }),
};

const CANDIDATES: readonly (readonly [string, PlaybookFiles])[] = [
  [
    "another priority",
    withFile("rules/relations.json", ({ rules }) => {
      for (const rule of rules) rule.priority = 99;
    }),
  ],
  [
    "a cap of one a week",
    edited("rules/contact-policy.json", (text) =>
      JSON.stringify({
        ...(JSON.parse(text) as object),
        caps: [{ category: "service", replies: 1, windowHours: 168 }],
      }),
    ),
  ],
  [
    "other words in one language",
    edited("rules/templates/late-delivery.en.liquid", (text) => `${text}\nWe mean it.`),
  ],
  [
    "another threshold",
    edited("rules/delivery.json", (text) => text.replace('"value": -0.1', '"value": -0.9')),
  ],
  ["a rule more", PLANTED],
];

/** What every customer gets, by signal and slot, when the candidate decides what counts after `from` and the shipped playbook what came before. */
const lived = (files: PlaybookFiles, from = ""): ReadonlyMap<string, Reply> => {
  const candidate = prepareOrRefuse(playbookOf(files));
  const before = prepareOrRefuse(SHIPPED);
  const customers = new Map<string, Customer>();
  const replies = new Map<string, Reply>();
  for (const { tenant, signal } of ALL) {
    const known = customers.get(signal.customerId) ?? stranger(tenant, signal.customerId);
    const playbook = signal.at > from ? candidate : before;
    const { decided, customer } = conclude({ tenant, signal, now: signal.at }, known, playbook);
    customers.set(signal.customerId, customer);
    for (const reply of decided.settlement.replies)
      if (signal.at > from) replies.set(`${reply.signalId} ${reply.slot}`, reply);
  }
  return replies;
};

const wordsOf = ({ rule, locale, title, body, handover }: Reply): string =>
  JSON.stringify([rule, locale, title, body, handover]);

/** What a back-test must find, found by living twice. */
const difference = (files: PlaybookFiles, from = "") => {
  const stored = lived(FILES, from);
  const candidate = lived(files, from);
  const found = { stored: stored.size, candidate: candidate.size, gained: 0, lost: 0, changed: 0 };
  const affected = new Set<string>();
  for (const key of new Set([...stored.keys(), ...candidate.keys()])) {
    const [old, young] = [stored.get(key), candidate.get(key)];
    const customer = (old ?? young)?.customerId ?? "";
    if (old !== undefined && young !== undefined && wordsOf(old) === wordsOf(young)) continue;
    affected.add(customer);
    found[old === undefined ? "gained" : young === undefined ? "lost" : "changed"] += 1;
  }
  return { replies: found, customersAffected: affected.size };
};

describe("the live playbook back-tested", () => {
  it("gives every stored decision again, with the same hash on every run", async () => {
    const report = await backtest();
    const { decided, replies } = await room.store.counts();
    expect(report).toMatchObject({
      candidate: SHIPPED.hash,
      way: "stored",
      warnings: [],
      signals: decided,
      playbooks: { [SHIPPED.hash]: decided },
      decisions: { same: decided, identical: decided, changed: 0 },
      replies: { stored: replies, candidate: replies, gained: 0, lost: 0, changed: 0 },
      customersAffected: 0,
      customersChanged: 0,
      customersIncomplete: 0,
      samples: [],
    });
    expect(replies).toBeGreaterThan(100);
    expect(report.outcomes.every(({ from, to }) => from === to)).toBe(true);
    expect(await backtest()).toEqual(report);
    expect(await backtest({ files: FILES })).toEqual(report);
  });

  it("gives them again with every text read and every customer described again", async () => {
    const { digest, decisions, signals } = await backtest({ readAgain: true });
    expect(decisions).toEqual({ same: signals, identical: signals, changed: 0 });
    expect(digest).toBe((await backtest()).digest);
  });

  it("gives a part of them again: what came before the window is as it was", async () => {
    const { signals, decisions, from, to, customersIncomplete } = await backtest({ days: 60 });
    expect(decisions).toEqual({ same: signals, identical: signals, changed: 0 });
    expect(signals).toBe(ALL.filter(({ signal }) => signal.at > from).length);
    expect(signals).toBeLessThan(ALL.length);
    expect(Date.parse(to) - Date.parse(from)).toBe(60 * 86_400_000);
    expect(customersIncomplete).toBe(0);
    const again = await backtest({ days: 60, readAgain: true });
    expect(again.decisions.identical).toBe(signals);
  });
});

describe("a planted change", () => {
  it("that affects exactly so many customers is reported as exactly so many", async () => {
    const report = await backtest({ files: PLANTED });
    expect(report).toMatchObject({
      customersAffected: MARKED,
      customersChanged: MARKED,
      decisions: { changed: MARKED * 2 },
      byRule: { "planted/mark": { stored: 0, lost: 0, changed: 0 } },
    });
    expect(report.outcomes).toContainEqual({
      from: "no_rule",
      to: "replied",
      count: report.replies.gained,
    });
    expect(report.samples.map(({ customer }) => customer)).toEqual(
      Array.from({ length: MARKED }, (_, index) => `marked-${index}`),
    );
    const [reason] = report.samples[0]?.signals[0]?.reasons ?? [];
    expect(reason).toEqual({ rule: "planted/mark", before: null, after: { code: "replied" } });
  });

  it.each(CANDIDATES)("%s is counted as if the customers had lived twice", async (_name, files) => {
    const report = await backtest({ files });
    const truth = difference(files);
    expect(report).toMatchObject({ way: "stored", ...truth });
    expect(report.customersAffected).toBeGreaterThan(0);
    for (const groups of [report.byRule, report.bySegment, report.byLanguage, report.byDay]) {
      const tallies = Object.values(groups);
      const sum = (name: "stored" | "candidate"): number =>
        tallies.reduce((total, tally) => total + tally[name], 0);
      expect(sum("stored")).toBe(report.replies.stored);
      expect(sum("candidate")).toBe(report.replies.candidate);
      for (const { stored, candidate, gained, lost } of tallies)
        expect(stored - lost + gained).toBe(candidate);
    }
    expect((await backtest({ files, readAgain: true })).digest).toBe(report.digest);
  });

  it("within a window leaves alone what customers were sent before it", async () => {
    for (const [, files] of CANDIDATES) {
      const report = await backtest({ files, days: 90 });
      expect(report).toMatchObject(difference(files, report.from));
    }
  });
});

describe("what is told beside the figures", () => {
  it("explains samples on both sides, affected customers first, and as many as asked for", async () => {
    const [, files] = CANDIDATES[1] ?? ["", FILES];
    const report = await backtest({ files, samples: 2 });
    expect(report.samples).toHaveLength(2);
    const signals = report.samples.flatMap((sample) => sample.signals);
    const replies = signals.flatMap((signal) => signal.replies);
    expect(replies.length).toBeGreaterThan(0);
    const reasons = signals.flatMap((signal) => signal.reasons);
    expect(reasons).toContainEqual({
      rule: expect.any(String) as string,
      before: { code: "replied" },
      after: {
        code: "capped",
        detail: "at most 1 service replies in 168 hours; the customer has had 1",
      },
    });
    expect((await backtest({ files, samples: 0 })).samples).toEqual([]);
  });

  it("reads texts again where models differ, and says so", async () => {
    const files = edited("models/lexicon.en.json", (text) => `${text}\n`);
    const report = await backtest({ files });
    expect(report).toMatchObject({ way: "again", customersAffected: 0 });
    expect(report.warnings).toEqual([
      "not the same as in force: models/lexicon.en.json; so texts were read and customers described again",
    ]);
  });

  it("takes a folder of rules alone with the models in force", async () => {
    const rules = Object.fromEntries(
      Object.entries(PLANTED).filter(([path]) => path.startsWith("rules/")),
    );
    const whole = await backtest({ files: PLANTED });
    expect(await backtest({ files: rules })).toEqual(whole);
  });

  it("says whose facts came from other models, and explains what it can where a playbook is gone", async () => {
    const other = playbookOf(edited("models/lexicon.en.json", (text) => `${text}\n`));
    const store: Store = {
      ...room.store,
      livePlaybook: async () => other,
      livePlaybookHash: async () => other.hash,
      playbook: async (hash) => (hash === other.hash ? other : undefined),
    };
    const files = {
      ...PLANTED,
      "models/lexicon.en.json": other.files["models/lexicon.en.json"] ?? "",
    };
    const report = await backtest({ files }, store);
    expect(report).toMatchObject({ way: "stored", customersAffected: MARKED });
    expect(report.warnings).toEqual([
      `${ALL.length} signals were decided with other models, lexicons or corrections (playbook ${SHIPPED.hash.slice(0, 12)}) and are judged on the facts found then; --read-again finds them anew`,
    ]);
    expect(report.samples[0]?.signals[0]?.reasons).toEqual([
      { rule: "planted/mark", before: null, after: { code: "replied" } },
    ]);
  });

  it("counts customers whose past is not whole", async () => {
    const store: Store = {
      ...room.store,
      history: async function* (...asked) {
        for await (const stored of room.store.history(...asked))
          if (stored.decision.customerId !== "marked-1" || stored.decision.customerVersion > 1)
            yield stored;
      },
    };
    const report = await backtest({}, store);
    expect(report.customersIncomplete).toBe(1);
    expect(report.warnings).toEqual([
      "of 1 customers earlier signals are not stored: caps may count too little",
    ]);
  });
});

describe("a back-test that cannot be", () => {
  it("is refused with every fault of the candidate", async () => {
    const files = { ...FILES, "rules/broken.json": "{", "rules/other.json": "[]" };
    await expect(backtest({ files })).rejects.toMatchObject({ code: "PLAYBOOK_INVALID" });
  });

  it("needs decided signals, and a playbook", async () => {
    const empty: Store = { ...room.store, decidedWithin: async () => undefined };
    await expect(backtest({}, empty)).rejects.toMatchObject({ code: "NOT_FOUND" });
    const none: Store = { ...room.store, livePlaybook: async () => undefined };
    await expect(backtest({}, none)).rejects.toMatchObject({ code: "NO_PLAYBOOK" });
    expect(await room.store.decidedWithin("nobody", 30)).toBeUndefined();
  });

  it("tells how far it is, and ends when nobody waits any more", async () => {
    const said: number[] = [];
    const stop = new AbortController();
    const asked = backtestPlaybook(
      { store: room.store, playbooks: openPlaybooks(room.store, room.log) },
      TENANT,
      {
        request: { days: DAYS, readAgain: false, samples: 0 },
        watch: {
          stop: stop.signal,
          onProgress: (stage, done, total) => {
            said.push(done);
            expect([stage, total]).toEqual(["back-test", ALL.length]);
            stop.abort();
          },
        },
      },
    );
    await expect(asked).rejects.toMatchObject({ code: "INTERRUPTED" });
    expect(said).toEqual([500]);
  });
});
