/**
 * Which proposals are settled now, and which are gathered first: with an arbitration window, those of several signals of a customer are compared at its end.
 * The window is as long counted from the earliest signal in it, whichever came first, so that the order of arrival within it does not show.
 */
import type { Proposal, SettlementEntry, WaitingProposal } from "../decision.ts";
import { WAITING_MAX } from "../decision.ts";
import { byPrecedence, isExempt } from "./arbitration.ts";
import type { SettleInput } from "./settling.ts";

/** A proposal that is settled now. */
export interface OpenProposal {
  readonly proposal: Proposal;
  /** `now` of the signal that made it. */
  readonly since: string;
  readonly expiresAt: string;
  readonly hasWaited: boolean;
  readonly replayed: boolean;
}

interface Gathered {
  readonly open: readonly OpenProposal[];
  /** What goes on waiting. */
  readonly waiting: readonly WaitingProposal[];
  /** Entries of the signal's proposals that only began to wait. */
  readonly gathered: readonly SettlementEntry[];
}

const MINUTE_MS = 60_000;
const GATHERED = "gathered with the customer's other signals";

const later = (instant: string, ms: number): string =>
  new Date(Date.parse(instant) + ms).toISOString();

const openOf = (proposal: Proposal, { now, playbook, replayed }: SettleInput): OpenProposal => ({
  proposal,
  since: now,
  expiresAt: later(now, playbook.replies.policy.maxWaitHours * 60 * MINUTE_MS),
  hasWaited: false,
  replayed: replayed === true,
});

const reopened = ({ proposal, since, expiresAt, replayed }: WaitingProposal): OpenProposal => ({
  proposal,
  since,
  expiresAt,
  hasWaited: true,
  replayed: replayed === true,
});

/** One that must not wait settles its slot of the signal at once, so the others that want that slot are compared with it now. */
const settlesNow = (proposals: readonly Proposal[]): ((proposal: Proposal) => boolean) => {
  const urgent = new Set(proposals.filter(isExempt).map(({ slot }) => slot));
  return ({ slot }) => urgent.has(slot);
};

/** The end of the window of what is gathered: so long after the earliest of it. */
const windowEnd = (
  gathered: readonly Pick<WaitingProposal, "since">[],
  now: string,
  windowMs: number,
): string => {
  let earliest = now;
  for (const { since } of gathered) if (since < earliest) earliest = since;
  return later(earliest, windowMs);
};

const entryOf = ({ signalId, rule }: Proposal, dueAt: string): SettlementEntry => ({
  signalId,
  rule,
  code: "deferred",
  detail: `${GATHERED} until ${dueAt}`,
  dueAt,
});

/** Whether an entry only says that its proposal waits for the end of an arbitration window. */
export const isGathered = ({ code, detail = "" }: SettlementEntry): boolean =>
  code === "deferred" && detail.startsWith(GATHERED);

const tooMany = ({ signalId, rule }: Proposal): SettlementEntry => ({
  signalId,
  rule,
  code: "expired",
  detail: `${WAITING_MAX} replies wait for the customer already`,
});

/** Divides a customer's proposals into those that are settled now and those that wait (on). */
export const gather = (input: SettleInput): Gathered => {
  const { proposals, customer, playbook, now } = input;
  const windowMs = playbook.replies.policy.windowMinutes * MINUTE_MS;
  const due = customer.waiting.filter(({ dueAt }) => dueAt <= now);
  const rest = customer.waiting.filter(({ dueAt }) => dueAt > now);
  const atOnce = windowMs > 0 ? settlesNow(proposals) : () => true;
  const open = [
    ...due.map(reopened),
    ...proposals.filter(atOnce).map((proposal) => openOf(proposal, input)),
  ];
  const fresh = proposals.filter((proposal) => !atOnce(proposal)).toSorted(byPrecedence);
  if (fresh.length === 0) return { open, waiting: rest, gathered: [] };
  const before = rest.filter(({ gathered }) => gathered === true);
  const dueAt = windowEnd(before, now, windowMs);
  const room = Math.max(0, WAITING_MAX - rest.length);
  const added = fresh.slice(0, room).map((proposal): WaitingProposal => {
    const { since, expiresAt, replayed } = openOf(proposal, input);
    const waits = { proposal, code: "deferred", since, dueAt, expiresAt, gathered: true } as const;
    return replayed ? { ...waits, replayed: true } : waits;
  });
  return {
    open,
    waiting: [
      ...rest.map((each) => (each.gathered === true ? { ...each, dueAt } : each)),
      ...added,
    ],
    gathered: [
      ...added.map(({ proposal }) => entryOf(proposal, dueAt)),
      ...fresh.slice(room).map(tooMany),
    ],
  };
};
