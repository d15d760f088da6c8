/** What a stored decision and the candidate's have in common. Replies are the same whatever their place in the inbox: an earlier reply more moves all later ones. */
import type { StoredDecision } from "../ports.ts";
import type { Reply } from "../reply.ts";
import type { Replayed, Told } from "./replay.ts";
import { sameJson } from "../same-json.ts";
import { withoutPlace } from "./counts.ts";

/** `identical`: also at the same place in the inbox. */
export type Likeness = "identical" | "same" | "other";

const isSilent = ({ decision, settlement }: Replayed): boolean =>
  decision.proposals.length === 0 &&
  decision.faults.length === 0 &&
  settlement.entries.length === 0 &&
  settlement.replies.length === 0;

export const likeness = (stored: StoredDecision, replayed: Replayed): Likeness => {
  // Most signals lead to nothing on both sides.
  if (isSilent(stored) && isSilent(replayed)) return "identical";
  const { decision, settlement } = replayed;
  if (
    !sameJson(stored.decision.proposals, decision.proposals) ||
    !sameJson(stored.decision.faults, decision.faults)
  )
    return "other";
  if (
    sameJson(stored.settlement.entries, settlement.entries) &&
    sameJson(stored.settlement.replies, settlement.replies)
  )
    return "identical";
  const sameEntries = sameJson(
    stored.settlement.entries.map(withoutPlace),
    settlement.entries.map(withoutPlace),
  );
  const sameReplies = sameJson(
    stored.settlement.replies.map(withoutPlace),
    settlement.replies.map(withoutPlace),
  );
  return sameEntries && sameReplies ? "same" : "other";
};

/** Whether a customer would read something else, or be handed over to somebody else. */
export const isOtherReply = (before: Reply, after: Reply): boolean =>
  before.rule !== after.rule ||
  before.title !== after.title ||
  before.body !== after.body ||
  before.locale !== after.locale ||
  before.category !== after.category ||
  before.handover !== after.handover;

/** Replies to the signal itself: those that had waited belong to others. */
export const ownReplies = ({ decision, settlement }: Replayed): readonly Reply[] =>
  settlement.replies.filter(({ signalId }) => signalId === decision.signalId);

/** Whether the replies to this one signal differ for the customer. */
export const hasOtherReplies = ({ step, replayed }: Told): boolean => {
  const before = ownReplies(step.stored);
  const after = ownReplies(replayed);
  return (
    before.length !== after.length ||
    before.some((reply) => {
      const other = after.find(({ slot }) => slot === reply.slot);
      return other === undefined || isOtherReply(reply, other);
    })
  );
};
