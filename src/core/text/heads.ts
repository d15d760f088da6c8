/**
 * The heads that attune ships: which labels each has, in which order, and which file holds them.
 * `models/text.heads.json` judges whole texts, `models/text.clauses.json` single clauses.
 */
import { ASPECTS, EMOTIONS, INTENTS, REVIEW_TYPES, SENTIMENT_LABELS, TOPICS } from "../analysis.ts";
import { type Checked, faulty, quote, sound } from "../fault.ts";
import { LEXICAL_NAMES } from "./dense.ts";
import type { Classifier } from "./classifier.ts";

/** `one`: one label of several; `several`: each judged alone. */
export interface HeadShape {
  readonly kind: "one" | "several";
  readonly labels: readonly string[];
}

/** `polarity` is positive against negative and gives the score; `sentiment` chooses the label. */
export const TEXT_HEADS = {
  polarity: { kind: "several", labels: ["positive"] },
  sentiment: { kind: "one", labels: SENTIMENT_LABELS },
  topics: { kind: "several", labels: TOPICS },
  intent: { kind: "one", labels: INTENTS },
  urgency: { kind: "several", labels: ["urgent"] },
  emotion: { kind: "one", labels: EMOTIONS },
  abuse: { kind: "several", labels: ["abusive"] },
  irony: { kind: "several", labels: ["ironic"] },
  review: { kind: "one", labels: REVIEW_TYPES },
} as const satisfies Record<string, HeadShape>;

/** `aspects` names what a clause has an opinion about, `polarity` which. */
export const CLAUSE_HEADS = {
  aspects: { kind: "several", labels: ASPECTS },
  polarity: { kind: "several", labels: ["positive"] },
} as const satisfies Record<string, HeadShape>;

/** Dense features of a clause: the lexicons' own, and the margin of the whole text for positive. */
export const CLAUSE_DENSE = [...LEXICAL_NAMES, "whole text"] as const;

const columnOf = (
  shapes: Readonly<Record<string, HeadShape>>,
): Readonly<Record<string, number>> => {
  let first = 0;
  return Object.fromEntries(
    Object.entries(shapes).map(([name, { labels }]) => {
      const own = [name, first] as const;
      first += labels.length;
      return own;
    }),
  );
};

/** First column of each head. */
export const TEXT_COLUMNS = columnOf(TEXT_HEADS) as Readonly<
  Record<keyof typeof TEXT_HEADS, number>
>;
export const CLAUSE_COLUMNS = columnOf(CLAUSE_HEADS) as Readonly<
  Record<keyof typeof CLAUSE_HEADS, number>
>;

interface Expected {
  readonly shapes: Readonly<Record<string, HeadShape>>;
  readonly dense: readonly string[];
  readonly place: string;
}

/** The model, if its heads and dense features are the ones that this version reads. */
export const fitting = (
  model: Classifier,
  { shapes, dense, place }: Expected,
): Checked<Classifier> => {
  const names = Object.keys(shapes).join(", ");
  const found = model.heads.map(({ name }) => name).join(", ");
  if (found !== names)
    return faulty([
      {
        place: `${place} › heads`,
        sentence: `are ${found}, but must be ${names}; run attune train text`,
      },
    ]);
  for (const head of model.heads) {
    const labels = shapes[head.name]?.labels.join(", ") ?? "";
    if (head.labels.join(", ") !== labels)
      return faulty([
        {
          place: `${place} › heads › ${head.name} › labels`,
          sentence: `are ${quote(head.labels)}, but must be ${labels} in this order; run attune train text`,
        },
      ]);
  }
  if (model.dense.join(", ") !== dense.join(", "))
    return faulty([
      {
        place: `${place} › dense`,
        sentence: `are ${quote(model.dense)}, but must be ${dense.join(", ")}; run attune train text`,
      },
    ]);
  return sound(model);
};
