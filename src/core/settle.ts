/**
 * The story of one customer's proposals: consent, slot, cap, words; every proposal gets exactly one entry.
 * Proposals are taken best first and a slot goes to the first that passes every gate, so one that fails (no consent, capped, broken template) never keeps a better-behaved one from it.
 */
import type { Contact, Customer } from "./customer.ts";
import type { Proposal, Settlement, SettlementEntry } from "./decision.ts";
import { faultsAsText } from "./fault.ts";
import { byPrecedence, hasConsent, passesCaps } from "./replies/arbitration.ts";
import { compose } from "./replies/compose.ts";
import { capReached, rememberContact } from "./replies/contact-policy.ts";
import type { ReplyKit } from "./replies/reply-kit.ts";
import type { Reply } from "./reply.ts";

export interface SettleInput {
  /** The customer's open proposals, in any order. */
  readonly proposals: readonly Proposal[];
  readonly customer: Customer;
  /** The part of a prepared playbook that settling reads. */
  readonly playbook: { readonly hash: string; readonly replies: ReplyKit };
  /** ISO 8601, UTC. */
  readonly now: string;
}

/** What was settled, and the customer with its new replies counted. */
export interface Settled {
  readonly settlement: Settlement;
  readonly customer: Customer;
}

interface Progress {
  readonly entries: SettlementEntry[];
  readonly replies: Reply[];
  contacts: readonly Contact[];
}

type Verdict =
  | { readonly kind: "reply"; readonly reply: Reply }
  | { readonly kind: "refused"; readonly code: SettlementEntry["code"]; readonly detail: string };

const refused = (code: SettlementEntry["code"], detail: string): Verdict => ({
  kind: "refused",
  code,
  detail,
});

/** The gates, in order. The cap comes after the slot: a proposal that lost its slot did not meet the cap. */
const judge = (proposal: Proposal, progress: Progress, input: SettleInput): Verdict => {
  const { customer, playbook, now } = input;
  const { signalId, rule, slot, category, handover } = proposal;
  if (!hasConsent(customer, category))
    return refused("no_consent", `the customer has not agreed to ${category} replies`);
  const winner = progress.replies.find(
    (reply) => reply.signalId === signalId && reply.slot === slot,
  );
  if (winner?.rule === rule)
    return refused("duplicate", `${rule} has already replied in slot "${slot}"`);
  if (winner !== undefined) return refused("lost_to_priority", `${winner.rule} has slot "${slot}"`);
  const cap = passesCaps(proposal)
    ? undefined
    : capReached(playbook.replies.policy, category, { contacts: progress.contacts, now });
  if (cap !== undefined) return refused("capped", cap);
  const words = compose(proposal, customer, playbook.replies);
  if (words.kind === "faulty") return refused("template_fault", faultsAsText(words.faults));
  const reply: Reply = {
    tenant: customer.tenant,
    customerId: customer.id,
    seq: customer.lastSeq + progress.replies.length + 1,
    signalId,
    rule,
    slot,
    category,
    ...words.value,
    ...(handover === undefined ? {} : { handover }),
    at: now,
  };
  return { kind: "reply", reply };
};

/** Settles a customer's open proposals. Pure; the order of `proposals` does not matter, and entries stand in order of precedence. */
export const settle = (input: SettleInput): Settled => {
  const { proposals, customer, playbook, now } = input;
  const progress: Progress = { entries: [], replies: [], contacts: customer.contacts };
  for (const proposal of proposals.toSorted(byPrecedence)) {
    const { signalId, rule, category } = proposal;
    const verdict = judge(proposal, progress, input);
    if (verdict.kind === "refused") {
      progress.entries.push({ signalId, rule, code: verdict.code, detail: verdict.detail });
      continue;
    }
    progress.entries.push({ signalId, rule, code: "replied", seq: verdict.reply.seq });
    progress.replies.push(verdict.reply);
    progress.contacts = rememberContact(progress.contacts, { at: now, category, rule });
  }
  const { entries, replies, contacts } = progress;
  return {
    settlement: {
      tenant: customer.tenant,
      customerId: customer.id,
      playbook: playbook.hash,
      now,
      entries,
      replies,
    },
    customer: { ...customer, contacts, lastSeq: customer.lastSeq + replies.length },
  };
};
