/**
 * Settlements of proposals that were due, between the signals of a customer: those that are stored, told again at their instants, and those that only the
 * candidate brings about, at the instants when they are due.
 */
import type { Customer } from "../customer.ts";
import type { Proposal, Settlement, SettlementEntry, WaitingProposal } from "../decision.ts";
import { releasedAlone, withReplies } from "../fold-stored.ts";
import type { StoredDecision } from "../ports.ts";
import type { PreparedPlaybook } from "../prepare.ts";
import type { ContactPolicy } from "../replies/contact-policy.ts";
import { isGathered } from "../replies/gather.ts";
import type { Reply } from "../reply.ts";
import { sameJson } from "../same-json.ts";
import { settle } from "../settle.ts";
import { byName, withoutPlace } from "./counts.ts";

/** What was settled at one instant without a signal, as it is stored. */
export interface StoredRelease {
  readonly now: string;
  /** Version of the customer then. */
  readonly version: number;
  readonly entries: readonly SettlementEntry[];
  readonly replies: readonly Reply[];
}

const nameOf = ({ signalId, rule }: Pick<Proposal, "signalId" | "rule">): string =>
  `${signalId}\n${rule}`;

const byNames = (left: SettlementEntry, right: SettlementEntry): number =>
  byName(nameOf(left), nameOf(right));

/** Entries of one release come with the signals that they are about, so their own order is lost: by signal and rule on both sides. */
const inOrder = (entries: readonly SettlementEntry[]): readonly SettlementEntry[] =>
  entries.toSorted(byNames);

/** Whether customers were told the same at the same instant, whatever the place in the inbox. */
export const isSameRelease = (
  left: Pick<StoredRelease, "entries" | "replies">,
  right: Pick<StoredRelease, "entries" | "replies">,
): boolean =>
  sameJson(inOrder(left.entries).map(withoutPlace), inOrder(right.entries).map(withoutPlace)) &&
  sameJson(bySlot(left.replies), bySlot(right.replies));

const bySlot = (replies: readonly Reply[]) =>
  replies.toSorted((left, right) => byName(slotOf(left), slotOf(right))).map(withoutPlace);

const slotOf = ({ signalId, slot }: Reply): string => `${signalId}\n${slot}`;

/** Releases with those that the signal knows of, in the order in which they happened. */
export const withReleasesOf = (
  stored: StoredDecision,
  known: readonly StoredRelease[],
): readonly StoredRelease[] => {
  const own = releasedAlone(stored);
  if (own.length === 0) return known;
  const releases = [...known];
  for (const { now, customerVersion: version, entry, reply } of own) {
    const at = releases.findIndex((one) => one.now === now && one.version === version);
    const before = releases[at] ?? { now, version, entries: [], replies: [] };
    const grown = {
      ...before,
      entries: [...before.entries, entry],
      replies: reply === undefined ? before.replies : [...before.replies, reply],
    };
    if (at < 0) releases.push(grown);
    else releases[at] = grown;
  }
  return releases.toSorted(
    (left, right) => left.version - right.version || (left.now < right.now ? -1 : 1),
  );
};

const waitOf = (signalId: string, rule: string, dueAt: string): string =>
  `${nameOf({ signalId, rule })}\n${dueAt}`;

/** Names of the waits that are stored: how these ended is known. */
export const storedWaits = ({ settlement, later = [] }: StoredDecision): readonly string[] =>
  [...settlement.entries, ...later.map(({ entry }) => entry)].flatMap(({ signalId, rule, dueAt }) =>
    dueAt === undefined ? [] : [waitOf(signalId, rule, dueAt)],
  );

/** The earliest instant at which something is due of which only the candidate knows. */
export const ownDue = ({ waiting }: Customer, stored: ReadonlySet<string>): string | undefined => {
  let earliest: string | undefined;
  for (const { proposal, dueAt } of waiting)
    if (!stored.has(waitOf(proposal.signalId, proposal.rule, dueAt)))
      earliest = earliest === undefined || dueAt < earliest ? dueAt : earliest;
  return earliest;
};

/** The candidate's settlement of what is due at an instant. */
export const settleDue = (
  customer: Customer,
  now: string,
  playbook: PreparedPlaybook,
): { readonly settlement: Settlement; readonly customer: Customer } =>
  settle({ proposals: [], customer, playbook, now });

const HOUR_MS = 3_600_000;

interface Remembered {
  readonly now: string;
  readonly entries: readonly SettlementEntry[];
  readonly replies: readonly Reply[];
  /** Of the signal, where there is one. */
  readonly proposals: readonly Proposal[];
}

/** How a proposal waits after an entry; undefined where it does not, or where nothing is known of it. */
const waitAfter = (
  entry: SettlementEntry,
  before: WaitingProposal | undefined,
  { now, proposals, policy }: Remembered & { readonly policy: ContactPolicy },
): WaitingProposal | undefined => {
  const proposal = before?.proposal ?? proposals.find(({ rule }) => rule === entry.rule);
  if (entry.dueAt === undefined || proposal === undefined) return undefined;
  const since = before?.since ?? now;
  const expiresAt = new Date(Date.parse(since) + policy.maxWaitHours * HOUR_MS).toISOString();
  return {
    proposal,
    code: entry.code === "quiet_deferred" ? "quiet_deferred" : "deferred",
    since,
    dueAt: entry.dueAt,
    expiresAt: before?.expiresAt ?? expiresAt,
    ...(isGathered(entry) ? { gathered: true } : {}),
  };
};

/** What waits after a stored settlement, as far as its entries tell: how long it may wait is said by the candidate's policy. */
const waitingAfter = (
  waiting: readonly WaitingProposal[],
  settled: Remembered,
  { replies: { policy } }: PreparedPlaybook,
): readonly WaitingProposal[] => {
  const { entries } = settled;
  if (entries.every(({ dueAt }) => dueAt === undefined) && waiting.length === 0) return waiting;
  const left = new Map(waiting.map((one) => [nameOf(one.proposal), one]));
  for (const entry of entries) {
    const after = waitAfter(entry, left.get(nameOf(entry)), { ...settled, policy });
    left.delete(nameOf(entry));
    if (after !== undefined) left.set(nameOf(entry), after);
  }
  return [...left.values()];
};

/** The customer after a stored settlement that stays as it was. */
export const afterStored = (
  customer: Customer,
  settled: Remembered,
  playbook: PreparedPlaybook,
): Customer => ({
  ...withReplies(customer, settled.replies),
  lastSeq: customer.lastSeq + settled.replies.length,
  waiting: waitingAfter(customer.waiting, settled, playbook),
});
