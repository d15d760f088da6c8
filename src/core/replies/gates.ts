/**
 * The gates that one proposal passes on its way to a reply, in order; the first that stops it gives its code and its words.
 * A proposal that has waited passes all of them again: the world, the customer and the playbook may have moved on.
 */
import type { Contact } from "../customer.ts";
import { type Proposal, WAITING_MAX, type WaitingProposal } from "../decision.ts";
import { faultsAsText } from "../fault.ts";
import type { OutcomeCode } from "../outcome.ts";
import { isStillWanted } from "./relevance.ts";
import type { Reply } from "../reply.ts";
import { ruleNamed } from "../rules/rule-named.ts";
import { placeByLot } from "../share.ts";
import { hasConsent, isExempt } from "./arbitration.ts";
import { capReached } from "./caps.ts";
import { compose } from "./compose.ts";
import type { OpenProposal } from "./gather.ts";
import { quietUntil } from "./quiet-hours.ts";
import type { SettleInput } from "./settling.ts";

/** What has come of the proposals before this one. */
export interface Settling {
  readonly input: SettleInput;
  readonly replies: readonly Reply[];
  readonly waiting: readonly WaitingProposal[];
  readonly contacts: readonly Contact[];
}

interface Refused {
  readonly kind: "refused";
  readonly code: OutcomeCode;
  readonly detail: string;
}
interface Waits {
  readonly kind: "waits";
  readonly code: WaitingProposal["code"];
  readonly detail: string;
  readonly dueAt: string;
}

interface Replies {
  readonly kind: "reply";
  readonly reply: Reply;
  /** What failed before its words were found. */
  readonly detail?: string;
}

export type Verdict = Refused | Waits | Replies;

/** Stops a proposal, or lets it pass. */
type Gate = (open: OpenProposal, settling: Settling) => Refused | Waits | undefined;

const refused = (code: OutcomeCode, detail: string): Refused => ({ kind: "refused", code, detail });

const policyOf = ({ input }: Settling) => input.playbook.replies.policy;

/** Waits until then, if it may wait so long; `otherwise` if not. */
const waitUntil = (
  wait: Omit<Waits, "kind" | "dueAt"> & { readonly until: number; readonly otherwise: Refused },
  { expiresAt }: OpenProposal,
  { waiting }: Settling,
): Waits | Refused => {
  const { code, detail, until, otherwise } = wait;
  if (until > Date.parse(expiresAt)) return otherwise;
  if (waiting.length >= WAITING_MAX)
    return refused("expired", `${WAITING_MAX} replies wait for the customer already`);
  const dueAt = new Date(until).toISOString();
  return { kind: "waits", code, detail: `${detail}; waits until ${dueAt}`, dueAt };
};

const expired: Gate = ({ hasWaited, since, expiresAt }, { input }) =>
  hasWaited && input.now > expiresAt
    ? refused("expired", `waited since ${since}, longer than until ${expiresAt}`)
    : undefined;

const unwanted: Gate = ({ hasWaited, proposal }, { input }) => {
  const reason = hasWaited ? isStillWanted(proposal, input) : undefined;
  return reason === undefined ? undefined : refused("expired", reason);
};

const percentOfRule = ({ rule }: Proposal, { playbook }: SettleInput): number =>
  ruleNamed(playbook.rules, rule)?.holdout ?? 0;

const heldOut: Gate = ({ proposal }, settling) => {
  if (isExempt(proposal)) return undefined;
  const { tenant, id } = settling.input.customer;
  const everybody = policyOf(settling).holdout;
  const percent = everybody?.categories.some((category) => category === proposal.category)
    ? everybody.percent
    : 0;
  if (placeByLot("holdout", tenant, id) < percent)
    return refused(
      "held_out",
      `one of ${percent} % of customers who get no ${proposal.category} replies`,
    );
  const ofRule = percentOfRule(proposal, settling.input);
  return ofRule > 0 && placeByLot("holdout", tenant, id, proposal.rule) < ofRule
    ? refused(
        "held_out",
        `one of ${ofRule} % of customers who do not get the reply of ${proposal.rule}`,
      )
    : undefined;
};

const noConsent: Gate = ({ proposal: { category } }, { input }) =>
  hasConsent(input.customer, category)
    ? undefined
    : refused("no_consent", `the customer has not agreed to ${category} replies`);

const saysTheSame = (signalId: string, proposal: Proposal, input: SettleInput): boolean => {
  if (signalId === proposal.signalId) return false;
  const values = JSON.stringify(proposal.values);
  const settled = [...input.proposals, ...input.customer.waiting.map((each) => each.proposal)];
  return settled.some(
    (other) =>
      other.signalId === signalId &&
      other.rule === proposal.rule &&
      JSON.stringify(other.values) === values,
  );
};

