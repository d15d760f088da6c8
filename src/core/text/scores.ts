/** Figures of the text models and their baselines, per language: `topics.accuracy.en`, `topics.macroF1.zh`, `urgency.auc.en`, `sentiment.sign.zh`. */
import { TOPICS } from "../analysis.ts";
import type { Score } from "../models/training.ts";
import type { LabelledFeedback } from "./labelled.ts";

/** A row and what every estimator said of it without having seen it. */
export interface Judged {
  readonly row: LabelledFeedback;
  readonly topics: readonly string[];
  readonly best: string;
  readonly urgency: number;
  /** Sentiment label by lexicons and polarity model, and by the lexicons alone. */
  readonly felt: string;
  readonly feltByLexicon: string;
  readonly bayesTopic: string;
  readonly bayesUrgency: number;
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

const round4 = (value: number): number => Math.round(value * 10_000) / 10_000;

/** Mean F1 over the topics that occur in the labels. */
export const macroF1 = (
  rows: readonly { readonly truth: readonly string[]; readonly said: readonly string[] }[],
): number => {
  const occurring = TOPICS.filter((topic) => rows.some(({ truth }) => truth.includes(topic)));
  const each = occurring.map((topic) => {
    const both = rows.filter(
      ({ truth, said }) => truth.includes(topic) && said.includes(topic),
    ).length;
    const either = rows.reduce(
      (sum, { truth, said }) => sum + Number(truth.includes(topic)) + Number(said.includes(topic)),
      0,
    );
    return ratio(2 * both, either);
  });
  return ratio(
    each.reduce((sum, value) => sum + value, 0),
    each.length,
  );
};

/** Area under the ROC curve by ranks (Mann-Whitney), ties counted half; 0.5 when one class is empty. */
export const auc = (
  rows: readonly { readonly truth: boolean; readonly score: number }[],
): number => {
  const positives = rows.filter(({ truth }) => truth).length;
  const negatives = rows.length - positives;
  if (positives === 0 || negatives === 0) return 0.5;
  const sorted = rows.toSorted((left, right) => left.score - right.score);
  let rankSum = 0;
  for (let at = 0; at < sorted.length;) {
    let end = at;
    while (end < sorted.length && sorted[end]?.score === sorted[at]?.score) end += 1;
    const rank = (at + 1 + end) / 2;
    rankSum += rank * sorted.slice(at, end).filter(({ truth }) => truth).length;
    at = end;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
};

const sign = (label: string): number =>
  label.endsWith("positive") ? 1 : label.endsWith("negative") ? -1 : 0;

const commonest = (labels: readonly string[]): string => {
  const counts = new Map<string, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  return (
    [...counts].toSorted(
      (left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1),
    )[0]?.[0] ?? "other"
  );
};

const topicScores = (judged: readonly Judged[], suffix: string): readonly Score[] => {
  const constant = commonest(judged.flatMap(({ row }) => row.labels.topics));
  const estimators: readonly {
    readonly name: string;
    readonly said: (row: Judged) => readonly string[];
    readonly best: (row: Judged) => string;
  }[] = [
    { name: "linear", said: (row) => row.topics, best: (row) => row.best },
    {
      name: "baseline: natural Bayes",
      said: (row) => [row.bayesTopic],
      best: (row) => row.bayesTopic,
    },
    { name: "baseline: constant", said: () => [constant], best: () => constant },
  ];
  return estimators.flatMap(({ name, said, best }) => [
    {
      estimator: name,
      metric: `topics.accuracy.${suffix}`,
      value: round4(
        ratio(
          judged.filter((row) => row.row.labels.topics.some((topic) => topic === best(row))).length,
          judged.length,
        ),
      ),
    },
    {
      estimator: name,
      metric: `topics.macroF1.${suffix}`,
      value: round4(
        macroF1(judged.map((row) => ({ truth: row.row.labels.topics, said: said(row) }))),
      ),
    },
  ]);
};

const urgencyScores = (judged: readonly Judged[], suffix: string): readonly Score[] =>
  [
    { estimator: "linear", score: (row: Judged) => row.urgency },
    { estimator: "baseline: natural Bayes", score: (row: Judged) => row.bayesUrgency },
    { estimator: "baseline: constant", score: () => 0 },
  ].map(({ estimator, score }) => ({
    estimator,
    metric: `urgency.auc.${suffix}`,
    value: round4(auc(judged.map((row) => ({ truth: row.row.labels.urgent, score: score(row) })))),
  }));

const sentimentScores = (judged: readonly Judged[], suffix: string): readonly Score[] => {
  const sided = judged.filter(({ row }) => sign(row.labels.sentiment) !== 0);
  const constant = commonest(judged.map(({ row }) => row.labels.sentiment));
  const estimators: readonly { readonly name: string; readonly felt: (row: Judged) => string }[] = [
    { name: "lexicon + linear", felt: (row) => row.felt },
    { name: "baseline: lexicon", felt: (row) => row.feltByLexicon },
    { name: "baseline: constant", felt: () => constant },
  ];
  return estimators.flatMap(({ name, felt }) => {
    const right = sided.filter((row) => sign(felt(row)) === sign(row.row.labels.sentiment)).length;
    const exact = judged.filter((row) => felt(row) === row.row.labels.sentiment).length;
    return [
      {
        estimator: name,
        metric: `sentiment.sign.${suffix}`,
        value: round4(ratio(right, sided.length)),
      },
      {
        estimator: name,
        metric: `sentiment.label.${suffix}`,
        value: round4(ratio(exact, judged.length)),
      },
    ];
  });
};

/** All scores, language by language in alphabetical order. */
export const scoresOf = (judged: readonly Judged[]): readonly Score[] => {
  const languages = [...new Set(judged.map(({ row }) => row.lang))].toSorted();
  return languages.flatMap((language) => {
    const some = judged.filter(({ row }) => row.lang === language);
    return [
      ...topicScores(some, language),
      ...urgencyScores(some, language),
      ...sentimentScores(some, language),
    ];
  });
};
