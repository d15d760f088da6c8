/** What a back-test counts, decision by decision, and the record that comes of it. */
import type { OutcomeCode } from "../outcome.ts";
import type { Facts } from "../facts.ts";
import type { SettlementEntry } from "../decision.ts";
import type { Reply } from "../reply.ts";
import { isOtherReply } from "./compare.ts";
import {
  byName,
  type Changes,
  changesOf,
  type Counted,
  countReply,
  type Groups,
  increase,
  noReplies,
  tallies,
} from "./counts.ts";
import type { Replayed } from "./replay.ts";
import type { BacktestCode, BacktestResult } from "./result.ts";

/** A reply with the segment of the customer to whom it went. */
export interface Sent {
  readonly reply: Reply;
  readonly segment: string;
}

export interface Figures {
  signals: number;
  customers: number;
  same: number;
  changed: number;
  identical: number;
  /** Settlements of what was due, on either side. */
  releases: number;
  releasesSame: number;
  customersAffected: number;
  customersChanged: number;
  customersIncomplete: number;
  readonly replies: Groups;
  readonly byRule: Groups;
  readonly bySegment: Groups;
  readonly byLanguage: Groups;
  readonly byDay: Groups;
  readonly outcomes: Changes;
  readonly playbooks: Map<string, number>;
}

/** What is counted, apart from who asked. */
export type BacktestFigures = Omit<
  BacktestResult,
  "candidate" | "way" | "warnings" | "from" | "to" | "samples" | "digest"
>;

const ALL = "all";

export const newFigures = (): Figures => ({
  signals: 0,
  customers: 0,
  same: 0,
  changed: 0,
  identical: 0,
  releases: 0,
  releasesSame: 0,
  customersAffected: 0,
  customersChanged: 0,
  customersIncomplete: 0,
  replies: new Map(),
  byRule: new Map(),
  bySegment: new Map(),
  byLanguage: new Map(),
  byDay: new Map(),
  outcomes: new Map(),
  playbooks: new Map(),
});

export const NO_SEGMENT = "none";

export const segmentOf = (facts: Facts): string => {
  const segment = facts["prediction.segment"];
  return typeof segment === "string" ? segment : NO_SEGMENT;
};

const languageOf = ({ reply }: Sent): string => reply.locale.split("-", 1)[0] ?? reply.locale;
const dayOf = ({ reply }: Sent): string => reply.at.slice(0, 10);

/** One reply, or its absence, on both sides. */
export const countSent = (
  figures: Figures,
  before: Sent | undefined,
  after: Sent | undefined,
): void => {
  const isOther =
    before !== undefined && after !== undefined && isOtherReply(before.reply, after.reply);
  const count = (groups: Groups, name: (sent: Sent) => string): void =>
    countReply(groups, {
      before: before === undefined ? undefined : name(before),
      after: after === undefined ? undefined : name(after),
      isOther,
    });
  count(figures.replies, () => ALL);
  count(figures.byRule, ({ reply }) => reply.rule);
  count(figures.bySegment, ({ segment }) => segment);
  count(figures.byLanguage, languageOf);
  count(figures.byDay, dayOf);
};

/** A decision that is the same on both sides. */
export const countSame = (figures: Figures, ends: Ends, replayed: Replayed): void => {
  const { settlement, decision } = replayed;
  countSameEntries(figures.outcomes, ends, entriesOf(replayed));
  if (settlement.replies.length === 0) return;
  const segment = segmentOf(decision.facts);
  for (const reply of settlement.replies)
    countSent(figures, { reply, segment }, { reply, segment });
};

/** Names of the rules of each side. */
export interface Known {
  readonly before: ReadonlySet<string>;
  readonly after: ReadonlySet<string>;
}

const silent = (rules: ReadonlySet<string>, rule: string): BacktestCode =>
  rules.has(rule) ? "not_matched" : "no_rule";

/** How a rule ended for a signal, on each side; absent where it said nothing. */
interface End {
  readonly rule: string;
  before?: OutcomeCode;
  after?: OutcomeCode;
}

/** Ends by signal and rule, of what is not over yet or not the same on both sides. A later entry takes the place of an earlier one. */
export type Ends = Map<string, End>;

const WAITS: ReadonlySet<OutcomeCode> = new Set(["deferred", "quiet_deferred"]);

type Entry = Pick<SettlementEntry, "signalId" | "rule" | "code">;

export const noteEnd = (ends: Ends, side: "before" | "after", entry: Entry): void => {
  const { signalId, rule, code } = entry;
  const name = `${signalId}\n${rule}`;
  const end: End = ends.get(name) ?? { rule };
  end[side] = code;
  ends.set(name, end);
};

const entriesOf = ({ decision, settlement }: Replayed): readonly Entry[] => [
  ...decision.faults.map((fault) => ({ ...fault, signalId: decision.signalId })),
  ...settlement.entries,
];

/** What became of every rule that spoke in a decision that is not the same on both sides. */
export const noteEnds = (ends: Ends, before: Replayed, after: Replayed): void => {
  for (const entry of entriesOf(before)) noteEnd(ends, "before", entry);
  for (const entry of entriesOf(after)) noteEnd(ends, "after", entry);
};

/** Entries that are the same on both sides: what is over is counted at once. */
export const countSameEntries = (
  outcomes: Changes,
  ends: Ends,
  entries: readonly Entry[],
): void => {
  for (const entry of entries) {
    if (!WAITS.has(entry.code) && !ends.has(`${entry.signalId}\n${entry.rule}`)) {
      increase(outcomes, `${entry.code}\n${entry.code}`);
      continue;
    }
    noteEnd(ends, "before", entry);
    noteEnd(ends, "after", entry);
  }
};

/** After a customer's last step. */
export const countEnds = (outcomes: Changes, ends: Ends, known: Known): void => {
  for (const { rule, before, after } of ends.values())
    increase(
      outcomes,
      `${before ?? silent(known.before, rule)}\n${after ?? silent(known.after, rule)}`,
    );
};

/** Replies of a decision. */
export const sentOf = ({ settlement, decision }: Replayed): readonly Sent[] => {
  if (settlement.replies.length === 0) return [];
  const segment = segmentOf(decision.facts);
  return settlement.replies.map((reply) => ({ reply, segment }));
};

/** The record, names in order. */
export const figuresOf = (figures: Figures): BacktestFigures => {
  const all: Counted = figures.replies.get(ALL) ?? noReplies();
  const { signals, customers, same, changed, identical } = figures;
  return {
    signals,
    customers,
    playbooks: Object.fromEntries(
      [...figures.playbooks].toSorted(([left], [right]) => byName(left, right)),
    ),
    decisions: { same, changed, identical },
    releases: {
      same: figures.releasesSame,
      changed: figures.releases - figures.releasesSame,
    },
    replies: all,
    customersAffected: figures.customersAffected,
    customersChanged: figures.customersChanged,
    customersIncomplete: figures.customersIncomplete,
    outcomes: changesOf(figures.outcomes),
    byRule: tallies(figures.byRule),
    bySegment: tallies(figures.bySegment),
    byLanguage: tallies(figures.byLanguage),
    byDay: tallies(figures.byDay),
  };
};