/** Says the same: the same rule with the same values, for another signal; or the offer of the same rule, made while this one waited. */
const merged: Gate = ({ proposal, hasWaited, since }, { input, replies, contacts }) => {
  const { rule, category } = proposal;
  if (isExempt(proposal)) return undefined;
  const twin = replies.find(
    (reply) => reply.rule === rule && saysTheSame(reply.signalId, proposal, input),
  );
  if (twin !== undefined)
    return refused("merged", `reply ${twin.seq} to signal ${twin.signalId} says the same`);
  if (!hasWaited || category !== "marketing") return undefined;
  const meanwhile = contacts.find((contact) => contact.rule === rule && contact.at > since);
  return meanwhile === undefined
    ? undefined
    : refused("merged", `the customer got the offer of ${rule} at ${meanwhile.at}`);
};

const quiet: Gate = (open, settling) => {
  const { proposal } = open;
  const { quietHours } = policyOf(settling);
  const { customer, now } = settling.input;
  if (quietHours === undefined || isExempt(proposal)) return undefined;
  if (!quietHours.categories.some((category) => category === proposal.category)) return undefined;
  if (quietHours.urgentFrom !== undefined && proposal.urgency >= quietHours.urgentFrom)
    return undefined;
  const zone = customer.traits.timeZone ?? quietHours.timeZone;
  const until = quietUntil(quietHours, Date.parse(now), zone);
  if (until === Date.parse(now)) return undefined;
  const detail = `quiet hours in ${zone}`;
  const otherwise = refused("expired", `${detail} last longer than the reply may wait`);
  return waitUntil({ code: "quiet_deferred", detail, until, otherwise }, open, settling);
};

/** Within a signal the best has the slot, whether it is sent now or waits. */
const slotTaken: Gate = (open, settling) => {
  const { signalId, rule, slot } = open.proposal;
  const mine = (other: { readonly signalId: string; readonly slot: string }): boolean =>
    other.signalId === signalId && other.slot === slot;
  const winner = settling.replies.find(mine);
  if (winner?.rule === rule)
    return refused("duplicate", `${rule} has already replied in slot "${slot}"`);
  if (winner !== undefined) return refused("lost_to_priority", `${winner.rule} has slot "${slot}"`);
  const keeper = settling.waiting.find(({ proposal }) => mine(proposal))?.proposal;
  if (keeper !== undefined)
    return refused("lost_to_priority", `${keeper.rule} has slot "${slot}" and waits`);
  return undefined;
};

/** With an arbitration window also among the signals that are settled together; the others wait for the next window. */
const windowTaken: Gate = (open, settling) => {
  const { slot } = open.proposal;
  const { windowMinutes, defersCapped } = policyOf(settling);
  if (windowMinutes === 0 || isExempt(open.proposal)) return undefined;
  const other = settling.replies.find((reply) => reply.slot === slot);
  if (other === undefined) return undefined;
  const detail = `${other.rule} (signal ${other.signalId}) has slot "${slot}"`;
  const otherwise = refused("lost_to_priority", detail);
  if (!defersCapped) return otherwise;
  const until = Date.parse(settling.input.now) + windowMinutes * 60_000;
  return waitUntil({ code: "deferred", detail, until, otherwise }, open, settling);
};

const capped: Gate = (open, settling) => {
  const { proposal } = open;
  if (isExempt(proposal)) return undefined;
  const policy = policyOf(settling);
  const { contacts, input } = settling;
  const cap = capReached(policy, proposal, { contacts, now: input.now });
  if (cap === undefined) return undefined;
  const otherwise = refused("capped", cap.detail);
  if (!policy.defersCapped) return otherwise;
  const { detail, freeAt: until } = cap;
  return waitUntil({ code: "deferred", detail, until, otherwise }, open, settling);
};

/** The cap comes after the slot: a proposal that lost its slot did not meet the cap. */
const GATES: readonly Gate[] = [
  expired,
  unwanted,
  heldOut,
  noConsent,
  merged,
  slotTaken,
  quiet,
  windowTaken,
  capped,
];

const replyOf = (
  proposal: Proposal,
  words: Pick<Reply, "locale" | "title" | "body">,
  { input: { customer, now }, replies }: Settling,
): Reply => {
  const { signalId, rule, slot, category, handover } = proposal;
  return {
    tenant: customer.tenant,
    customerId: customer.id,
    seq: customer.lastSeq + replies.length + 1,
    signalId,
    rule,
    slot,
    category,
    ...words,
    ...(handover === undefined ? {} : { handover }),
    at: now,
  };
};

/** What becomes of a proposal after what has come of the better ones. */
export const judge = (open: OpenProposal, settling: Settling): Verdict => {
  for (const gate of GATES) {
    const stopped = gate(open, settling);
    if (stopped !== undefined) return stopped;
  }
  const { customer, playbook } = settling.input;
  const words = compose(open.proposal, customer, playbook.replies);
  if (words.kind === "faulty") return refused("template_fault", faultsAsText(words.faults));
  const { instead, ...composed } = words.value;
  const reply = replyOf(open.proposal, composed, settling);
  if (instead === undefined) return { kind: "reply", reply };
  const source = instead.words === "fallback" ? "words of last resort in" : "in";
  const detail = `${source} ${reply.locale}, because a template failed: ${faultsAsText(instead.faults)}`;
  return { kind: "reply", reply, detail };
};
