import { describe, expect, it } from "vitest";
import type { Fitted } from "../../../src/core/models/fitted.ts";
import { splitByTime } from "../../../src/core/models/history-row.ts";
import type { HistoryRow } from "../../../src/core/models/history-row.ts";
import { type Models, openModels, predict } from "../../../src/core/models/predict.ts";
import {
  describeCentre,
  nameClusters,
  SEGMENT_NAMES,
} from "../../../src/core/models/segment-names.ts";
import { trainChurn } from "../../../src/core/models/train-churn.ts";
import { lostAgainst, type TrainingContext } from "../../../src/core/models/train-common.ts";
import { trainSegments } from "../../../src/core/models/train-segments.ts";
import { trainSpend } from "../../../src/core/models/train-spend.ts";
import type { TrainingResult } from "../../../src/core/training.ts";
import { context, cutoff, features, shopRows } from "./made.ts";

type Trainer = (rows: readonly HistoryRow[], given: TrainingContext) => Fitted<TrainingResult>;

const TRAINERS: readonly (readonly [string, Trainer])[] = [
  ["segments", trainSegments],
  ["churn", trainChurn],
  ["spend", trainSpend],
];

const rows = shopRows({ customers: 60, cutoffs: 6 });

const result = (trained: Fitted<TrainingResult>): TrainingResult => {
  if (trained.kind === "refused") throw new Error(trained.sentence);
  return trained.value;
};

const opened = (trained: Fitted<TrainingResult>): Models => {
  const models = openModels(result(trained).files);
  if (models.kind === "faulty") throw new Error(JSON.stringify(models.faults));
  return models.value;
};

const scoreOf = (trained: Fitted<TrainingResult>, estimator: string, metric: string): number =>
  result(trained).report.scores.find(
    (score) => score.estimator === estimator && score.metric === metric,
  )?.value ?? Number.NaN;

describe.each(TRAINERS)("training %s", (task, train) => {
  it("gives one readable file that opens again, with its card", () => {
    const { files, report } = result(train(rows, context));
    expect(Object.keys(files)).toEqual([`models/${task}.json`]);
    const saved = JSON.parse(files[`models/${task}.json`] ?? "") as { card: object };
    expect(saved.card).toMatchObject({
      data: context.data,
      rows: report.rows,
      from: context.from,
      to: context.to,
      seed: 1,
      command: context.command,
      scores: report.scores,
    });
    expect(report.notes.slice(0, 1)).toEqual((saved.card as { notes: string[] }).notes.slice(0, 1));
    expect(Object.keys(opened(train(rows, context)))).toEqual([task]);
  });

  it("gives the same bytes for the same rows and seed, whatever was trained before", () => {
    const first = result(train(rows, context)).files;
    train(shopRows({ customers: 80, cutoffs: 5, seed: 9 }), context);
    expect(result(train(rows, context)).files).toEqual(first);
  });

  it("puts at least two baselines beside the model", () => {
    const estimators = new Set(
      result(train(rows, context)).report.scores.map(({ estimator }) => estimator),
    );
    const baselines = [...estimators].filter((name) => name.startsWith("baseline: "));
    expect(baselines.length).toBeGreaterThanOrEqual(2);
    expect(estimators.size).toBeGreaterThan(baselines.length);
  });

  it("predicts the same from the file as from the file read a second time", () => {
    const customer = features({
      recencyDays: 12,
      frequency: 5,
      monetary: 150,
      monthlySpend: 30,
      averageOrder: 30,
      overdue: 0.6,
      meanGapDays: 20,
      tenureDays: 130,
      daysSinceAppOpen: 6,
    });
    const once = predict(customer, opened(train(rows, context)));
    expect(Object.keys(once)).toHaveLength(1);
    expect(predict(customer, opened(train(rows, context)))).toEqual(once);
  });

  it("is refused without rows, and where no horizon ends before the rows that would score it", () => {
    expect(train([], context).kind).toBe("refused");
    expect(
      train(
        rows.filter(({ at }) => at === cutoff(0)),
        context,
      ),
    ).toMatchObject({ kind: "refused", code: "TOO_FEW" });
  });
});

