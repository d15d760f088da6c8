/**
 * Training segments: k-means over how recently, how often and for how much customers buy, on a logarithmic and standardised scale
 * (raw amounts put nearly everybody in one cluster). Scored on the customers as they are one horizon after the fitted ones.
 */
import type { FeatureName } from "../feature.ts";
import { nearest, segmentsWatching } from "./clusters.ts";
import { chooseK, type FigureOfK } from "./choose-k.ts";
import { fitClusters, type FittedClusters } from "./clusters-fit.ts";
import { type Fitted, fitted, refused, type Table } from "./fitted.ts";
import { checkRows, type HistoryRow } from "./history-row.ts";
import { MODEL_FORMAT, modelPath, writeModel } from "./model-file.ts";
import type { ScaledFeature } from "./model-shapes.ts";
import { type Matching, matchClusters, rescaled } from "./match-clusters.ts";
import { pointsFrom } from "./points.ts";
import { rounded, scaled } from "./scale.ts";
import { randomFrom, sample } from "./random.ts";
import { type FeatureChoice, fitScales } from "./scale-fit.ts";
import { inertia, silhouette } from "./scores.ts";
import type { ClustersModel } from "./segments-file.ts";
import { describeCentre, nameClusters, SEGMENT_NAMES } from "./segment-names.ts";
import { asPlain, referenceFor } from "./watch.ts";
import { cardOf, type CardFindings, lostAgainst, type TrainingContext } from "./train-common.ts";
import type { Score, TrainingResult, Verdict } from "../training.ts";

const CHOICES: readonly FeatureChoice[] = [
  { name: "recencyDays", missing: "largest", transform: "log1p" },
  { name: "frequency", missing: 0, transform: "log1p" },
  { name: "monetary", missing: 0, transform: "log1p" },
  { name: "tenureDays", missing: 0, transform: "log1p" },
  { name: "overdue", missing: 1, transform: "log1p" },
  { name: "daysSinceAppOpen", missing: "largest", transform: "log1p" },
];

const REQUIRES: readonly FeatureName[] = ["tenureDays"];
const COUNTS: readonly number[] = [3, 4, 5, 6];
/** Moves between segments that a report names. */
const MOVES_SHOWN = 6;

const NOTES: readonly string[] = [
  "Names are derived from the centres; the sentence of each segment says what is typical of it.",
  "Scores are of all customers at the end of the signals, by clusters fitted one horizon earlier; silhouette and inertia are in scaled units.",
  "The number of segments (3 to 6) is the one with the best silhouette of those that come back on other halves of the customers (`choice`); customers lie on a continuum, so borders are soft: see the distance.",
];

interface Clustering {
  readonly scales: readonly ScaledFeature[];
  readonly clusters: FittedClusters;
  /** Of every number of clusters tried. */
  readonly figures: readonly FigureOfK[];
}

const pointsOf = (
  rows: readonly HistoryRow[],
  scales: readonly ScaledFeature[],
): Table<FeatureName>["rows"] =>
  rows.map(({ features }) =>
    scales.map((scale) => scaled(features[scale.name] ?? scale.missing, scale)),
  );

const fitOn = (rows: readonly HistoryRow[], seed: number): Fitted<Clustering> => {
  const found = fitScales(
    CHOICES,
    rows.map(({ features }) => features),
  );
  if (found.kind === "refused") return found;
  const scales = found.value;
  const table = { columns: scales.map(({ name }) => name), rows: pointsOf(rows, scales) };
  const choice = chooseK(pointsFrom(table.rows), { seed, counts: COUNTS });
  if (choice.kind === "refused") return choice;
  const { k, figures } = choice.value;
  const clusters = fitClusters(table, { seed, counts: [k] });
  if (clusters.kind === "refused") return clusters;
  return fitted({ scales, clusters: clusters.value, figures });
};

type Points = readonly (readonly number[])[];

/** Points put into groups, each with the centre of its group. */
interface Grouping {
  readonly estimator: string;
  readonly centroids: Points;
  readonly placeOf: (point: readonly number[]) => number;
}

const SILHOUETTE_ROWS_MAX = 1000;

const scoresOf = (points: Points, grouping: Grouping, seed: number): readonly Score[] => {
  const { estimator, centroids, placeOf } = grouping;
  const few = sample(points, SILHOUETTE_ROWS_MAX, randomFrom(seed));
  return [
    { estimator, metric: "silhouette", value: rounded(silhouette(few, few.map(placeOf))) },
    {
      estimator,
      metric: "inertia",
      value: rounded(inertia(points, points.map(placeOf), centroids)),
    },
  ];
};

const centreOf = (points: Points, width: number): readonly number[] =>
  Array.from({ length: width }, (_, column) => {
    const sum = points.reduce((total, point) => total + (point[column] ?? 0), 0);
    return points.length === 0 ? 0 : sum / points.length;
  });

