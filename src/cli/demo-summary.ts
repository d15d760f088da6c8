/**
 * What came of a whole run, folded from its decisions one by one: counts, the plainest sample for every rule and language, and a hash over
 * everything that was decided, so that two runs can be compared. Times are no part of it.
 */
import { createHash } from "node:crypto";
import type { Decision } from "../core/decision.ts";
import type { Explanation } from "../core/explanation.ts";
import type { OutcomeCode } from "../core/outcome.ts";
import type { StoredDecision } from "../core/ports.ts";
import type { Reply } from "../core/reply.ts";
import type { Signal } from "../core/signal.ts";

/** One reply with the signal that it answers. */
export interface Sample {
  readonly rule: string;
  /** `en`, `zh`. */
  readonly language: string;
  readonly signal: Signal;
  readonly reply: Reply;
}

/** Signals of one kind by what became of them. */
export type Fates = Readonly<Partial<Record<OutcomeCode, number>>>;

export interface DemoSummary {
  readonly decided: number;
  readonly replies: number;
  readonly customers: number;
  readonly repliesByRule: Readonly<Record<string, number>>;
  readonly repliesByLanguage: Readonly<Record<string, number>>;
  /** `replied`, or the reason why a signal has no reply. */
  readonly feedback: Fates;
  readonly events: Fates;
  /** Rule name, then language. */
  readonly samples: readonly Sample[];
  /** SHA-256 over every decision and settlement in (customer, version) order. */
  readonly hash: string;
}

export interface SummaryFold {
  add(stored: StoredDecision): void;
  result(): DemoSummary;
}

/** What became of a signal: a reply, else why the first proposal did not become one, else that no rule matched. */
const fateOf = ({ decision, settlement }: StoredDecision): OutcomeCode => {
  const entries = settlement.entries.filter((entry) => entry.signalId === decision.signalId);
  if (entries.some((entry) => entry.code === "replied")) return "replied";
  return entries[0]?.code ?? decision.faults[0]?.code ?? "not_matched";
};

const languageOf = (reply: Reply): string => reply.locale.split(/[-_]/u)[0] ?? reply.locale;

/** How strongly the text felt: the plainest feedback makes the plainest sample. 0 for an event. */
const strengthOf = ({ facts }: Decision): number => {
  const sentiment = facts["feedback.sentiment"];
  return typeof sentiment === "number" ? Math.abs(sentiment) : 0;
};

const increase = (counts: Record<string, number>, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};

const inOrder = (counts: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(counts).toSorted(([left], [right]) => (left < right ? -1 : 1)));

/** Begins a summary. */
export const foldSummary = (): SummaryFold => {
  const hash = createHash("sha256");
  const customers = new Set<string>();
  const byRule: Record<string, number> = {};
  const byLanguage: Record<string, number> = {};
  const fates = { feedback: {}, event: {} } satisfies Record<
    Signal["kind"],
    Record<string, number>
  >;
  const samples = new Map<string, Sample & { readonly strength: number }>();
  let decided = 0;
  let replies = 0;
  const addReply = (reply: Reply, { accepted: { signal }, decision }: StoredDecision): void => {
    const language = languageOf(reply);
    replies += 1;
    increase(byRule, reply.rule);
    increase(byLanguage, language);
    const key = `${reply.rule} ${language}`;
    const strength = strengthOf(decision);
    if (strength > (samples.get(key)?.strength ?? -1))
      samples.set(key, { rule: reply.rule, language, signal, reply, strength });
  };
  return {
    add: (stored) => {
      const { accepted, decision, settlement } = stored;
      decided += 1;
      customers.add(decision.customerId);
      increase(fates[accepted.signal.kind], fateOf(stored));
      for (const reply of settlement.replies) addReply(reply, stored);
      hash.update(JSON.stringify([decision, settlement]));
    },
    result: () => ({
      decided,
      replies,
      customers: customers.size,
      repliesByRule: inOrder(byRule),
      repliesByLanguage: inOrder(byLanguage),
      feedback: inOrder(fates.feedback),
      events: inOrder(fates.event),
      samples: [...samples.entries()]
        .toSorted(([left], [right]) => (left < right ? -1 : 1))
        .map(([, { rule, language, signal, reply }]) => ({ rule, language, signal, reply })),
      hash: hash.copy().digest("hex"),
    }),
  };
};

/** A sample with why it was sent. */
export interface ExplainedSample extends Sample {
  readonly explanation: Explanation;
}
