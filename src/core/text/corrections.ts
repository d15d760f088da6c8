/**
 * What people corrected, learned at once: a light layer over the shipped heads that passive-aggressive steps fit when a playbook is opened
 * (Crammer, Dekel, Keshet, Shalev-Shwartz and Singer, 2006). The corrections are part of the playbook, the layer is made from them: same playbook, same layer.
 */
import { z } from "zod";
import { INTENTS, SENTIMENT_LABELS, TOPICS } from "../analysis.ts";
import { type Checked, faulty, faultsOf, sound } from "../fault.ts";
import { fingerprint } from "./lexicon.ts";
import { LIMITS } from "../limits.ts";
import type { Share } from "./attribution.ts";
import { type Classifier, marginReader, termWeight } from "./classifier.ts";
import type { GramCounter, Grams } from "./grams.ts";
import { TEXT_COLUMNS, TEXT_HEADS } from "./heads.ts";

export const correctionSchema = z
  .strictObject({
    /** The feedback that was corrected; a later correction of the same one replaces this. */
    id: z.string().min(1).max(LIMITS.idChars),
    /** Masked text. */
    text: z.string().min(1).max(LIMITS.textChars),
    sentiment: z.enum(SENTIMENT_LABELS).optional(),
    topics: z.array(z.enum(TOPICS)).min(1).optional(),
    intent: z.enum(INTENTS).optional(),
    urgent: z.boolean().optional(),
  })
  .refine(
    ({ sentiment, topics, intent, urgent }) =>
      sentiment !== undefined ||
      topics !== undefined ||
      intent !== undefined ||
      urgent !== undefined,
    { error: "corrects nothing; give sentiment, topics, intent or urgent" },
  );
export type Correction = Readonly<z.output<typeof correctionSchema>>;

export const CORRECTIONS_FILE = "models/text.corrections.json";

const fileSchema = z.strictObject({
  kind: z.literal("text-corrections"),
  formatVersion: z.literal(1),
  corrections: z.array(correctionSchema),
});

/** The corrections of a file's text; no file, no corrections. */
export const readCorrections = (text: string | undefined): Checked<readonly Correction[]> => {
  if (text === undefined) return sound([]);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return faulty([
      { place: CORRECTIONS_FILE, sentence: `is not JSON (${String(error)}); correct it` },
    ]);
  }
  const parsed = fileSchema.safeParse(json);
  return parsed.success
    ? sound(parsed.data.corrections)
    : faulty(faultsOf(parsed.error, CORRECTIONS_FILE));
};

/** One correction from a line of `attune corrections`. */
export const parseCorrection = (line: string, place: string): Checked<Correction> => {
  try {
    const parsed = correctionSchema.safeParse(JSON.parse(line));
    return parsed.success ? sound(parsed.data) : faulty(faultsOf(parsed.error, place));
  } catch (error) {
    return faulty([{ place, sentence: `is not JSON (${String(error)}); correct it` }]);
  }
};

/** The text of a corrections file. */
export const writeCorrections = (corrections: readonly Correction[]): string =>
  `${JSON.stringify({ kind: "text-corrections", formatVersion: 1, corrections }, null, 1)}\n`;

/** The corrections with one more; the last word about a feedback counts, what it leaves open stays. */
export const withCorrection = (
  corrections: readonly Correction[],
  correction: Correction,
): readonly Correction[] => {
  const before = corrections.find(({ id }) => id === correction.id);
  return [...corrections.filter(({ id }) => id !== correction.id), { ...before, ...correction }];
};

/** Names a correction by its content: a later correction of the same feedback is another one. */
export const correctionFingerprint = ({
  id,
  text,
  sentiment,
  topics,
  intent,
  urgent,
}: Correction): string =>
  fingerprint(JSON.stringify([id, text, sentiment, topics, intent, urgent]));

/** What the layer adds to margins. */
export interface CorrectionLayer {
  readonly size: number;
  readonly add: (grams: Grams, scale: number, margins: Float64Array) => void;
  readonly shares: (
    grams: Grams,
    what: { readonly column: number; readonly scale: number },
  ) => readonly Share[];
}

const NO_CORRECTIONS: CorrectionLayer = { size: 0, add: () => {}, shares: () => [] };

/** A column that should be at least (sign 1) or at most (sign −1) `border`; `near`: should lie around it. */
interface Wish {
  readonly column: number;
  readonly sign: 1 | -1;
  readonly border: number;
}

/** How clearly a corrected label should win, in margins of its head. */
const CLEAR = 1.2;
const STEP_MAX = 0.8;
const ROUNDS = 4;
/** Part of a step that the bias takes: what corrections have in common is their domain. */
const BIAS = 0.05;
/** Factor of grams that the model does not know: as rare as the rarest it does. */
const UNKNOWN_FACTOR = 9;

/** Lowest border first: the right label above every other one of its head. */
const oneOf = (name: "sentiment" | "intent", label: string, model: Classifier): readonly Wish[] => {
  const labels: readonly string[] = TEXT_HEADS[name].labels;
  const temperature = model.heads.find((head) => head.name === name)?.temperature ?? 1;
  return labels.map((other, index) => ({
    column: TEXT_COLUMNS[name] + index,
    sign: other === label ? 1 : -1,
    border: (other === label ? 1 : -1) * CLEAR * temperature,
  }));
};

const sideOf = (label: string): readonly Wish[] => {
  const column = TEXT_COLUMNS.polarity;
  if (label.endsWith("positive")) return [{ column, sign: 1, border: CLEAR }];
  if (label.endsWith("negative")) return [{ column, sign: -1, border: -CLEAR }];
  return [
    { column, sign: 1, border: -0.2 },
    { column, sign: -1, border: 0.2 },
  ];
};