/** The plainest segments that a shop would draw by hand: thirds of the days since the last order. */
const recencyThirds = (
  earlier: Points,
  scales: readonly ScaledFeature[],
  count: number,
): Grouping => {
  const column = scales.findIndex(({ name }) => name === "recencyDays");
  const sorted = earlier.map((point) => point[column] ?? 0).toSorted((left, right) => left - right);
  const borders = Array.from(
    { length: count - 1 },
    (_, step) => sorted[Math.floor(((step + 1) * sorted.length) / count)] ?? 0,
  );
  const placeOf = (point: readonly number[]): number =>
    borders.filter((border) => (point[column] ?? 0) >= border).length;
  const centroids = Array.from({ length: count }, (_, place) =>
    centreOf(
      earlier.filter((point) => placeOf(point) === place),
      scales.length,
    ),
  );
  return { estimator: "baseline: equal parts by recency", centroids, placeOf };
};

const evaluate = (
  earlier: readonly HistoryRow[],
  latest: readonly HistoryRow[],
  seed: number,
): Fitted<readonly Score[]> => {
  const clustering = fitOn(earlier, seed);
  if (clustering.kind === "refused") return clustering;
  const { scales, clusters } = clustering.value;
  const [before, after] = [pointsOf(earlier, scales), pointsOf(latest, scales)];
  const groupings: readonly Grouping[] = [
    {
      estimator: "clusters",
      centroids: clusters.centroids,
      placeOf: (point) => nearest(point, clusters.centroids).place,
    },
    recencyThirds(before, scales, clusters.centroids.length),
    {
      estimator: "baseline: one segment",
      centroids: [centreOf(before, scales.length)],
      placeOf: () => 0,
    },
  ];
  return fitted(groupings.flatMap((grouping) => scoresOf(after, grouping, seed)));
};

type SavedClusters = ClustersModel["clusters"];

const rankOf = (name: string): number => {
  const rank = SEGMENT_NAMES.indexOf(name);
  return rank < 0 ? SEGMENT_NAMES.length : rank;
};

/** Which new cluster continues which one of the previous model, judged by the customers that both place. */
const matchTo = (
  previous: ClustersModel,
  { scales, clusters }: Clustering,
  rows: readonly HistoryRow[],
): Matching => {
  const open = previous.clusters.map(({ centroid }) => centroid);
  return matchClusters({
    previous: previous.clusters,
    centroids: clusters.centroids.map((centroid) => rescaled(centroid, scales, previous.features)),
    members: {
      before: pointsOf(rows, previous.features).map((point) => nearest(point, open).place),
      after: clusters.places,
    },
    suggested: nameClusters(clusters.centroids, scales),
  });
};

const savedClusters = ({ scales, clusters }: Clustering, names: readonly string[]): SavedClusters =>
  clusters.centroids
    .map((centroid, place) => ({
      name: names[place] ?? "other",
      sentence: describeCentre(centroid, scales),
      size: clusters.places.filter((own) => own === place).length,
      centroid: centroid.map((value) => rounded(value, 6)),
    }))
    .toSorted((left, right) => rankOf(left.name) - rankOf(right.name));

/** What retraining did to the segments that rules know by name. */
const movesAsNotes = (
  { clusters, ended, stayed, moves }: Matching,
  rows: number,
): readonly string[] => {
  const added = clusters.filter(({ previous }) => previous === null).map(({ name }) => name);
  return [
    `Of ${rows} customers, ${stayed ?? 0} keep the segment that the previous model gave them.`,
    ...(added.length === 0 ? [] : [`New segments: ${added.join(", ")}.`]),
    ...(ended.length === 0
      ? []
      : [`Segments that nothing continues: ${ended.join(", ")}; look for rules that name them.`]),
    ...moves
      .slice(0, MOVES_SHOWN)
      .map((move) => `${move.rows} went from ${move.from ?? "none"} to ${move.to ?? "none"}.`),
  ];
};

interface Named {
  readonly names: readonly string[];
  readonly notes: readonly string[];
}

/** Names for the clusters: those of the previous model where it is continued, else derived from the centres. */
const nameAll = (
  clustering: Clustering,
  rows: readonly HistoryRow[],
  previous: ClustersModel | undefined,
): Named => {
  const { scales, clusters } = clustering;
  if (previous === undefined) return { names: nameClusters(clusters.centroids, scales), notes: [] };
  const matching = matchTo(previous, clustering, rows);
  return {
    names: matching.clusters.map(({ name }) => name),
    notes: movesAsNotes(matching, rows.length),
  };
};

/** A number of segments that comes back less often than this on other halves of the customers is chance (mean adjusted Rand index). */
const STABILITY_MIN = 0.6;
/** Segments may be this much less separate than those in force, by the silhouette, before they are refused. */
const SILHOUETTE_SLACK = 0.05;

type Reason = Verdict["reasons"][number];

