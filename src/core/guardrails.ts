/**
 * Whether a canary does harm: the sides compared, customer by customer, by a test that may be looked at as often as one likes.
 *
 * The lot put each customer on the candidate's side with probability p, whatever the customer does. If both playbooks do alike, then a customer
 * to whom something happens for the first time (a fault, a reply, a complaint) is on the candidate's side with probability p too, each time anew.
 * The likelihood of the sides seen under "f times as often", averaged over ten factors f, divided by that under "alike", is a martingale
 * of mean 1: the chance that it ever reaches L is at most 1 / L (Ville, 1939), however often it is looked at. No denominators, no normal approximation.
 * A guardrail that allows a factor (replies) compares with "as often as allowed" in place of "alike".
 */
import type { CanaryFigures, SideFigures } from "./canary.ts";

/** A canary that changes nothing is ended with at most this probability, from its beginning to its end, all guardrails together. */
export const FALSE_ALARMS_MAX = 0.01;

/** Nothing is concluded before the candidate has decided so many signals. */
export const GUARD_SIGNALS_MIN = 50;

interface Guardrail {
  /** What has gone wrong, said of the candidate's customers. */
  readonly sentence: string;
  readonly count: "faulty" | "answered" | "answeredOften" | "complained";
  readonly direction: "more" | "fewer";
  /** Whether the candidate may differ by the canary's reply factor. */
  readonly isTolerant: boolean;
}

export const GUARDRAILS = {
  errors: {
    sentence: "more customers had a rule, template or signal that failed",
    count: "faulty",
    direction: "more",
    isTolerant: false,
  },
  complaints: {
    sentence: "more customers complained after they had been decided for",
    count: "complained",
    direction: "more",
    isTolerant: false,
  },
  silence: {
    sentence: "far fewer customers got a reply",
    count: "answered",
    direction: "fewer",
    isTolerant: true,
  },
  replies: {
    sentence: "far more customers got a reply",
    count: "answered",
    direction: "more",
    isTolerant: true,
  },
  flood: {
    sentence: "far more customers got three replies or more",
    count: "answeredOften",
    direction: "more",
    isTolerant: true,
  },
} as const satisfies Record<string, Guardrail>;

export type GuardrailName = keyof typeof GUARDRAILS;

/** The likelihood ratio that ends a canary: the false alarms allowed, shared out evenly (Bonferroni). */
export const EVIDENCE_LIMIT = Object.keys(GUARDRAILS).length / FALSE_ALARMS_MAX;

export interface GuardrailReading {
  readonly name: GuardrailName;
  /** Customers, of those with a signal on that side. */
  readonly live: number;
  readonly candidate: number;
  /** How many times likelier the sides are if the candidate does harm than if it does not; a canary ends from `EVIDENCE_LIMIT` on. */
  readonly evidence: number;
  readonly isBreached: boolean;
}

export interface GuardrailVerdict {
  /** False until the candidate has decided `GUARD_SIGNALS_MIN` signals: then nothing is breached. */
  readonly isEnough: boolean;
  readonly readings: readonly GuardrailReading[];
  /** The first that is breached, or null. */
  readonly breach: GuardrailName | null;
}

/** How many times as often, at the odds; ten guesses, because the true one is not known. */
const FACTORS = [1.1, 1.25, 1.5, 2, 3, 5, 10, 30, 100, 1000] as const;

/** What JSON can still say. */
const EVIDENCE_MAX = 1e300;

/** The probability of a side whose share is `share` after its odds were multiplied. */
const shifted = (share: number, factor: number): number =>
  (share * factor) / (share * factor + 1 - share);

/**
 * Evidence that a side on which `own` of `own + other` customers are has more than the share `share` (0..1) of them.
 * ln of an average of likelihood ratios, summed from its largest term, so that thousands of customers do not overflow.
 */
const evidenceOf = (own: number, other: number, share: number): number => {
  const logs = FACTORS.map((factor) => {
    const guess = shifted(share, factor);
    return own * Math.log(guess / share) + other * Math.log((1 - guess) / (1 - share));
  });
  const top = Math.max(...logs);
  const sum = logs.reduce((total, log) => total + Math.exp(log - top), 0);
  return Math.min(EVIDENCE_MAX, Math.exp(top) * (sum / FACTORS.length));
};

interface Settings {
  readonly percent: number;
  readonly replyFactor: number;
}

const readingOf = (
  name: GuardrailName,
  figures: CanaryFigures,
  { percent, replyFactor }: Settings,
): Omit<GuardrailReading, "isBreached"> => {
  const { count, direction, isTolerant }: Guardrail = GUARDRAILS[name];
  const of = (side: SideFigures): number => side[count];
  const [live, candidate] = [of(figures.live), of(figures.candidate)];
  const factor = isTolerant ? replyFactor : 1;
  const share = percent / 100;
  const evidence =
    direction === "more"
      ? evidenceOf(candidate, live, shifted(share, factor))
      : evidenceOf(live, candidate, shifted(1 - share, factor));
  return { name, live, candidate, evidence };
};

/** What the guardrails say of a trial's figures. Pure: the same figures give the same verdict. */
export const judgeCanary = (figures: CanaryFigures, settings: Settings): GuardrailVerdict => {
  const isEnough = figures.candidate.signals >= GUARD_SIGNALS_MIN;
  const readings = (Object.keys(GUARDRAILS) as GuardrailName[]).map((name) => {
    const reading = readingOf(name, figures, settings);
    return { ...reading, isBreached: isEnough && reading.evidence >= EVIDENCE_LIMIT };
  });
  const breach = readings.find(({ isBreached }) => isBreached)?.name ?? null;
  return { isEnough, readings, breach };
};
