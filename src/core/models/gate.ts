/**
 * The promotion gate: may a trained model take the place of the one in force? Judged on later rows that the challenger was not fitted on, by differences of
 * loss whose intervals resample customers. Every reason for a refusal is given, not the first one only.
 */
import type { Scored } from "./evaluate.ts";
import { intervalsOf, meanFigure } from "./intervals.ts";
import type { Leak } from "./leakage.ts";
import { shown } from "./scale.ts";
import type { Verdict } from "../training.ts";

/** What an estimator said of the rows; all of a trial have the same rows in the same order. */
export interface Contestant {
  readonly estimator: string;
  readonly rows: readonly Scored[];
}

export interface Trial {
  readonly challenger: Contestant;
  /** The model in force on the same rows, or what stands in for it; null where there is none. */
  readonly champion: Contestant | null;
  /** The first one is the constant. */
  readonly baselines: readonly Contestant[];
  readonly loss: (row: Pick<Scored, "said" | "happened">) => number;
  /** How the loss is called in sentences. */
  readonly lossName: string;
  readonly leaks: readonly Leak[];
  /** Expected calibration error of the challenger, 0..1; null where it says no probabilities. */
  readonly calibrationError: number | null;
  readonly seed: number;
}

type Reason = Verdict["reasons"][number];

/** Fewer customers, or fewer of either outcome, tell nothing apart. */
const CUSTOMERS_MIN = 30;
const OUTCOMES_MIN = 10;
/** Probabilities that are this far off on average mislead rules that compare them with a threshold. */
const CALIBRATION_MAX = 0.15;

/** Share of the constant's loss that a model must save. */
const GAIN_MIN = 0.01;

const meanLoss = ({ loss }: Trial, { rows }: Contestant): number =>
  rows.reduce((sum, row) => sum + loss(row), 0) / rows.length;

interface Difference {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** Mean loss of the challenger less that of the other one, with its 95 % interval. */
const differenceOf = (trial: Trial, other: Contestant): Difference => {
  const { rows } = trial.challenger;
  const differences = rows.map((row, index) => {
    const opposite = other.rows[index];
    return trial.loss(row) - (opposite === undefined ? 0 : trial.loss(opposite));
  });
  const figure = meanFigure(differences);
  const [interval] = intervalsOf(
    rows.map(({ customerId }) => customerId),
    [figure],
    trial.seed,
  );
  const mean = figure(new Float64Array(rows.length).fill(1));
  return { mean, low: interval?.low ?? mean, high: interval?.high ?? mean };
};

const told = ({ mean, low, high }: Difference): string =>
  `${mean > 0 ? "+" : "−"}${shownSmall(Math.abs(mean))}, 95 % interval ${shownSmall(low)} … ${shownSmall(high)}`;

/** Losses are small numbers or large ones. */
const shownSmall = (value: number): string =>
  Math.abs(value) < 1 ? String(Number(value.toPrecision(3))).replace("-", "−") : shown(value);

const tooFew = ({ challenger }: Trial): readonly Reason[] => {
  const customers = new Set(challenger.rows.map(({ customerId }) => customerId)).size;
  const happened = challenger.rows.filter((row) => row.happened > 0).length;
  const rest = challenger.rows.length - happened;
  if (customers >= CUSTOMERS_MIN && Math.min(happened, rest) >= OUTCOMES_MIN) return [];
  return [
    {
      code: "TOO_FEW",
      sentence: `the later rows are of ${customers} customers, ${happened} with and ${rest} without the outcome; at least ${CUSTOMERS_MIN} customers and ${OUTCOMES_MIN} of each are needed to tell a good model from luck`,
    },
  ];
};

const leaked = ({ leaks }: Trial): readonly Reason[] =>
  leaks.map(({ feature, auc }) => ({
    code: "LEAK",
    sentence: `${feature} alone tells the outcome (AUC ${auc}): it is probably known only afterwards; take it out and train again`,
  }));

const againstBaselines = (trial: Trial): readonly Reason[] =>
  trial.baselines.flatMap((baseline, place) => {
    const difference = differenceOf(trial, baseline);
    // A constant knows nothing: to be better than it by luck is easy, so the whole interval must be, and by an amount that is worth a model.
    const isBetter =
      place === 0
        ? difference.high < 0 && -difference.mean >= GAIN_MIN * meanLoss(trial, baseline)
        : difference.mean < 0;
    if (isBetter) return [];
    return [
      {
        code: "NO_BETTER_THAN_BASELINE",
        sentence: `${trial.challenger.estimator} is not better than ${baseline.estimator.replace("baseline: ", "")} in ${trial.lossName} (${told(difference)})`,
      },
    ];
  });

const againstChampion = (trial: Trial): readonly Reason[] => {
  if (trial.champion === null) return [];
  const difference = differenceOf(trial, trial.champion);
  if (difference.low <= 0) return [];
  return [
    {
      code: "WORSE_THAN_CHAMPION",
      sentence: `${trial.challenger.estimator} is worse than ${trial.champion.estimator} in ${trial.lossName} (${told(difference)})`,
    },
  ];
};

const calibration = ({ calibrationError }: Trial): readonly Reason[] =>
  calibrationError === null || calibrationError <= CALIBRATION_MAX
    ? []
    : [
        {
          code: "MISCALIBRATED",
          sentence: `its probabilities are ${shown(100 * calibrationError)} points off on average, more than ${100 * CALIBRATION_MAX}: rules that compare them with a threshold would be misled`,
        },
      ];

/** Good news is told as well: by how much the challenger beats what it is to replace. */
const praise = (trial: Trial): readonly Reason[] => {
  const rivals = [
    ...(trial.champion === null ? [] : [trial.champion]),
    ...trial.baselines.slice(0, 1),
  ];
  return rivals.map((rival) => ({
    code: "COMPARED",
    sentence: `${trial.lossName} against ${rival.estimator.replace("baseline: ", "")}: ${told(differenceOf(trial, rival))}`,
  }));
};

/** Refused with every reason, or free to be promoted with the comparisons that it won or drew. */
export const passGate = (trial: Trial): Omit<Verdict, "against"> => {
  const refusals = [
    ...tooFew(trial),
    ...leaked(trial),
    ...againstBaselines(trial),
    ...againstChampion(trial),
    ...calibration(trial),
  ];
  return refusals.length > 0
    ? { kind: "refuse", reasons: refusals }
    : { kind: "promote", reasons: praise(trial) };
};