/** How separate the segments in force are on the same customers, or null. */
const silhouetteBefore = (
  previous: ClustersModel | undefined,
  rows: readonly HistoryRow[],
  seed: number,
): number | null => {
  if (previous === undefined) return null;
  const few = sample(pointsOf(rows, previous.features), SILHOUETTE_ROWS_MAX, randomFrom(seed));
  const centroids = previous.clusters.map(({ centroid }) => centroid);
  return silhouette(
    few,
    few.map((point) => nearest(point, centroids).place),
  );
};

const refusals = (
  { clusters, figures }: Clustering,
  scores: readonly Score[],
  before: number | null,
): readonly Reason[] => {
  const k = clusters.centroids.length;
  const stability = figures.find((figure) => figure.k === k)?.stability ?? 1;
  const own = rounded(clusters.silhouette);
  return [
    ...(stability >= STABILITY_MIN
      ? []
      : [
          {
            code: "UNSTABLE",
            sentence: `${k} segments come back on other halves of the customers with an adjusted Rand index of ${rounded(stability, 2)} only; at least ${STABILITY_MIN} is wanted`,
          },
        ]),
    ...lostAgainst(scores).map((sentence) => ({ code: "NO_BETTER_THAN_BASELINE", sentence })),
    ...(before === null || own >= before - SILHOUETTE_SLACK
      ? []
      : [
          {
            code: "WORSE_THAN_CHAMPION",
            sentence: `its segments are less separate than those in force on the same customers (silhouette ${own} against ${rounded(before)})`,
          },
        ]),
  ];
};

const verdictOf = (
  clustering: Clustering,
  scores: readonly Score[],
  before: number | null,
): Omit<Verdict, "against"> => {
  const reasons = refusals(clustering, scores, before);
  if (reasons.length > 0) return { kind: "refuse", reasons };
  const compared =
    before === null ? "there are none in force" : `those in force have ${rounded(before)}`;
  return {
    kind: "promote",
    reasons: [
      {
        code: "COMPARED",
        sentence: `silhouette ${rounded(clustering.clusters.silhouette)}; ${compared}`,
      },
    ],
  };
};

const choiceOf = ({ figures }: Clustering): readonly Score[] =>
  figures.flatMap((figure) => [
    { estimator: `k = ${figure.k}`, metric: "silhouette", value: rounded(figure.silhouette) },
    { estimator: `k = ${figure.k}`, metric: "stability", value: rounded(figure.stability) },
  ]);

/** The model as it is saved, with what drift will be told from. */
const modelOf = (
  clustering: Clustering,
  names: readonly string[],
  { context, findings }: { readonly context: TrainingContext; readonly findings: CardFindings },
): ClustersModel => {
  const bare: ClustersModel = {
    format: MODEL_FORMAT,
    kind: "clusters",
    task: "segments",
    requires: [...REQUIRES],
    features: clustering.scales.map((scale) => ({ ...scale })),
    clusters: savedClusters(clustering, names),
    card: {
      ...cardOf(context, findings),
      choice: choiceOf(clustering).map((score) => ({ ...score })),
    },
  };
  const reference = referenceFor(context.watched, segmentsWatching(bare));
  if (reference === null) return bare;
  return { ...bare, card: { ...bare.card, reference: asPlain(reference) } };
};

/**
 * The segments of the customers at the latest cut-off of the rows, with their report, or why there can be none.
 * Needs rows at a second cut-off at least one horizon earlier, for the scores. With a `previous` model, segments that continue keep their names.
 */
export const trainSegments = (
  all: readonly HistoryRow[],
  context: TrainingContext,
  previous?: ClustersModel,
): Fitted<TrainingResult> => {
  const refusal = checkRows(all);
  if (refusal !== undefined) return refusal;
  const rows = all.filter(({ features }) => REQUIRES.every((name) => features[name] !== null));
  const cutoffs = [...new Set(rows.map(({ at }) => at))].toSorted();
  const last = cutoffs.at(-1) ?? "";
  const before = cutoffs.findLast(
    (at) => Date.parse(at) + context.horizonDays * 86_400_000 <= Date.parse(last),
  );
  if (before === undefined)
    return refused(
      "TOO_FEW",
      `the signals do not span ${context.horizonDays} days; give a longer history`,
    );
  const latest = rows.filter(({ at }) => at === last);
  const scores = evaluate(
    rows.filter(({ at }) => at === before),
    latest,
    context.seed,
  );
  if (scores.kind === "refused") return scores;
  const clustering = fitOn(latest, context.seed);
  if (clustering.kind === "refused") return clustering;
  const named = nameAll(clustering.value, latest, previous);
  const findings = {
    rows: latest.length,
    scores: scores.value,
    notes: [...NOTES, ...lostAgainst(scores.value)],
  };
  const model = modelOf(clustering.value, named.names, { context, findings });
  return fitted({
    files: { [modelPath("segments")]: writeModel(model) },
    report: {
      task: "segments",
      seed: context.seed,
      ...findings,
      notes: [...findings.notes, ...named.notes],
    },
    verdict: verdictOf(
      clustering.value,
      scores.value,
      silhouetteBefore(previous, latest, context.seed),
    ),
  });
};
