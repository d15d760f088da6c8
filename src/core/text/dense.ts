/** What the lexicons find in a text, as some forty numbers of about one: what small sets of labels cannot teach a model. */
import { CUE_SECTIONS, type CueHit } from "./cues.ts";
import type { Classifier } from "./classifier.ts";
import { type Share, SHARE_MIN } from "./attribution.ts";
import type { Reading } from "./reading.ts";
import type { Feeling } from "./sentiment.ts";

const FEELING_NAMES = [
  "positive",
  "negative",
  "balance",
  "last",
  "first",
  "positive words",
  "negative words",
  "strongest positive",
  "strongest negative",
  "agreement",
  "exclamation",
  "question",
] as const;

/** How the text feels, then how often it points at each section of the cue lexicon. */
export const LEXICAL_NAMES: readonly string[] = [
  ...FEELING_NAMES,
  ...CUE_SECTIONS.map((section) => `cue ${section}`),
];
const CUES_FROM = FEELING_NAMES.length;

/** Weight of the dense features against the unit-length grams: 0.3 and 0.5 score alike, 1 drowns the grams. */
const SCALE = 0.8;

const saturated = (value: number, half: number): number => value / (value + half);

/** What the lexicons found in a text or a clause of it. */
export interface Lexical {
  readonly feeling: Feeling;
  readonly cues: readonly CueHit[];
  /** The text that they were found in. */
  readonly open: string;
}

const writeFeeling = ({ cues, positive, negative, raw }: Feeling, into: Float64Array): void => {
  let up = 0;
  let most = 0;
  let least = 0;
  for (const { weight } of cues) {
    if (weight > 0) up += 1;
    if (weight > most) most = weight;
    if (weight < least) least = weight;
  }
  const down = cues.length - up;
  const first = cues[0]?.weight ?? 0;
  const last = cues.at(-1)?.weight ?? 0;
  into[0] = SCALE * saturated(positive, 3);
  into[1] = SCALE * saturated(negative, 3);
  into[2] = (SCALE * raw) / Math.sqrt(raw * raw + 15);
  into[3] = (SCALE * last) / Math.sqrt(last * last + 4);
  into[4] = (SCALE * first) / Math.sqrt(first * first + 4);
  into[5] = SCALE * saturated(up, 2);
  into[6] = SCALE * saturated(down, 2);
  into[7] = (SCALE * Math.min(5, most)) / 5;
  into[8] = (SCALE * Math.max(-5, least)) / 5;
  into[9] = (SCALE * (up - down)) / (up + down + 1);
};

/** Writes the features from `into[0]` on, in the order of `LEXICAL_NAMES`. No allocation. */
export const writeLexical = (found: Lexical, into: Float64Array): void => {
  writeFeeling(found.feeling, into);
  into[10] = found.open.includes("!") ? SCALE : 0;
  into[11] = found.open.includes("?") ? SCALE : 0;
  into.fill(0, CUES_FROM, LEXICAL_NAMES.length);
  for (const { sections } of found.cues)
    for (const section of sections)
      into[CUES_FROM + section] = (into[CUES_FROM + section] as number) + 1;
  for (let at = CUES_FROM; at < LEXICAL_NAMES.length; at += 1)
    into[at] = SCALE * saturated(into[at] as number, 1);
};

/** Where the first mark with this character stands; the whole text has none without it. */
const markSpan = (
  { tokens }: Reading,
  character: string,
): { from: number; to: number } | undefined =>
  tokens.find(({ kind, text }) => kind === "mark" && text.includes(character));

/**
 * What the dense features add to a column's margin, dealt to the cues behind them: sums to their sides, first and last to theirs,
 * balance and agreement to all by their part. Sums to the dense part of the margin, but for what no cue stands behind.
 */
export const denseShares = (
  model: Classifier,
  column: number,
  reading: Reading,
): readonly Share[] => {
  const values = new Float64Array(LEXICAL_NAMES.length);
  writeLexical(reading, values);
  const part = (feature: number): number =>
    (values[feature] as number) * (model.denseWeights[feature * model.columns + column] as number);
  const { cues, positive, negative, raw } = reading.feeling;
  let [most, least, up] = [0, 0, 0];
  const weights = new Map<number, number>();
  for (const { weight } of cues) {
    if (weight > 0) up += 1;
    most = Math.max(most, weight);
    least = Math.max(least, -weight);
    weights.set(weight, (weights.get(weight) ?? 0) + 1);
  }
  const down = cues.length - up;
  /** What every cue of a side has a part in: the sum, the number, and the strongest word. */
  const ofSide = (weight: number, gain: boolean): number => {
    const side = Math.abs(weight) / (gain ? positive : negative);
    const peers =
      Math.abs(weight) === (gain ? most : least) ? (weights.get(weight) ?? 1) : Infinity;
    return (
      part(gain ? 0 : 1) * side +
      part(gain ? 5 : 6) / (gain ? up : down) +
      part(gain ? 7 : 8) / peers
    );
  };
  /** Its part in what all cues make together: balance and agreement. */
  const ofAll = (weight: number): number =>
    (raw === 0 ? 0 : (part(2) * weight) / raw) +
    (up === down ? 0 : (part(9) * Math.sign(weight)) / (up - down));
  const shares: Share[] = [];
  for (const [index, { weight, from, to }] of cues.entries()) {
    const share =
      ofSide(weight, weight > 0) +
      ofAll(weight) +
      (index === 0 ? part(4) : 0) +
      (index === cues.length - 1 ? part(3) : 0);
    if (Math.abs(share) >= SHARE_MIN) shares.push({ from, to, weight: share });
  }
  for (const [feature, character] of [
    [10, "!"],
    [11, "?"],
  ] as const) {
    const span = markSpan(reading, character);
    if (span !== undefined && part(feature) !== 0)
      shares.push({ from: span.from, to: span.to, weight: part(feature) });
  }
  return [...shares, ...cueShares(reading.cues, part)];
};

/** Every hit of a section has the same part in what the section adds. */
const cueShares = (
  hits: readonly CueHit[],
  part: (feature: number) => number,
): readonly Share[] => {
  const counts = new Map<number, number>();
  for (const { sections } of hits)
    for (const section of sections) counts.set(section, (counts.get(section) ?? 0) + 1);
  return hits.map(({ from, to, sections }) => ({
    from,
    to,
    weight: sections.reduce(
      (sum, section) => sum + part(CUES_FROM + section) / (counts.get(section) ?? 1),
      0,
    ),
  }));
};
