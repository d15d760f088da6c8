/** Figures of a classifier on labelled texts: accuracy, F1, calibration, coverage, and what is taken for what. */
import { calibrationError } from "./calibrate.ts";

/** One text: what holds, what was said, and how surely. `inScope` false means that the model abstained. */
export interface Answered {
  readonly truth: readonly string[];
  readonly said: readonly string[];
  readonly confidence: number;
  readonly inScope: boolean;
}

export interface LabelScore {
  readonly label: string;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Texts that have the label. */
  readonly support: number;
}

export interface Evaluation {
  readonly n: number;
  /** Share of texts whose labels were all said, and no other. */
  readonly accuracy: number;
  readonly macroF1: number;
  readonly perLabel: readonly LabelScore[];
  /** Mean distance of confidence and accuracy over ten bins, 0..1. */
  readonly calibrationError: number;
  /** Share of texts that the model takes to be in its scope. */
  readonly coverage: number;
}

const round4 = (value: number): number => Math.round(value * 10_000) / 10_000;

const isRight = ({ truth, said }: Answered): boolean =>
  truth.length === said.length && truth.every((label) => said.includes(label));

const labelScores = (answers: readonly Answered[]): readonly LabelScore[] => {
  const counts = new Map<string, { both: number; truth: number; said: number }>();
  const of = (label: string) => {
    const known = counts.get(label) ?? { both: 0, truth: 0, said: 0 };
    counts.set(label, known);
    return known;
  };
  for (const { truth, said } of answers) {
    for (const label of truth) {
      of(label).truth += 1;
      if (said.includes(label)) of(label).both += 1;
    }
    for (const label of said) of(label).said += 1;
  }
  return [...counts]
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([label, { both, truth, said }]) => ({
      label,
      precision: round4(said === 0 ? 0 : both / said),
      recall: round4(truth === 0 ? 0 : both / truth),
      f1: round4(truth + said === 0 ? 0 : (2 * both) / (truth + said)),
      support: truth,
    }));
};

/** All figures. Macro-F1 is the mean over the labels that occur in the truth. */
export const evaluateAnswers = (answers: readonly Answered[]): Evaluation => {
  const perLabel = labelScores(answers);
  const occurring = perLabel.filter(({ support }) => support > 0);
  const said = answers.map((answer) => ({ confidence: answer.confidence, right: isRight(answer) }));
  const count = Math.max(1, answers.length);
  return {
    n: answers.length,
    accuracy: round4(said.filter(({ right }) => right).length / count),
    macroF1: round4(occurring.reduce((sum, { f1 }) => sum + f1, 0) / Math.max(1, occurring.length)),
    perLabel,
    calibrationError: round4(calibrationError(said)),
    coverage: round4(answers.filter(({ inScope }) => inScope).length / count),
  };
};
