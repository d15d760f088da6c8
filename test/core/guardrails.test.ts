/** The guardrails of a canary: what they find, and how often they are wrong. Trials are played with a seeded die, looked at again and again. */
import { describe, expect, it } from "vitest";
import type { CanaryFigures, SideFigures } from "../../src/core/canary.ts";
import {
  EVIDENCE_LIMIT,
  FALSE_ALARMS_MAX,
  GUARD_SIGNALS_MIN,
  type GuardrailName,
  judgeCanary,
} from "../../src/core/guardrails.ts";
import { randomFrom } from "../../src/core/models/random.ts";

const side = (changes: Partial<SideFigures> = {}): SideFigures => ({
  customers: 1000,
  signals: 1000,
  replies: 0,
  faulty: 0,
  answered: 0,
  answeredOften: 0,
  complained: 0,
  ...changes,
});

const SETTINGS = { percent: 10, replyFactor: 2 };

const judge = (live: Partial<SideFigures>, candidate: Partial<SideFigures>, settings = SETTINGS) =>
  judgeCanary({ live: side(live), candidate: side({ signals: 100, ...candidate }) }, settings);

describe("the guardrails", () => {
  it("say nothing where nothing happened", () => {
    const verdict = judge({}, {});
    expect(verdict).toMatchObject({ isEnough: true, breach: null });
    for (const { evidence } of verdict.readings) expect(evidence).toBeCloseTo(1, 12);
  });

  it.each<[GuardrailName, Partial<SideFigures>, Partial<SideFigures>]>([
    ["errors", {}, { faulty: 4 }],
    ["complaints", { complained: 45 }, { complained: 30 }],
    ["silence", { answered: 300 }, {}],
    ["replies", { answered: 90 }, { answered: 80 }],
    ["flood", { answeredOften: 10 }, { answeredOften: 20 }],
  ])("find %s", (name, live, candidate) => {
    expect(judge(live, candidate).breach).toBe(name);
  });

  it.each<[string, Partial<SideFigures>, Partial<SideFigures>]>([
    ["as many faults as the lot lets expect", { faulty: 90 }, { faulty: 10 }],
    ["fewer faults and complaints", { faulty: 500, complained: 500 }, {}],
    ["twice as many replies, which is allowed", { answered: 900 }, { answered: 200 }],
    ["half as many replies, which is allowed", { answered: 900 }, { answered: 50 }],
    ["three faults, which may be chance", {}, { faulty: 3 }],
  ])("let pass %s", (_name, live, candidate) => {
    expect(judge(live, candidate).breach).toBeNull();
  });

  it("conclude nothing from too few signals, and say so", () => {
    const few = judge({}, { faulty: 40, signals: GUARD_SIGNALS_MIN - 1 });
    expect(few).toMatchObject({ isEnough: false, breach: null });
    expect(few.readings[0]?.evidence).toBeGreaterThan(EVIDENCE_LIMIT);
    expect(judge({}, { faulty: 40, signals: GUARD_SIGNALS_MIN }).breach).toBe("errors");
  });

  it("take a greater reply factor as given", () => {
    const [live, candidate] = [{ answered: 90 }, { answered: 80 }];
    expect(judge(live, candidate, { percent: 10, replyFactor: 20 }).breach).toBeNull();
    expect(judge({ answered: 300 }, {}, { percent: 10, replyFactor: 100 }).breach).toBeNull();
  });

  it("stay numbers for a million customers", () => {
    const { readings } = judge({ faulty: 900_000 }, { faulty: 1_000_000, answered: 1_000_000 });
    for (const { evidence } of readings) expect(Number.isFinite(evidence)).toBe(true);
  });
});

interface World {
  readonly percent: number;
  readonly replyFactor: number;
  /** Signals in all, each of one of `customers`, and how often somebody looks. */
  readonly signals: number;
  readonly customers: number;
  readonly lookEvery: number;
  /** Probabilities a signal: live, candidate. */
  readonly fault: readonly [number, number];
  readonly reply: readonly [number, number];
  readonly complaint: readonly [number, number];
  /** Share of the customers whom the rules mean at all. */
  readonly meant: readonly [number, number];
}

const SOUND: World = {
  percent: 10,
  replyFactor: 2,
  signals: 4000,
  customers: 600,
  lookEvery: 25,
  fault: [0.01, 0.01],
  reply: [0.4, 0.4],
  complaint: [0.15, 0.15],
  meant: [1, 1],
};

interface Life {
  readonly isCandidate: boolean;
  /** Some customers complain more than others: signals of one customer are alike. */
  readonly mood: number;
  readonly isMeant: boolean;
  signals: number;
  replies: number;
  faults: number;
  complaints: number;
}

