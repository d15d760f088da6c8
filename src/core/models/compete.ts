/**
 * The contest that makes a model of customers: candidates are chosen on an inner time split, scored on later cut-offs that had no part in the choice,
 * beside baselines; the winner is then fitted on all rows. Nothing that a fitted row was labelled with happened after the first row that scores it.
 */
import type { FeatureName, Features } from "../feature.ts";
import { type CalibrationBin, expectedCalibrationError } from "./calibration.ts";
import { type CandidateLoss, gainOf, type Scored, simplestOfTheBest } from "./evaluate.ts";
import { type Fitted, fitted, refused } from "./fitted.ts";
import { type LabelledRow, splitByTime } from "./history-row.ts";
import { type Contestant, passGate } from "./gate.ts";
import { importanceOf, type Importance } from "./importance.ts";
import { leaksIn } from "./leakage.ts";
import { rounded } from "./scale.ts";
import type { ModelCard } from "./model-shapes.ts";
import { cardOf, type TrainingContext } from "./train-common.ts";
import { asPlain, referenceFor, type Watching } from "./watch.ts";
import type { Score, Verdict } from "../training.ts";

/** A model without its card. */
export type Bare<Model> = Model extends unknown ? Omit<Model, "card"> : never;

export interface Candidate<Own> {
  readonly estimator: string;
  readonly fit: (rows: readonly LabelledRow[], context: TrainingContext) => Fitted<Own>;
}

/** What a task brings to the contest. `said` opens a model without its card and gives what it says of rows. */
export interface Contest<Own> {
  readonly candidates: readonly Candidate<Own>[];
  readonly baselines: readonly Candidate<Own>[];
  readonly said: (model: Own, rows: readonly LabelledRow[]) => readonly number[];
  /** The same of one customer; null where the model predicts nothing. */
  readonly saidOf: (model: Own, features: Features) => number | null;
  readonly happened: (row: LabelledRow) => number;
  /** Of one row; the mean of it decides. */
  readonly loss: (row: Pick<Scored, "said" | "happened">) => number;
  readonly lossName: string;
  readonly scores: (estimator: string, rows: readonly Scored[], seed: number) => readonly Score[];
  /** Features that importance is asked of. */
  readonly features: (model: Own) => readonly FeatureName[];
  readonly calibration: (rows: readonly Scored[]) => readonly CalibrationBin[];
  /** The label that a feature must not give away; null for amounts. */
  readonly labelOf: ((row: LabelledRow) => number) | null;
}

/** The model in force, for the gate. */
export interface Champion<Own> {
  readonly model: Own;
  /** The candidate of its kind. */
  readonly estimator: string;
  /** Up to when its training saw signals. */
  readonly seenUntil: string;
}

export interface Winner<Own> {
  readonly estimator: string;
  /** Fitted on all rows. */
  readonly model: Own;
  /** The winner's first, then its rivals', then the baselines'. */
  readonly scores: readonly Score[];
  readonly choice: readonly Score[];
  readonly calibration: readonly CalibrationBin[];
  readonly importance: readonly Importance[];
  /** Why candidates could not take part. */
  readonly notes: readonly string[];
  /** What the winner, fitted on the earlier rows, said of the later ones: the frozen set that a champion is compared on. */
  readonly later: readonly Scored[];
  readonly verdict: Omit<Verdict, "against">;
  /** What the model that is saved reads and says. */
  readonly watching: Watching;
}

/** The model in force as the gate's champion; `estimatorOf` names the candidate of each kind. */
export const championOf = <Kind extends string, Model extends { kind: Kind; card: ModelCard }>(
  model: Model | undefined,
  estimatorOf: Readonly<Record<Kind, string>>,
): Champion<Model> | null =>
  model === undefined
    ? null
    : { model, estimator: estimatorOf[model.kind], seenUntil: model.card.to };

interface Entry<Own> {
  readonly estimator: string;
  readonly rows: readonly Scored[];
  readonly model: Own;
}

const scoredBy = <Own>(
  contest: Contest<Own>,
  model: Own,
  rows: readonly LabelledRow[],
): readonly Scored[] => {
  const said = contest.said(model, rows);
  return rows.map((row, index) => ({
    customerId: row.customerId,
    said: said[index] ?? Number.NaN,
    happened: contest.happened(row),
  }));
};

interface Split {
  readonly earlier: readonly LabelledRow[];
  readonly later: readonly LabelledRow[];
}

interface Field<Own> {
  readonly entries: readonly Entry<Own>[];
  readonly refusals: readonly string[];
}

const enter = <Own>(
  contest: Contest<Own>,
  candidates: readonly Candidate<Own>[],
  { split, context }: { readonly split: Split; readonly context: TrainingContext },
): Field<Own> => {
  const entries: Entry<Own>[] = [];
  const refusals: string[] = [];
  for (const { estimator, fit } of candidates) {
    const result = fit(split.earlier, context);
    if (result.kind === "refused") refusals.push(`${estimator} took no part: ${result.sentence}.`);
    else
      entries.push({
        estimator,
        model: result.value,
        rows: scoredBy(contest, result.value, split.later),
      });
  }
  return { entries, refusals };
};