describe("a trained model", () => {
  it("of churn ranks customers who stop above those who go on, better than a constant", () => {
    const trained = trainChurn(rows, context);
    expect(scoreOf(trained, "tree", "auc")).toBeGreaterThan(0.8);
    expect(scoreOf(trained, "tree", "logLoss")).toBeLessThan(
      scoreOf(trained, "baseline: constant", "logLoss"),
    );
    const models = opened(trained);
    const away =
      predict(features({ recencyDays: 110, frequency: 3 }), models).churn?.probability ?? 0;
    const near =
      predict(features({ recencyDays: 4, frequency: 3 }), models).churn?.probability ?? 1;
    expect(away).toBeGreaterThan(near);
  });

  it("of churn says nothing about a customer who never ordered", () => {
    expect(
      predict(features({ tenureDays: 3, frequency: 0 }), opened(trainChurn(rows, context))),
    ).toEqual({});
  });

  it("of spend is nearer to the truth than the mean", () => {
    const trained = trainSpend(rows, context);
    expect(scoreOf(trained, "regression", "rmse")).toBeLessThan(
      scoreOf(trained, "baseline: mean", "rmse"),
    );
  });

  it("of churn is refused where everybody goes on", () => {
    const faithful = rows.map((row) => ({ ...row, outcome: { orders: 1, spend: 5 } }));
    expect(trainChurn(faithful, context)).toMatchObject({ kind: "refused", code: "CONSTANT" });
  });

  it("of segments is refused where all customers are alike", () => {
    const alike = rows.map((row) => ({ ...row, features: features({ tenureDays: 5 }) }));
    expect(trainSegments(alike, context).kind).toBe("refused");
  });

  it("leaves rows without an outcome out of churn and spend", () => {
    const open = rows.map((row) => (row.at === cutoff(5) ? { ...row, outcome: null } : row));
    expect(result(trainChurn(open, context)).report.rows).toBe(
      result(
        trainChurn(
          rows.filter(({ at }) => at !== cutoff(5)),
          context,
        ),
      ).report.rows,
    );
  });
});

describe("the split by time", () => {
  it("fits on nothing whose outcome reaches into the scored cut-offs", () => {
    const { earlier, later } = splitByTime(rows, 60);
    expect([...new Set(later.map(({ at }) => at))]).toEqual([cutoff(4), cutoff(5)]);
    expect([...new Set(earlier.map(({ at }) => at))]).toEqual([cutoff(0), cutoff(1), cutoff(2)]);
  });

  it("of one cut-off or none leaves nothing to fit on", () => {
    expect(splitByTime([], 60)).toEqual({ earlier: [], later: [] });
    expect(
      splitByTime(
        rows.filter(({ at }) => at === cutoff(3)),
        60,
      ).earlier,
    ).toEqual([]);
  });
});

describe("names of segments", () => {
  const scales = (
    ["recencyDays", "frequency", "monetary", "tenureDays", "overdue", "daysSinceAppOpen"] as const
  ).map((name) => ({ name, missing: 0, transform: "none" as const, mean: 10, deviation: 5 }));

  it("follow the centre, not its number", () => {
    const centres = [
      [1.8, -0.3, -0.4, 0.2, 0.4, 2],
      [-0.7, 1.2, 1.3, 0.4, -0.5, -0.3],
      [-0.2, -0.6, -0.5, -2, -0.2, -0.4],
      [0.6, 0.4, 0.2, 0.3, 2.1, 0.1],
      [0.3, -1.8, -1.9, 0.1, 0, -0.5],
    ];
    const names = nameClusters(centres, scales);
    expect(names).toEqual(["dormant", "loyal", "new", "at_risk", "browsing"]);
    expect(nameClusters(centres.toReversed(), scales)).toEqual(names.toReversed());
  });

  it("are never given twice, and nobody goes without one", () => {
    const centres = Array.from({ length: SEGMENT_NAMES.length }, () => [0, 1, 1, 0, 0, 0]);
    expect(new Set(nameClusters(centres, scales)).size).toBe(SEGMENT_NAMES.length);
    const oneMore = nameClusters([...centres, [0, 1, 1, 0, 0, 0]], scales);
    expect(oneMore.filter((name) => name === "other")).toHaveLength(2);
  });

  it("come with a sentence in the units of the features", () => {
    expect(describeCentre([2, 0, 0, -1, 0.5, 0], scales)).toBe(
      "high recencyDays (around 20), low tenureDays (around 5), high overdue (around 12.5)",
    );
  });
});

const score = (estimator: string, metric: string, value: number) => ({ estimator, metric, value });

describe("what is said when a baseline wins", () => {
  it("names baseline, metric and both figures, in the metric's own direction", () => {
    expect(
      lostAgainst([
        score("tree", "auc", 0.7),
        score("tree", "logLoss", 0.5),
        score("baseline: recency alone", "auc", 0.8),
        score("baseline: recency alone", "logLoss", 0.6),
        score("baseline: recency alone", "brier", 0.1),
      ]),
    ).toEqual(["The tree does not beat baseline: recency alone in auc (0.7 against 0.8)."]);
    expect(lostAgainst([])).toEqual([]);
  });
});
