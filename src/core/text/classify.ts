/** A trained classifier as a program that answers: text in, labels and confidence out. Opens models of analysts, with or without a prior. */
import { type Classifier, marginReader, probabilities } from "./classifier.ts";
import { LEXICAL_NAMES, writeLexical } from "./dense.ts";
import { type GramCounter, gramCounter, TASK_GRAM } from "./grams.ts";
import { normalise } from "./normalise.ts";
import { readText } from "./reading.ts";
import type { TextReader } from "./reader.ts";
import type { Answered } from "./scoring.ts";
import { TEXT_COLUMNS, TEXT_HEADS } from "./heads.ts";
import { type Checked, faulty, quote, sound } from "../fault.ts";

/** The prior: what the shipped heads say of feeling, as dense features behind the lexicons' own. */
const PRIOR_LABELS = ["polarity", ...TEXT_HEADS.sentiment.labels] as const;
export const PRIOR_NAMES: readonly string[] = [
  ...LEXICAL_NAMES,
  ...PRIOR_LABELS.map((name) => `prior ${name}`),
];

const PRIOR_SCALE = 0.35;

const squashed = (margin: number): number => margin / Math.sqrt(1 + margin * margin);

/** Writes the dense features that `names` asks for: none, the lexicons', or those and the prior's. */
export const densifier = (
  names: readonly string[],
  reader: TextReader,
): ((text: string, into: Float64Array) => void) => {
  if (names.length === 0) return () => {};
  const { counter } = reader;
  return (text, into) => {
    const reading = readText(text, reader);
    writeLexical(reading, into);
    if (names.length === LEXICAL_NAMES.length) return;
    const { values } = reader.margins.read(
      counter.count(reading.open, reading.cues),
      into.subarray(0, LEXICAL_NAMES.length),
    );
    into[LEXICAL_NAMES.length] =
      PRIOR_SCALE * squashed((values[TEXT_COLUMNS.polarity] as number) / 2);
    for (let label = 0; label < TEXT_HEADS.sentiment.labels.length; label += 1)
      into[LEXICAL_NAMES.length + 1 + label] =
        PRIOR_SCALE * squashed(values[TEXT_COLUMNS.sentiment + label] as number);
  };
};

export type Answer = Omit<Answered, "truth">;

/** Says what a text is. Its arrays are used again: one text at a time. */
export type Answerer = (text: string) => Answer;

const sameNames = (left: readonly string[], right: readonly string[]): boolean =>
  left.length === right.length && left.every((name, index) => name === right[index]);

/** Opens a model of one head; refuses one that needs features which this version does not compute. */
export const answererOf = (
  model: Classifier,
  {
    reader,
    place,
    counter = gramCounter(TASK_GRAM),
  }: { readonly reader: TextReader; readonly place: string; readonly counter?: GramCounter },
): Checked<Answerer> => {
  const known = [[], LEXICAL_NAMES, PRIOR_NAMES].some((names) => sameNames(names, model.dense));
  if (!known)
    return faulty([
      {
        place: `${place} › dense`,
        sentence: `are ${quote(model.dense)}, which this version does not compute; train again`,
      },
    ]);
  const head = model.heads[0];
  if (head === undefined || model.heads.length > 1)
    return faulty([
      {
        place: `${place} › heads`,
        sentence: `are ${model.heads.length}; a model with one head can be evaluated: name a file of attune train text --task`,
      },
    ]);
  const margins = marginReader(model);
  const dense = new Float64Array(model.dense.length);
  const densify = densifier(model.dense, reader);
  return sound((text) => {
    densify(text, dense);
    const { values } = margins.read(counter.count(normalise(text, reader.simplified).text), dense);
    const each = probabilities(head, values);
    const best = each.reduce(
      (most, chance, index) => (chance > (each[most] as number) ? index : most),
      0,
    );
    if (head.kind === "one")
      return {
        said: [head.labels[best] as string],
        confidence: each[best] as number,
        inScope: Math.max(...values) >= head.scopeFrom,
      };
    const said = head.labels.filter(
      (_, index) => (each[index] as number) >= (head.thresholds[index] as number),
    );
    // All labels right: each of them as sure as the model is of it or of its absence.
    const confidence = each.reduce(
      (all, chance, index) =>
        all * (chance >= (head.thresholds[index] as number) ? chance : 1 - chance),
      1,
    );
    return { said, confidence, inScope: said.length > 0 };
  });
};
