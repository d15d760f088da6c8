/**
 * Topics that the taxonomy does not have: clusters of feedback that no topic explains, the words that mark them, and how they grow from week to week.
 * Leader clustering over weighted terms with one round of refinement: linear in texts × clusters, the same for any order of equal times.
 */

/** Feedback as this room needs it: its terms (stems, Chinese character pairs) and whether a topic explains it. */
export interface TopicText {
  readonly id: string;
  /** Masked. */
  readonly text: string;
  /** ISO 8601. */
  readonly at: string;
  readonly language: string;
  readonly terms: readonly string[];
  readonly isExplained: boolean;
}

export interface EmergingTopic {
  /** Terms that mark the cluster against everything else, strongest first. */
  readonly words: readonly string[];
  readonly language: string;
  readonly texts: number;
  /** Texts in each week, oldest first; the last one is the newest. */
  readonly weeks: readonly number[];
  /** Texts a week in the newest quarter of the weeks ÷ those of the weeks before, each with one half added. */
  readonly growth: number;
  /** Texts nearest to the middle of the cluster. */
  readonly examples: readonly { readonly id: string; readonly text: string }[];
}

export interface EmergingOptions {
  /** Weeks that are looked at, back from the newest text. */
  readonly weeks: number;
  /** Fewer texts are no topic. */
  readonly textsMin: number;
  readonly atMost: number;
}

const WEEK_MS = 7 * 24 * 3_600_000;
/** Cosine from which a text joins a cluster, and from which two clusters are one. */
const JOIN = 0.22;
const MERGE = 0.45;
const CLUSTERS_MAX = 400;
const WORDS = 6;
const EXAMPLES = 3;

type Vector = ReadonlyMap<string, number>;

interface Placed {
  readonly text: TopicText;
  readonly vector: Vector;
  readonly week: number;
}

interface Cluster {
  readonly sum: Map<string, number>;
  members: Placed[];
}

const unit = (weights: Map<string, number>): Vector => {
  let squares = 0;
  for (const weight of weights.values()) squares += weight * weight;
  const length = Math.sqrt(squares) || 1;
  return new Map(Array.from(weights, ([term, weight]) => [term, weight / length]));
};

const vectorOf = ({ terms }: TopicText, idf: ReadonlyMap<string, number>): Vector => {
  const weights = new Map<string, number>();
  for (const term of new Set(terms)) {
    const weight = idf.get(term) ?? 0;
    if (weight > 0) weights.set(term, weight);
  }
  return unit(weights);
};

const lengthOf = (sum: Vector): number => {
  let squares = 0;
  for (const weight of sum.values()) squares += weight * weight;
  return Math.sqrt(squares) || 1;
};

const product = (left: Vector, right: Vector): number => {
  let sum = 0;
  const [short, long] = left.size < right.size ? [left, right] : [right, left];
  for (const [term, weight] of short) sum += weight * (long.get(term) ?? 0);
  return sum;
};

const add = (cluster: Cluster, placed: Placed): void => {
  cluster.members.push(placed);
  for (const [term, weight] of placed.vector)
    cluster.sum.set(term, (cluster.sum.get(term) ?? 0) + weight);
};

const nearest = (
  clusters: readonly Cluster[],
  vector: Vector,
): { readonly cluster: Cluster | undefined; readonly cosine: number } => {
  let cluster: Cluster | undefined;
  let cosine = 0;
  for (const one of clusters) {
    const own = product(vector, one.sum) / lengthOf(one.sum);
    if (own > cosine) [cluster, cosine] = [one, own];
  }
  return { cluster, cosine };
};

const lead = (placed: readonly Placed[]): readonly Cluster[] => {
  const clusters: Cluster[] = [];
  for (const one of placed) {
    const { cluster, cosine } = nearest(clusters, one.vector);
    if (cluster !== undefined && (cosine >= JOIN || clusters.length >= CLUSTERS_MAX))
      add(cluster, one);
    else {
      const fresh: Cluster = { sum: new Map(), members: [] };
      add(fresh, one);
      clusters.push(fresh);
    }
  }
  return clusters;
};

/** Every text again to the nearest of the found middles; texts near none belong to none. */
const refine = (clusters: readonly Cluster[], placed: readonly Placed[]): readonly Cluster[] => {
  const middles = clusters.filter(({ members }) => members.length > 1);
  const next = middles.map((): Cluster => ({ sum: new Map(), members: [] }));
  for (const one of placed) {
    const { cluster, cosine } = nearest(middles, one.vector);
    const own = cluster === undefined ? undefined : next[middles.indexOf(cluster)];
    if (own !== undefined && cosine >= JOIN) add(own, one);
  }
  return next.filter(({ members }) => members.length > 0);
};

