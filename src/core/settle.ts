/**
 * The story of one customer's proposals: those of a signal, and those that have waited until now. Every proposal gets exactly one entry.
 * Proposals are taken best first and a slot goes to the first that passes every gate, so one that fails (no consent, capped, broken template) never keeps a
 * better-behaved one from it. One that waits keeps its slot.
 */
import type { Contact, Customer } from "./customer.ts";
import type { Settlement, SettlementEntry, WaitingProposal } from "./decision.ts";
import { byPrecedence } from "./replies/arbitration.ts";
import { rememberContact } from "./replies/caps.ts";
import { gather, type OpenProposal } from "./replies/gather.ts";
import { judge, type Settling } from "./replies/gates.ts";
import type { SettleInput } from "./replies/settling.ts";
import type { Reply } from "./reply.ts";

export type { SettleInput } from "./replies/settling.ts";

/** What was settled, and the customer with its new replies counted and what waits now. */
export interface Settled {
  readonly settlement: Settlement;
  readonly customer: Customer;
}

interface Progress extends Settling {
  readonly entries: SettlementEntry[];
  readonly replies: Reply[];
  readonly waiting: WaitingProposal[];
  contacts: readonly Contact[];
}

const settleOne = (open: OpenProposal, progress: Progress): void => {
  const { signalId, rule, category, slot } = open.proposal;
  const verdict = judge(open, progress);
  if (verdict.kind === "refused") {
    progress.entries.push({ signalId, rule, code: verdict.code, detail: verdict.detail });
    return;
  }
  if (verdict.kind === "waits") {
    const { code, detail, dueAt } = verdict;
    progress.entries.push({ signalId, rule, code, detail, dueAt });
    progress.waiting.push({
      proposal: open.proposal,
      code,
      since: open.since,
      dueAt,
      expiresAt: open.expiresAt,
      ...(open.replayed ? { replayed: true } : {}),
    });
    return;
  }
  const { reply, detail } = verdict;
  const told = detail === undefined ? {} : { detail };
  progress.entries.push({ signalId, rule, code: "replied", ...told, seq: reply.seq });
  progress.replies.push(reply);
  progress.contacts = rememberContact(progress.contacts, { at: reply.at, category, rule, slot });
};

/** Settles a customer's open proposals. Pure; the order of `proposals` does not matter, and entries stand in order of precedence, those that are only gathered last. */
export const settle = (input: SettleInput): Settled => {
  const { customer, playbook, now } = input;
  const { open, waiting, gathered } = gather(input);
  const progress: Progress = {
    input,
    entries: [],
    replies: [],
    waiting: [...waiting],
    contacts: customer.contacts,
  };
  for (const one of open.toSorted((left, right) => byPrecedence(left.proposal, right.proposal)))
    settleOne(one, progress);
  progress.entries.push(...gathered);
  const { entries, replies, contacts } = progress;
  const nothingWaits = progress.waiting.length === 0 && customer.waiting.length === 0;
  return {
    settlement: {
      tenant: customer.tenant,
      customerId: customer.id,
      playbook: playbook.hash,
      now,
      entries,
      replies,
    },
    customer: {
      ...customer,
      contacts,
      lastSeq: customer.lastSeq + replies.length,
      // The same list where nothing changed tells the store that there is nothing to write.
      waiting: nothingWaits ? customer.waiting : progress.waiting,
    },
  };
};
