/**
 * One more stored signal folded into its customer, with the replies that were settled with it.
 * What a text meant is taken from its decision, which keeps all that the fold reads: no analysis runs, and a newer model changes no history.
 */
import type { SentimentLabel, Topic } from "./analysis.ts";
import type { Customer } from "./customer.ts";
import { foldSignal, type TextReading } from "./customers/history.ts";
import type { LaterOutcome, StoredDecision } from "./ports.ts";
import { rememberContact } from "./replies/caps.ts";
import type { Reply } from "./reply.ts";

/** What the fold read of a feedback's analysis, as its decision keeps it; null for an event. */
const readingOf = ({ accepted, decision }: StoredDecision): TextReading | null => {
  const label = decision.facts["feedback.sentimentLabel"];
  const score = decision.facts["feedback.sentiment"];
  const topic = decision.facts["feedback.topic"];
  if (accepted.signal.kind === "event" || typeof label !== "string" || typeof score !== "number")
    return null;
  return {
    sentiment: { label: label as SentimentLabel, score },
    topics: typeof topic === "string" ? [{ label: topic as Topic }] : [],
  };
};

/** The customer after one more stored signal and the replies that were settled with it; `lastSeq` and what waits stay as they were. */
export const foldStored = (customer: Customer, stored: StoredDecision): Customer => {
  const { signal, now } = stored.accepted;
  const folded = foldSignal(customer, { signal, analysis: readingOf(stored), now });
  return withReplies(folded, stored.settlement.replies);
};

/** The customer with replies counted. */
export const withReplies = (customer: Customer, replies: readonly Reply[]): Customer => ({
  ...customer,
  contacts: replies.reduce(
    (known, { category, rule, slot, at }) => rememberContact(known, { at, category, rule, slot }),
    customer.contacts,
  ),
});

/** What was settled by itself, because it was due: each belongs after the signal of its customer's version then. */
export const releasedAlone = (stored: StoredDecision): readonly LaterOutcome[] =>
  (stored.later ?? []).filter(({ settledBy }) => settledBy === null);
