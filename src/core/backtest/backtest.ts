/**
 * The back-test: stored signals told again under a candidate playbook, counted beside what was decided then.
 * Steps must come customer by customer, each one's in the order of versions. Of a customer nothing is kept but a few samples.
 */
import type { Customer } from "../customer.ts";
import { hasOtherReplies, isOtherReply, likeness } from "./compare.ts";
import { increase } from "./counts.ts";
import {
  type BacktestFigures,
  countOutcomes,
  countSame,
  countSent,
  type Figures,
  figuresOf,
  type Known,
  newFigures,
  type Sent,
  sentOf,
} from "./figures.ts";
import {
  type Candidate,
  remember,
  replay,
  type Replayed,
  type Step,
  stranger,
  type Told,
} from "./replay.ts";
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
  /** Signals with other replies, and such that differ in what nobody reads. */
  readonly told: Told[];
  readonly quiet: Told[];
}

export interface Backtest {
  add(step: Step): void;
  /** After the last step. */
  finish(): { readonly figures: BacktestFigures; readonly drawn: readonly Drawn[] };
}

/** Signals of one sample customer that are kept. */
const SAMPLE_SIGNALS = 3;

const newLife = (customer: Customer): Life => ({
  customer,
  version: 0,
  isWhole: true,
  steps: 0,
  isChanged: false,
  unlike: new Map(),
  told: [],
  quiet: [],
});

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

/** What is over for a customer is counted: replies that are not the same on both sides, and whether any are. */
const closeLife = (figures: Figures, life: Life): Drawn => {
  const pairs = [...life.unlike.values()];
  for (const { before, after } of pairs) countSent(figures, before, after);
  const affected = pairs.some(isAffected);
  figures.customers += 1;
  if (affected) figures.customersAffected += 1;
  if (life.isChanged) figures.customersChanged += 1;
  if (!life.isWhole) figures.customersIncomplete += 1;
  return {
    customer: life.customer.id,
    isAffected: affected,
    told: [...life.told, ...life.quiet].slice(0, SAMPLE_SIGNALS),
  };
};

const compare = (
  figures: Figures,
  life: Life,
  { told, known }: { readonly told: Told; readonly known: Known },
): void => {
  const { step, replayed } = told;
  const like = likeness(step.stored, replayed);
  if (like === "identical") figures.identical += 1;
  if (like !== "other") {
    figures.same += 1;
    countSame(figures, replayed);
    return;
  }
  figures.changed += 1;
  life.isChanged = true;
  countOutcomes(figures.outcomes, told, known);
  keepUnlike(life.unlike, step, replayed);
  const list = hasOtherReplies(told) ? life.told : life.quiet;
  if (list.length < SAMPLE_SIGNALS) list.push(told);
};

/** The life that a step belongs to, its version counted. */
const lifeOf = (life: Life | undefined, { stored }: Step): Life => {
  const { tenant, signal } = stored.accepted;
  const own =
    life?.customer.id === signal.customerId ? life : newLife(stranger(tenant, signal.customerId));
  const { customerVersion } = stored.decision;
  if (customerVersion !== own.version + 1) own.isWhole = false;
  own.version = customerVersion;
  return own;
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
    const drawn = closeLife(figures, life);
    if (life.isChanged) drawing.offer(drawn);
  };

  return {
    add: (step) => {
      const own = lifeOf(life, step);
      if (own !== life) close();
      life = own;
      if (step.stored.accepted.now <= from) {
        own.customer = remember(own.customer, step);
        return;
      }
      const { replayed, customer } = replay(own.customer, step, options);
      own.customer = customer;
      own.steps += 1;
      figures.signals += 1;
      increase(figures.playbooks, step.stored.decision.playbook);
      onReplayed?.(replayed);
      compare(figures, own, { told: { step, replayed }, known });
    },
    finish: () => {
      close();
      life = undefined;
      return { figures: figuresOf(figures), drawn: drawing.drawn() };
    },
  };
};