const wishesOf = (correction: Correction, model: Classifier): readonly Wish[] => {
  const wishes: Wish[] = [];
  const { sentiment, topics, intent, urgent } = correction;
  if (sentiment !== undefined)
    wishes.push(...sideOf(sentiment), ...oneOf("sentiment", sentiment, model));
  if (intent !== undefined) wishes.push(...oneOf("intent", intent, model));
  if (urgent !== undefined)
    wishes.push({
      column: TEXT_COLUMNS.urgency,
      sign: urgent ? 1 : -1,
      border: urgent ? CLEAR : -CLEAR,
    });
  if (topics !== undefined)
    for (const [index, topic] of TOPICS.entries()) {
      const holds = topics.includes(topic);
      wishes.push({
        column: TEXT_COLUMNS.topics + index,
        sign: holds ? 1 : -1,
        border: holds ? CLEAR : -CLEAR,
      });
    }
  return wishes;
};

/** A text as the layer sees it: every gram, of unit length, and what the heads alone make of it. */
interface Seen {
  readonly slots: Int32Array;
  readonly values: Float64Array;
  readonly margins: Float64Array;
  readonly wishes: readonly Wish[];
}

const factorOf = (model: Classifier, slot: number): number => {
  const row = model.rowOf[slot] as number;
  return row < 0 ? UNKNOWN_FACTOR : (model.factors[row] as number);
};

const lengthOf = (model: Classifier, grams: Grams): number => {
  let squares = 0;
  for (let at = 0; at < grams.size; at += 1)
    squares +=
      (termWeight(grams.counts[at] as number) * factorOf(model, grams.slots[at] as number)) ** 2;
  return Math.sqrt(squares) || 1;
};

/** Weights of the layer: a row of columns for every slot that some correction has, and one bias a column. */
class Layer {
  readonly rows = new Map<number, Float64Array>();
  readonly bias: Float64Array;
  readonly columns: number;

  constructor(columns: number) {
    this.columns = columns;
    this.bias = new Float64Array(columns);
  }

  row(slot: number): Float64Array {
    const known = this.rows.get(slot);
    if (known !== undefined) return known;
    const fresh = new Float64Array(this.columns);
    this.rows.set(slot, fresh);
    return fresh;
  }

  margin(seen: Seen, column: number): number {
    let sum = (seen.margins[column] as number) + (this.bias[column] as number);
    for (const [at, slot] of seen.slots.entries())
      sum += (seen.values[at] as number) * (this.rows.get(slot)?.[column] ?? 0);
    return sum;
  }

  learn(seen: Seen, { column, sign, border }: Wish): void {
    const lacking = sign * (border - this.margin(seen, column));
    if (lacking <= 0) return;
    const step = sign * Math.min(STEP_MAX, lacking / (1 + BIAS));
    this.bias[column] = (this.bias[column] as number) + step * BIAS;
    for (const [at, slot] of seen.slots.entries()) {
      const row = this.row(slot);
      row[column] = (row[column] as number) + step * (seen.values[at] as number);
    }
  }
}

export interface LearnFrom {
  readonly model: Classifier;
  readonly counter: GramCounter;
  /** Counts the grams of a text and writes its dense features. */
  readonly read: (text: string) => { readonly grams: Grams; readonly dense: Float64Array };
}

/** The layer that these corrections teach. Some 50 µs a correction and round. */
export const learnCorrections = (
  corrections: readonly Correction[],
  { model, read }: LearnFrom,
): CorrectionLayer => {
  if (corrections.length === 0) return NO_CORRECTIONS;
  const margins = marginReader(model);
  const layer = new Layer(model.columns);
  const seen = corrections.map((correction): Seen => {
    const { grams, dense } = read(correction.text);
    const length = lengthOf(model, grams);
    const slots = grams.slots.slice(0, grams.size);
    const values = Float64Array.from(
      slots,
      (slot, at) => (termWeight(grams.counts[at] as number) * factorOf(model, slot)) / length,
    );
    const own = Float64Array.from(margins.read(grams, dense).values);
    return { slots, values, margins: own, wishes: wishesOf(correction, model) };
  });
  for (let round = 0; round < ROUNDS; round += 1)
    for (const one of seen) for (const wish of one.wishes) layer.learn(one, wish);
  return {
    size: corrections.length,
    add: (grams, _scale, into) => {
      const length = lengthOf(model, grams);
      for (let column = 0; column < into.length; column += 1)
        into[column] = (into[column] as number) + (layer.bias[column] as number);
      for (let at = 0; at < grams.size; at += 1) {
        const slot = grams.slots[at] as number;
        const row = layer.rows.get(slot);
        if (row === undefined) continue;
        const value = (termWeight(grams.counts[at] as number) * factorOf(model, slot)) / length;
        for (let column = 0; column < into.length; column += 1)
          into[column] = (into[column] as number) + value * (row[column] as number);
      }
    },
    shares: (grams, { column }) => sharesIn(layer, model, { grams, column }),
  };
};

const sharesIn = (
  layer: Layer,
  model: Classifier,
  { grams, column }: { readonly grams: Grams; readonly column: number },
): readonly Share[] => {
  const length = lengthOf(model, grams);
  const shares: Share[] = [];
  for (let place = 0; place < grams.places; place += 1) {
    const index = grams.at[place] as number;
    const slot = grams.slots[index] as number;
    const weight = layer.rows.get(slot)?.[column] ?? 0;
    if (weight === 0) continue;
    const count = grams.counts[index] as number;
    const value = (termWeight(count) * factorOf(model, slot)) / length / count;
    shares.push({
      from: grams.from[place] as number,
      to: grams.to[place] as number,
      weight: value * weight,
    });
  }
  return shares;
};
