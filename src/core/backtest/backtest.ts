/**
 * The back-test: stored signals told again under a candidate playbook, counted beside what was decided then.
 * Steps must come customer by customer, each one's in the order of versions. Of a customer nothing is kept but a few samples.
 */
import type { Customer } from "../customer.ts";
import { hasOtherReplies, isOtherReply, likeness } from "./compare.ts";
import type { Settlement } from "../decision.ts";
import type { Reply } from "../reply.ts";
import { increase } from "./counts.ts";
import {
  type BacktestFigures,
  countEnds,
  countSameEntries,
  type Ends,
  noteEnd,
  noteEnds,
  countSame,
  countSent,
  type Figures,
  figuresOf,
  type Known,
  newFigures,
  NO_SEGMENT,
  segmentOf,
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
import {
  afterStored,
  isSameRelease,
  ownDue,
  settleDue,
  storedWaits,
  type StoredRelease,
  withReleasesOf,
} from "./releases.ts";
import { type Drawn, drawSamples } from "./samples.ts";

export interface BacktestOptions extends Candidate {
  /** Names of the rules that the stored side is taken to have: those in force. */
  readonly rulesBefore: ReadonlySet<string>;
  /** ISO 8601, UTC: steps after it are told again, those until then stay as they were. */
  readonly from: string;
  /** Sample customers at most. */
  readonly samples: number;
  /** ISO 8601, UTC: what is due later is left waiting. */
  readonly to: string;
  /** Hears of everything that the candidate decided, in order. */
  readonly onReplayed?: (replayed: Replayed) => void;
  /** Hears of what it settled without a signal, in between. */
  readonly onReleased?: (settlement: Settlement) => void;
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
  /** What was settled without a signal and is not told again yet. */
  releases: readonly StoredRelease[];
  /** Waits whose end is stored. */
  readonly waits: Set<string>;
  segment: string;
  readonly unlike: Unlike;
  readonly ends: Ends;
  /** Signals with other replies, and such that differ in what nobody reads; the first of each. */
  readonly told: Told[];
  readonly quiet: Told[];
}

export interface Backtest {
  add(step: Step): void;
  /** After the last step. */
  finish(): { readonly figures: BacktestFigures; readonly drawn: readonly Drawn[] };
}

/** Signals of one sample customer that are shown. */
const SAMPLE_SIGNALS = 3;
/** Such as are kept until the customer's last step: a reply that did not come at once may still come. */
const KEPT_SIGNALS = 20;

const newLife = (customer: Customer): Life => ({
  customer,
  version: 0,
  isWhole: true,
  steps: 0,
  isChanged: false,
  releases: [],
  waits: new Set(),
  segment: NO_SEGMENT,
  unlike: new Map(),
  ends: new Map(),
  told: [],
  quiet: [],
});

const slotOf = ({ reply }: Sent): string => `${reply.signalId}\n${reply.slot}`;

/** Kept until the customer's last step: a reply may come later on one side than on the other. */
const keepUnlike = (unlike: Unlike, step: Step, replayed: Replayed): void => {
  keepSent(unlike, "before", sentOf(step.stored));
  keepSent(unlike, "after", sentOf(replayed));
};

const keepSent = (unlike: Unlike, side: "before" | "after", sent: readonly Sent[]): void => {
  for (const one of sent) unlike.set(slotOf(one), { ...unlike.get(slotOf(one)), [side]: one });
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
const closeLife = (figures: Figures, life: Life, known: Known): Drawn => {
  countEnds(figures.outcomes, life.ends, known);
  const pairs = [...life.unlike.values()];
  const signals = new Set(
    pairs
      .filter(isAffected)
      .flatMap(({ before, after }) => (before ?? after)?.reply.signalId ?? []),
  );
  const isOther = ({ replayed }: Told): boolean => signals.has(replayed.decision.signalId);
  const told = [...life.told, ...life.quiet];
  for (const { before, after } of pairs) countSent(figures, before, after);
  const affected = pairs.some(isAffected);
  figures.customers += 1;
  if (affected) figures.customersAffected += 1;
  if (life.isChanged) figures.customersChanged += 1;
  if (!life.isWhole) figures.customersIncomplete += 1;
  return {
    customer: life.customer.id,
    isAffected: affected,
    told: [...told.filter(isOther), ...told.filter((one) => !isOther(one))].slice(
      0,
      SAMPLE_SIGNALS,
    ),
  };
};

const compare = (figures: Figures, life: Life, told: Told): void => {
  const { step, replayed } = told;
  const like = likeness(step.stored, replayed);
  if (like === "identical") figures.identical += 1;
  if (like !== "other") {
    figures.same += 1;
    countSame(figures, life.ends, replayed);
    return;
  }
  figures.changed += 1;
  life.isChanged = true;
  noteEnds(life.ends, step.stored, replayed);
  keepUnlike(life.unlike, step, replayed);
  const list = hasOtherReplies(told) ? life.told : life.quiet;
  if (list.length < KEPT_SIGNALS) list.push(told);
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

/** What a settlement says of proposals that had waited, for the signals that are kept. */
const tellLater = (life: Life, settlement: Settlement, customerVersion: number): void => {
  const { playbook, now, entries, replies } = settlement;
  for (const entry of entries)
    for (const { replayed, later } of [...life.told, ...life.quiet]) {
      if (replayed.decision.signalId !== entry.signalId) continue;
      const reply = replies.find(({ seq }) => seq === entry.seq);
      const more = reply === undefined ? {} : { reply };
      later.push({ entry, playbook, now, settledBy: null, customerVersion, ...more });
    }
};

const NOTHING: Pick<StoredRelease, "entries" | "replies"> = { entries: [], replies: [] };

/** Replies of a release carry the segment that the customer was last in. */
const compareRelease = (
  figures: Figures,
  life: Life,
  sides: {
    readonly before: Pick<StoredRelease, "entries" | "replies">;
    readonly after: Settlement;
  },
): void => {
  const { before, after } = sides;
  if (before.entries.length + after.entries.length === 0) return;
  figures.releases += 1;
  const { segment } = life;
  if (isSameRelease(before, after)) {
    figures.releasesSame += 1;
    countSameEntries(figures.outcomes, life.ends, after.entries);
    for (const reply of after.replies) countSent(figures, { reply, segment }, { reply, segment });
    return;
  }
  life.isChanged = true;
  for (const entry of before.entries) noteEnd(life.ends, "before", entry);
  for (const entry of after.entries) noteEnd(life.ends, "after", entry);
  const sent = (reply: Reply): Sent => ({ reply, segment });
  keepSent(life.unlike, "before", before.replies.map(sent));
  keepSent(life.unlike, "after", after.replies.map(sent));
};

/** Tells again what was settled without a signal: between a customer's last step and one of that version and instant. */
type Between = (own: Life, version: number, limit: string) => void;

const openReleases = (
  { playbook, from, onReleased }: BacktestOptions,
  figures: Figures,
): Between => {
  const release = (
    own: Life,
    now: string,
    before: Pick<StoredRelease, "entries" | "replies">,
  ): void => {
    const { settlement, customer } = settleDue(own.customer, now, playbook);
    own.customer = customer;
    onReleased?.(settlement);
    tellLater(own, settlement, customer.version);
    compareRelease(figures, own, { before, after: settlement });
  };
  /** What the candidate alone has due before an instant. */
  const releaseOwn = (own: Life, limit: string): void => {
    for (let due = ownDue(own.customer, own.waits); due !== undefined && due < limit;) {
      release(own, due, NOTHING);
      due = ownDue(own.customer, own.waits);
    }
  };
  /** What happened between the last signal and the one of this version. */
  return (own, version, limit) => {
    const passed = own.releases.filter((one) => one.version < version);
    own.releases = own.releases.filter((one) => one.version >= version);
    for (const stored of passed) {
      if (stored.now <= from) {
        own.customer = afterStored(own.customer, { ...stored, proposals: [] }, playbook);
        continue;
      }
      releaseOwn(own, stored.now);
      release(own, stored.now, stored);
    }
    releaseOwn(own, limit);
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

  const between = openReleases(options, figures);
  const close = (): void => {
    if (life === undefined || life.steps === 0) return;
    between(life, Number.POSITIVE_INFINITY, options.to);
    const drawn = closeLife(figures, life, known);
    if (life.isChanged) drawing.offer(drawn);
  };

  return {
    add: (step) => {
      const own = lifeOf(life, step);
      if (own !== life) close();
      life = own;
      const { stored } = step;
      between(own, stored.decision.customerVersion, stored.accepted.now);
      own.releases = withReleasesOf(stored, own.releases);
      for (const wait of storedWaits(stored)) own.waits.add(wait);
      own.segment = segmentOf(stored.decision.facts);
      if (stored.accepted.now <= from) {
        own.customer = remember(own.customer, step, options);
        return;
      }
      const { replayed, customer } = replay(own.customer, step, options);
      own.customer = customer;
      own.steps += 1;
      figures.signals += 1;
      increase(figures.playbooks, step.stored.decision.playbook);
      onReplayed?.(replayed);
      tellLater(own, replayed.settlement, stored.decision.customerVersion);
      compare(figures, own, { step, replayed, later: [] });
    },
    finish: () => {
      close();
      life = undefined;
      return { figures: figuresOf(figures), drawn: drawing.drawn() };
    },
  };
};