const figuresOf = (lives: readonly Life[]): SideFigures => {
  const seen = lives.filter(({ signals }) => signals > 0);
  const count = (holds: (life: Life) => boolean): number => seen.filter(holds).length;
  return {
    customers: seen.length,
    signals: seen.reduce((sum, { signals }) => sum + signals, 0),
    replies: seen.reduce((sum, { replies }) => sum + replies, 0),
    faulty: count(({ faults }) => faults > 0),
    answered: count(({ replies }) => replies > 0),
    answeredOften: count(({ replies }) => replies >= 3),
    complained: count(({ complaints }) => complaints > 0),
  };
};

/** Signals until the canary was ended, and by what; null where it was not. */
const play = (world: World, seed: number): { name: GuardrailName; signals: number } | null => {
  const random = randomFrom(seed);
  const lives: readonly Life[] = Array.from({ length: world.customers }, () => {
    const isCandidate = random() < world.percent / 100;
    return {
      isCandidate,
      mood: random() * 2,
      isMeant: random() < world.meant[isCandidate ? 1 : 0],
      signals: 0,
      replies: 0,
      faults: 0,
      complaints: 0,
    };
  });
  for (let at = 1; at <= world.signals; at += 1) {
    const life = lives[Math.floor(random() * lives.length)] as Life;
    const of = ([live, candidate]: readonly [number, number]) =>
      life.isCandidate ? candidate : live;
    if (random() < of(world.fault)) life.faults += 1;
    if (life.isMeant && random() < of(world.reply)) life.replies += 1;
    if (life.signals > 0 && random() < of(world.complaint) * life.mood) life.complaints += 1;
    life.signals += 1;
    if (at % world.lookEvery > 0) continue;
    const figures: CanaryFigures = {
      live: figuresOf(lives.filter(({ isCandidate }) => !isCandidate)),
      candidate: figuresOf(lives.filter(({ isCandidate }) => isCandidate)),
    };
    const { breach } = judgeCanary(figures, world);
    if (breach !== null) return { name: breach, signals: at };
  }
  return null;
};

const playMany = (world: World, seeds: number) =>
  Array.from({ length: seeds }, (_, seed) => play(world, seed + 1));

const SEEDS = Number(process.env["ATTUNE_CANARY_SEEDS"] ?? 200);

describe("over many trials, looked at 160 times each,", () => {
  it.each<[string, Partial<World>]>([
    ["that change nothing", {}],
    ["with half of the customers", { percent: 50 }],
    ["with 1 % of the customers", { percent: 1, customers: 2000 }],
    ["with faults everywhere", { fault: [0.2, 0.2], complaint: [0.4, 0.4] }],
    ["that allow no other reply rate", { replyFactor: 1 }],
    ["that answer twice as many, as allowed", { meant: [0.2, 0.4] }],
  ])("sound candidates %s are seldom ended", { timeout: 120_000 }, (_name, changes) => {
    const alarms = playMany({ ...SOUND, ...changes }, SEEDS).filter((end) => end !== null);
    if (process.env["ATTUNE_CANARY_SEEDS"] !== undefined)
      process.stdout.write(`${_name}: ${alarms.length} of ${SEEDS}\n`);
    // What the limit promises, and four standard errors of the count for chance.
    const allowed = SEEDS * FALSE_ALARMS_MAX;
    expect(alarms.length).toBeLessThanOrEqual(allowed + 4 * Math.sqrt(allowed));
  });

  it.each<[string, Partial<World>, { names: readonly GuardrailName[]; within: number }]>([
    [
      "a template that fails in 20 % of the cases",
      { fault: [0, 0.2] },
      { names: ["errors"], within: 600 },
    ],
    [
      "a rule that answers everything",
      { reply: [0.1, 1] },
      { names: ["replies", "flood"], within: 1000 },
    ],
    ["a rule file that answers nothing", { reply: [0.4, 0] }, { names: ["silence"], within: 1000 }],
    [
      "words that make people angry",
      { complaint: [0.1, 0.8] },
      { names: ["complaints"], within: 2500 },
    ],
  ])("%s ends them", { timeout: 120_000 }, (_name, changes, { names, within }) => {
    const ends = playMany({ ...SOUND, fault: [0, 0], ...changes }, 100);
    const found = ends.flatMap((end) => (end === null ? [] : [end]));
    const inTime = found.map(({ signals }) => signals).toSorted((left, right) => left - right);
    if (process.env["ATTUNE_CANARY_SEEDS"] !== undefined)
      process.stdout.write(`${_name}: ${found.length} of 100, median ${inTime[49]}\n`);
    expect(found.length).toBeGreaterThanOrEqual(99);
    expect(found.filter(({ name }) => names.includes(name)).length).toBeGreaterThanOrEqual(97);
    expect(inTime[49]).toBeLessThanOrEqual(within);
  });
});
