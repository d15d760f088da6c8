/**
 * The back-test: stored signals told again under a candidate playbook, counted beside what was decided then.
 * Steps must come customer by customer, each one's in the order of versions. Of a customer nothing is kept but a few samples.
 */
import type { Customer } from "../customer.ts";
import type { Facts } from "../facts.ts";
import type { Reply } from "../reply.ts";
import { codesOf, isOtherReply, likeness } from "./compare.ts";
import {
  type Changes,
  changesOf,
  type Counted,
  countReply,
  type Groups,
  increase,
  noReplies,
  byName,
  tallies,
} from "./counts.ts";
import { type Candidate, remember, replay, type Replayed, type Step, stranger } from "./replay.ts";
import type { BacktestCode, BacktestResult } from "./result.ts";
import { type Drawn, drawSamples } from "./samples.ts";

export interface BacktestOptions extends Candidate {
  /** Names of the rules that the stored side is taken to have: those in force. */
  readonly rulesBefore: ReadonlySet<string>;
  /** ISO 8601, UTC: steps after it are told again, those until then stay as they were. */
  readonly from: string;
  /** Sample customers at most. */
  readonly samples: number;
  /** Hears of everything that the candidate decided, in order. */
  readonly onReplayed?: (replayed: Replayed) => void;
}

/** A reply with the segment of the customer to whom it went. */
interface Sent {
  readonly reply: Reply;
  readonly segment: string;
}

/** Replies of a customer that are not the same on both sides, by signal and slot. */
type Unlike = Map<string, { before?: Sent; after?: Sent }>;

interface Life {
  customer: Customer;
  /** Versions of stored steps must follow one another; where one is missing, caps may have counted more than is known. */
  version: number;
  isWhole: boolean;
  steps: number;
  isChanged: boolean;
  readonly unlike: Unlike;
  readonly told: { readonly step: Step; readonly replayed: Replayed }[];
}