const lossesOf = <Own>(contest: Contest<Own>, entry: Entry<Own>): CandidateLoss => ({
  estimator: entry.estimator,
  losses: entry.rows.map(contest.loss),
});

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The winner's name on the inner split; where the history is too short for one, the outer entries' simplest. */
const choose = <Own>(
  contest: Contest<Own>,
  earlier: readonly LabelledRow[],
  context: TrainingContext,
): { readonly estimator: string | null; readonly choice: readonly Score[] } => {
  const split = splitByTime(earlier, context.horizonDays);
  if (split.earlier.length === 0) return { estimator: null, choice: [] };
  const { entries } = enter(contest, contest.candidates, { split, context });
  if (entries.length === 0) return { estimator: null, choice: [] };
  const losses = entries.map((entry) => lossesOf(contest, entry));
  return {
    estimator: simplestOfTheBest(
      losses,
      split.later.map(({ customerId }) => customerId),
    ),
    choice: losses.map((one) => ({
      estimator: one.estimator,
      metric: contest.lossName,
      value: rounded(mean(one.losses)),
    })),
  };
};

/**
 * The champion on the later rows. One that was trained on them would win by memory: then its kind, fitted on the earlier rows like the challenger,
 * stands in for it; null where that kind took no part.
 */
const championOn = <Own>(
  contest: Contest<Own>,
  champion: Champion<Own> | null,
  {
    later,
    entries,
  }: { readonly later: readonly LabelledRow[]; readonly entries: readonly Entry<Own>[] },
): Contestant | null => {
  if (champion === null) return null;
  const begins = later[0]?.at ?? "";
  if (champion.seenUntil <= begins)
    return { estimator: "the model in force", rows: scoredBy(contest, champion.model, later) };
  const standIn = entries.find(({ estimator }) => estimator === champion.estimator);
  return standIn === undefined
    ? null
    : {
        estimator: `the model in force (its kind, ${standIn.estimator}, fitted again without the rows that it has seen)`,
        rows: standIn.rows,
      };
};

const verdictOn = <Own>(
  contest: Contest<Own>,
  winner: Entry<Own>,
  rest: {
    readonly champion: Contestant | null;
    readonly baselines: readonly Contestant[];
    readonly later: readonly LabelledRow[];
    readonly seed: number;
  },
): Omit<Verdict, "against"> => {
  const { labelOf, loss, lossName } = contest;
  const judged = winner.rows.map(({ said, happened }) => ({ probability: said, happened }));
  return passGate({
    challenger: winner,
    champion: rest.champion,
    baselines: rest.baselines,
    loss,
    lossName,
    leaks: labelOf === null ? [] : leaksIn(rest.later, contest.features(winner.model), labelOf),
    calibrationError: labelOf === null ? null : expectedCalibrationError(judged),
    seed: rest.seed,
  });
};

/** The winner among the candidates over labelled rows, or why there can be none: too short a history (TOO_FEW), or every candidate's refusal. */
export const compete = <Own>(
  rows: readonly LabelledRow[],
  context: TrainingContext,
  {
    contest,
    champion,
  }: { readonly contest: Contest<Own>; readonly champion: Champion<Own> | null },
): Fitted<Winner<Own>> => {
  const split = splitByTime(rows, context.horizonDays);
  if (split.earlier.length === 0)
    return refused(
      "TOO_FEW",
      "no horizon ends before the last two cut-offs; give a longer history",
    );
  const { estimator, choice } = choose(contest, split.earlier, context);
  const field = enter(contest, contest.candidates, { split, context });
  const winner = field.entries.find((entry) => entry.estimator === estimator) ?? field.entries[0];
  if (winner === undefined) return refused("TOO_FEW", field.refusals.join(" "));
  const last = contest.candidates.find((candidate) => candidate.estimator === winner.estimator);
  const model = last?.fit(rows, context);
  if (model === undefined || model.kind === "refused")
    return model ?? refused("TOO_FEW", "no candidate fits");
  const baselines = enter(contest, contest.baselines, { split, context });
  const others = field.entries.filter((entry) => entry !== winner);
  return fitted({
    estimator: winner.estimator,
    model: model.value,
    scores: [winner, ...others, ...baselines.entries].flatMap((entry) =>
      contest.scores(entry.estimator, entry.rows, context.seed),
    ),
    choice,
    calibration: contest.calibration(winner.rows),
    importance: importanceOf(split.later, {
      features: contest.features(winner.model),
      lossOf: (changed) => mean(scoredBy(contest, winner.model, changed).map(contest.loss)),
      seed: context.seed,
    }),
    notes: field.refusals,
    later: winner.rows,
    watching: {
      features: contest.features(model.value),
      said: (features) => contest.saidOf(model.value, features),
    },
    verdict: verdictOn(contest, winner, {
      champion: championOn(contest, champion, { later: split.later, entries: field.entries }),
      baselines: baselines.entries,
      later: split.later,
      seed: context.seed,
    }),
  });
};

const referenceOf = (watching: Watching, { watched }: TrainingContext) => {
  const reference = referenceFor(watched, watching);
  return reference === null ? {} : { reference: asPlain(reference) };
};

/** The card of a winner. */
export const winnersCard = <Own>(
  winner: Winner<Own>,
  context: TrainingContext,
  findings: { readonly rows: number; readonly notes: readonly string[] },
) => ({
  ...cardOf(context, { ...findings, scores: winner.scores }),
  choice: winner.choice.map((score) => ({ ...score })),
  calibration: winner.calibration.map(({ count, said, happened }) => ({
    count,
    said: rounded(said),
    happened: rounded(happened),
  })),
  gain: gainOf(winner.later).map((point) => ({ ...point })),
  importance: winner.importance.map((one) => ({ ...one })),
  ...referenceOf(winner.watching, context),
});
