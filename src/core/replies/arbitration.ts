/**
 * Who goes first and who may go at all, apart from caps and words.
 * The order is total over everything that a proposal says, so the order in which proposals arrive never shows in a result.
 */
import type { Customer, ReplyCategory } from "../customer.ts";
import type { Proposal } from "../decision.ts";

/** `transactional` always; `service` unless the customer refused it; `marketing` only if the customer agreed. */
export const hasConsent = ({ traits }: Customer, category: ReplyCategory): boolean => {
  if (category === "transactional") return true;
  return category === "service"
    ? traits.consent?.service !== false
    : traits.consent?.marketing === true;
};

/**
 * Transactional replies, and service replies that hand over to a person (held back, they would leave somebody without help), never wait: caps, quiet hours,
 * hold-outs and arbitration windows pass them by. They are counted like any other.
 */
export const isExempt = ({ category, handover }: Proposal): boolean =>
  category === "transactional" || (category === "service" && handover !== undefined);

/** By code units, so that no machine's locale changes the order. */
const byText = (left: string, right: string): number => {
  if (left === right) return 0;
  return left < right ? -1 : 1;
};

/** Most urgent first, then highest priority, then by rule name, signal and slot; the rest of the record breaks the last ties. */
export const byPrecedence = (left: Proposal, right: Proposal): number =>
  right.urgency - left.urgency ||
  right.priority - left.priority ||
  byText(left.rule, right.rule) ||
  byText(left.signalId, right.signalId) ||
  byText(left.slot, right.slot) ||
  byText(JSON.stringify(left), JSON.stringify(right));