interface Figures {
  signals: number;
  customers: number;
  same: number;
  changed: number;
  identical: number;
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

export interface Backtest {
  add(step: Step): void;
  /** After the last step. */
  finish(): { readonly figures: BacktestFigures; readonly drawn: readonly Drawn[] };
}

/** Signals of one sample customer that are kept. */
export const SAMPLE_SIGNALS = 3;

const ALL = "all";

const newLife = (customer: Customer): Life => ({
  customer,
  version: 0,
  isWhole: true,
  steps: 0,
  isChanged: false,
  unlike: new Map(),
  told: [],
});

const newFigures = (): Figures => ({
  signals: 0,
  customers: 0,
  same: 0,
  changed: 0,
  identical: 0,
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

const segmentOf = (facts: Facts): string => {
  const segment = facts["prediction.segment"];
  return typeof segment === "string" ? segment : "none";
};

const languageOf = ({ reply }: Sent): string => reply.locale.split("-", 1)[0] ?? reply.locale;
const dayOf = ({ reply }: Sent): string => reply.at.slice(0, 10);

const countSent = (figures: Figures, before: Sent | undefined, after: Sent | undefined): void => {
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

const countSame = (figures: Figures, { settlement, decision }: Replayed): void => {
  for (const { code } of settlement.entries) increase(figures.outcomes, `${code}\n${code}`);
  for (const { code } of decision.faults) increase(figures.outcomes, `${code}\n${code}`);
  if (settlement.replies.length === 0) return;
  const segment = segmentOf(decision.facts);
  for (const reply of settlement.replies)
    countSent(figures, { reply, segment }, { reply, segment });
};

interface Known {
  readonly before: ReadonlySet<string>;
  readonly after: ReadonlySet<string>;
}

const countOutcomes = (
  outcomes: Changes,
  { step, replayed }: { readonly step: Step; readonly replayed: Replayed },
  known: Known,
): void => {
  const before = codesOf(step.stored);
  const after = codesOf(replayed);
  const silent = (rules: ReadonlySet<string>, rule: string): BacktestCode =>
    rules.has(rule) ? "not_matched" : "no_rule";
  for (const rule of new Set([...before.keys(), ...after.keys()])) {
    const from = before.get(rule) ?? silent(known.before, rule);
    const to = after.get(rule) ?? silent(known.after, rule);
    increase(outcomes, `${from}\n${to}`);
  }
};

const sentOf = ({ settlement, decision }: Replayed): readonly Sent[] => {
  if (settlement.replies.length === 0) return [];
  const segment = segmentOf(decision.facts);
  return settlement.replies.map((reply) => ({ reply, segment }));
};

const slotOf = ({ reply }: Sent): string => `${reply.signalId}\n${reply.slot}`;

/** Kept until the customer's last step: a reply may come later on one side than on the other. */
const keepUnlike = (unlike: Unlike, step: Step, replayed: Replayed): void => {
  for (const sent of sentOf(step.stored))
    unlike.set(slotOf(sent), { ...unlike.get(slotOf(sent)), before: sent });
  for (const sent of sentOf(replayed))
    unlike.set(slotOf(sent), { ...unlike.get(slotOf(sent)), after: sent });
};

const isAffected = ({
  before,
  after,
}: {
  readonly before?: Sent;
  readonly after?: Sent;
}): boolean =>
  before === undefined || after === undefined || isOtherReply(before.reply, after.reply);

const figuresOf = (figures: Figures): BacktestFigures => {
  const all: Counted = figures.replies.get(ALL) ?? noReplies();
  const { signals, customers, same, changed, identical } = figures;
  return {
    signals,
    customers,
    playbooks: Object.fromEntries(
      [...figures.playbooks].toSorted(([left], [right]) => byName(left, right)),
    ),
    decisions: { same, changed, identical },
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

/** Begins a back-test. */
export const openBacktest = (options: BacktestOptions): Backtest => {
  const { playbook, rulesBefore, from, samples, onReplayed } = options;
  const figures = newFigures();
  const drawing = drawSamples(samples);
  const known: Known = {
    before: rulesBefore,
    after: new Set(playbook.rules.inOrder.map(({ rule }) => rule)),
  };
  let life: Life | undefined;

  const close = (): void => {
    if (life === undefined || life.steps === 0) return;
    figures.customers += 1;
    let affected = false;
    for (const pair of life.unlike.values()) {
      countSent(figures, pair.before, pair.after);
      affected ||= isAffected(pair);
    }
    if (affected) figures.customersAffected += 1;
    if (life.isChanged) figures.customersChanged += 1;
    if (!life.isWhole) figures.customersIncomplete += 1;
    if (life.isChanged)
      drawing.offer({ customer: life.customer.id, isAffected: affected, told: life.told });
  };

  const compare = (current: Life, step: Step, replayed: Replayed): void => {
    const like = likeness(step.stored, replayed);
    if (like === "identical") figures.identical += 1;
    if (like !== "other") {
      figures.same += 1;
      countSame(figures, replayed);
      return;
    }
    figures.changed += 1;
    current.isChanged = true;
    countOutcomes(figures.outcomes, { step, replayed }, known);
    keepUnlike(current.unlike, step, replayed);
    if (current.told.length < SAMPLE_SIGNALS) current.told.push({ step, replayed });
  };

  return {
    add: (step) => {
      const { tenant, signal, now } = step.stored.accepted;
      if (life?.customer.id !== signal.customerId) {
        close();
        life = newLife(stranger(tenant, signal.customerId));
      }
      const { customerVersion } = step.stored.decision;
      if (customerVersion !== life.version + 1) life.isWhole = false;
      life.version = customerVersion;
      if (now <= from) {
        life.customer = remember(life.customer, step);
        return;
      }
      const { replayed, customer } = replay(life.customer, step, options);
      life.customer = customer;
      life.steps += 1;
      figures.signals += 1;
      increase(figures.playbooks, step.stored.decision.playbook);
      onReplayed?.(replayed);
      compare(life, step, replayed);
    },
    finish: () => {
      close();
      life = undefined;
      return { figures: figuresOf(figures), drawn: drawing.drawn() };
    },
  };
};
