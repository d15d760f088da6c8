/**
 * One more stored signal folded into its customer, with the replies that were settled with it.
 * What a text meant is taken from its decision, which keeps all that the fold reads: no analysis runs, and a newer model changes no history.
 */
import type { SentimentLabel, Topic } from "./analysis.ts";
import type { Customer } from "./customer.ts";
import { foldSignal, type TextReading } from "./customers/history.ts";
import type { StoredDecision } from "./ports.ts";
import { rememberContact } from "./replies/contact-policy.ts";

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

/** The customer after one more stored signal and the replies that were settled with it; `lastSeq` stays as it was. */
export const foldStored = (customer: Customer, stored: StoredDecision): Customer => {
  const { signal, now } = stored.accepted;
  const folded = foldSignal(customer, { signal, analysis: readingOf(stored), now });
  const contacts = stored.settlement.replies.reduce(
    (known, { category, rule, at }) => rememberContact(known, { at, category, rule }),
    folded.contacts,
  );
  return { ...folded, contacts };
};