const merged = (clusters: readonly Cluster[]): readonly Cluster[] => {
  const kept: Cluster[] = [];
  for (const cluster of clusters.toSorted(
    (left, right) => right.members.length - left.members.length,
  )) {
    const alike = kept.find(
      (one) => product(one.sum, cluster.sum) / lengthOf(one.sum) / lengthOf(cluster.sum) >= MERGE,
    );
    if (alike === undefined) kept.push(cluster);
    else for (const member of cluster.members) add(alike, member);
  }
  return kept;
};

/** Terms by their log-odds in the cluster against all texts, with a prior of one text (Monroe, Colaresi and Quinn, 2008). */
const wordsOf = (
  cluster: Cluster,
  counts: ReadonlyMap<string, number>,
  total: number,
): readonly string[] => {
  const own = new Map<string, number>();
  for (const { text } of cluster.members)
    for (const term of new Set(text.terms)) own.set(term, (own.get(term) ?? 0) + 1);
  const size = cluster.members.length;
  return [...own]
    .filter(([term, count]) => count >= Math.max(2, size * 0.2) && !/^\d+$/u.test(term))
    .map(([term, count]) => {
      const rest = (counts.get(term) ?? count) - count;
      const odds =
        Math.log((count + 0.5) / (size - count + 0.5)) -
        Math.log((rest + 0.5) / (total - size - rest + 0.5));
      return { term, odds: odds / Math.sqrt(1 / (count + 0.5) + 1 / (rest + 0.5)) };
    })
    .filter(({ odds }) => odds > 1)
    .toSorted((left, right) => right.odds - left.odds || (left.term < right.term ? -1 : 1))
    .slice(0, WORDS)
    .map(({ term }) => term);
};

const mean = (part: readonly number[]): number =>
  part.reduce((sum, count) => sum + count, 0) / Math.max(1, part.length);

const growthOf = (weeks: readonly number[]): number => {
  const recent = Math.max(1, Math.round(weeks.length / 4));
  const before = weeks.length > recent ? mean(weeks.slice(0, -recent)) : 0;
  return Math.round(((mean(weeks.slice(-recent)) + 0.5) / (before + 0.5)) * 100) / 100;
};

const describe = (
  cluster: Cluster,
  language: string,
  context: {
    readonly counts: ReadonlyMap<string, number>;
    readonly total: number;
    readonly weeks: number;
  },
): EmergingTopic => {
  const weeks = Array.from({ length: context.weeks }, () => 0);
  for (const { week } of cluster.members) weeks[week] = (weeks[week] ?? 0) + 1;
  const near = cluster.members
    .map(({ text, vector }) => ({ text, cosine: product(vector, cluster.sum) }))
    .toSorted(
      (left, right) => right.cosine - left.cosine || (left.text.id < right.text.id ? -1 : 1),
    );
  return {
    words: wordsOf(cluster, context.counts, context.total),
    language,
    texts: cluster.members.length,
    weeks,
    growth: growthOf(weeks),
    examples: near
      .slice(0, EXAMPLES)
      .map(({ text }) => ({ id: text.id, text: text.text.slice(0, 200) })),
  };
};

const countTerms = (texts: readonly TopicText[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const { terms } of texts)
    for (const term of new Set(terms)) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
};

const inLanguage = (
  texts: readonly TopicText[],
  language: string,
  options: EmergingOptions,
): readonly EmergingTopic[] => {
  const own = texts.filter((text) => text.language === language);
  const counts = countTerms(own);
  // A term of one text or of a fifth of all texts joins nothing.
  const idf = new Map(
    Array.from(counts, ([term, count]) => [
      term,
      count < 2 || count > own.length / 5 ? 0 : Math.log(own.length / count),
    ]),
  );
  const newest = texts.reduce((latest, { at }) => Math.max(latest, Date.parse(at)), -Infinity);
  const placed = own
    .filter(({ isExplained }) => !isExplained)
    .toSorted((left, right) =>
      left.at < right.at ? -1 : left.at > right.at ? 1 : left.id < right.id ? -1 : 1,
    )
    .map((text) => ({
      text,
      vector: vectorOf(text, idf),
      week: options.weeks - 1 - Math.floor((newest - Date.parse(text.at)) / WEEK_MS),
    }))
    .filter(({ week, vector }) => week >= 0 && vector.size > 0);
  return merged(refine(lead(placed), placed))
    .filter(({ members }) => members.length >= options.textsMin)
    .map((cluster) =>
      describe(cluster, language, { counts, total: own.length, weeks: options.weeks }),
    )
    .filter(({ words }) => words.length > 0);
};

/** Emerging topics of all languages, those that grow most first. */
export const emergingTopics = (
  texts: readonly TopicText[],
  options: EmergingOptions,
): readonly EmergingTopic[] =>
  [...new Set(texts.map(({ language }) => language))]
    .toSorted()
    .flatMap((language) => inLanguage(texts, language, options))
    .toSorted(
      (left, right) =>
        right.growth * Math.sqrt(right.texts) - left.growth * Math.sqrt(left.texts) ||
        ((left.words[0] ?? "") < (right.words[0] ?? "") ? -1 : 1),
    )
    .slice(0, options.atMost);
