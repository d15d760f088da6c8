/**
 * Fits the language model on words and word pairs with their languages: rows are joined to short texts, one support vector machine a language.
 * Same rows and seed: same bytes. A tenth of the rows is kept for calibration and the scores of the card, then the model is fitted on all.
 */
import { randomFrom, type Random } from "../models/random.ts";
import { fitSvm, type Rows } from "../models/svm.ts";
import { LANGUAGE_SLOTS, type SharedScript } from "./language-grams.ts";
import {
  gramsOf,
  type LanguageModel,
  languageMargins,
  MODEL_CODES,
  MODEL_LANGUAGES,
  mostProbable,
} from "./language-model.ts";

/** A text and its BCP 47 language. Rows in languages that need no model are left out. */
export interface LanguageRow {
  readonly text: string;
  readonly lang: string;
}

interface LanguageScores {
  /** Share of held-out texts of one row, and of four joined rows, whose language is told. */
  readonly ofOneRow: number;
  readonly ofFourRows: number;
  /** Mean distance of confidence and share right, by tenths of confidence. */
  readonly calibrationError: number;
}

export interface TrainedLanguage {
  readonly model: LanguageModel;
  readonly scores: LanguageScores;
  /** Rows that were trained on. */
  readonly rows: number;
}

const SCRIPTS: readonly SharedScript[] = ["latn", "cyrl"];
/** How many rows make one text, and how often every row is joined with others: feedback is longer than a word pair. */
const JOINED: readonly number[] = [1, 2, 4];
const COST = 4;
const HELD_OUT = 10;

/** Words of a text and the index of its language. */
interface Text {
  readonly grams: Int32Array;
  readonly column: number;
}

const shuffled = <T>(items: readonly T[], random: Random): readonly T[] =>
  items
    .map((item) => ({ item, key: random() }))
    .toSorted((left, right) => left.key - right.key)
    .map(({ item }) => item);

/** What texts of one language are made of. */
interface Material {
  readonly column: number;
  readonly rows: readonly string[];
  /** Small words, which the rows lack. */
  readonly small: readonly string[];
}

/** A text's grams; words as `normalise` would write them. */
const textOf = (words: readonly string[], column: number): Text => ({
  grams: gramsOf(words.join(" ").toLowerCase().normalize("NFKC").split(" ")),
  column,
});

/** Texts of `size` rows each, every row in one of them, with as many small words as rows between them if there is more than one. */
const joined = (
  { column, rows, small }: Material,
  size: number,
  random: Random,
): readonly Text[] => {
  const texts: Text[] = [];
  for (let from = 0; from < rows.length; from += size) {
    const words = rows.slice(from, from + size).flatMap((row) => {
      const word = size > 1 ? small[Math.floor(random() * small.length)] : undefined;
      return word === undefined ? [row] : [word, row];
    });
    texts.push(textOf(words, column));
  }
  return texts.filter(({ grams }) => grams.length > 0);
};

/** Training texts of one language: every row as often as there are sizes, in other company each time, and every small word alone. */
const textsOf = (material: Material, random: Random): readonly Text[] => [
  ...material.small.map((word) => textOf([word], material.column)),
  ...JOINED.flatMap((size) =>
    joined({ ...material, rows: shuffled(material.rows, random) }, size, random),
  ),
];

const tableOf = (texts: readonly Text[]): Rows => {
  const starts = new Int32Array(texts.length + 1);
  for (const [index, { grams }] of texts.entries())
    starts[index + 1] = (starts[index] as number) + grams.length;
  const columns = new Int32Array(starts[texts.length] as number);
  const values = new Float32Array(columns.length);
  for (const [index, { grams }] of texts.entries()) {
    columns.set(grams, starts[index]);
    values.fill(1 / Math.sqrt(grams.length), starts[index], starts[index + 1]);
  }
  return { starts, columns, values, width: LANGUAGE_SLOTS };
};

/** 1 for the language's own texts, −1 for others of its script, 0 for other scripts. */
const targetsOf = (texts: readonly Text[], code: string): Int8Array => {
  const peers = SCRIPTS.map((script) => MODEL_LANGUAGES[script]).find((codes) =>
    codes.includes(code),
  );
  return Int8Array.from(texts, ({ column }) => {
    const own = MODEL_CODES[column] ?? "";
    if (own === code) return 1;
    return peers?.includes(own) === true ? -1 : 0;
  });
};

const fit = (texts: readonly Text[], seed: number): LanguageModel => {
  const rows = tableOf(texts);
  const width = MODEL_CODES.length;
  const weights = new Int8Array(LANGUAGE_SLOTS * width);
  const scales = new Float64Array(width);
  const bias = new Float64Array(width);
  for (const [column, code] of MODEL_CODES.entries()) {
    const targets = targetsOf(texts, code);
    const fitted = fitSvm({ rows, targets, cost: [COST * 2, COST], seed: seed + column });
    if (fitted.kind === "refused") throw new RangeError(fitted.sentence);
    const own = fitted.value;
    let most = 0;
    for (let slot = 0; slot < LANGUAGE_SLOTS; slot += 1)
      most = Math.max(most, Math.abs(own[slot] as number));
    const scale = most / 127;
    scales[column] = scale;
    bias[column] = own[LANGUAGE_SLOTS] as number;
    for (let slot = 0; slot < LANGUAGE_SLOTS; slot += 1)
      weights[slot * width + column] = scale === 0 ? 0 : Math.round((own[slot] as number) / scale);
  }
  return { weights, scales, bias, temperature: { latn: 1, cyrl: 1 } };
};

const scriptOf = (column: number): SharedScript =>
  column < MODEL_LANGUAGES.latn.length ? "latn" : "cyrl";

/** Margins of a text among its script's languages, and which of them is true. */
interface Judged {
  readonly margins: Float64Array;
  readonly truth: number;
}

const judged = (
  model: LanguageModel,
  texts: readonly Text[],
  script: SharedScript,
): readonly Judged[] =>
  texts
    .filter(({ column }) => scriptOf(column) === script)
    .map(({ grams, column }) => ({
      margins: languageMargins(model, grams, script),
      truth: column - (script === "latn" ? 0 : MODEL_LANGUAGES.latn.length),
    }));

/** Mean −ln probability of the truth. */
const lossAt = (texts: readonly Judged[], temperature: number): number => {
  let loss = 0;
  for (const { margins, truth } of texts) {
    const { column, probability } = mostProbable(margins, temperature);
    loss +=
      ((margins[column] as number) - (margins[truth] as number)) / temperature -
      Math.log(probability);
  }
  return loss / Math.max(1, texts.length);
};

/** Temperatures tried: a step is 4 %. */
const TEMPERATURES = Array.from({ length: 120 }, (_, step) => 0.03 * 1.04 ** step);

const bestTemperature = (texts: readonly Judged[]): number =>
  TEMPERATURES.map((temperature) => ({ temperature, loss: lossAt(texts, temperature) })).reduce(
    (best, one) => (one.loss < best.loss ? one : best),
  ).temperature;

const guessed = (
  model: LanguageModel,
  texts: readonly Text[],
): readonly { readonly isRight: boolean; readonly probability: number }[] =>
  SCRIPTS.flatMap((script) =>
    judged(model, texts, script).map(({ margins, truth }) => {
      const { column, probability } = mostProbable(margins, model.temperature[script]);
      return { isRight: column === truth, probability };
    }),
  );

const shareRight = (guesses: readonly { readonly isRight: boolean }[]): number =>
  guesses.filter(({ isRight }) => isRight).length / Math.max(1, guesses.length);

const calibrationErrorOf = (guesses: ReturnType<typeof guessed>): number => {
  let error = 0;
  for (let tenth = 0; tenth < 10; tenth += 1) {
    const own = guesses.filter(
      ({ probability }) => Math.min(9, Math.floor(probability * 10)) === tenth,
    );
    const confidence = own.reduce((sum, { probability }) => sum + probability, 0);
    error += Math.abs(confidence - own.filter(({ isRight }) => isRight).length);
  }
  return error / Math.max(1, guesses.length);
};

interface TrainLanguageOptions {
  readonly seed: number;
  /** Words that hold sentences together, for data that has none; they are never held out. */
  readonly small?: readonly LanguageRow[];
}

const ofLanguage = (rows: readonly LanguageRow[], code: string): readonly string[] =>
  rows.filter(({ lang }) => lang === code).map(({ text }) => text);

/** The material of every language, cut into a held-out tenth and the rest. No small word is held out, so none helps a score. */
const materials = (
  rows: readonly LanguageRow[],
  small: readonly LanguageRow[],
  random: Random,
): readonly { readonly seen: Material; readonly held: Material; readonly all: Material }[] =>
  MODEL_CODES.map((code, column) => {
    const own = shuffled(ofLanguage(rows, code), random);
    const cut = Math.floor(own.length / HELD_OUT);
    const all = { column, rows: own, small: ofLanguage(small, code) };
    return {
      all,
      held: { ...all, rows: own.slice(0, cut), small: [] },
      seen: { ...all, rows: own.slice(cut) },
    };
  });

/** The model, with scores of a twin that did not see the held-out tenth. Throws nothing; without rows of a language it hardly ever says that language. */
export const trainLanguage = (
  rows: readonly LanguageRow[],
  { seed, small = [] }: TrainLanguageOptions,
): TrainedLanguage => {
  const random = randomFrom(seed);
  const material = materials(rows, small, random);
  const twin = fit(
    material.flatMap(({ seen }) => textsOf(seen, random)),
    seed,
  );
  const heldIn = (size: number): readonly Text[] =>
    material.flatMap(({ held }) => joined(held, size, random));
  const held = JOINED.flatMap(heldIn);
  const temperature = {
    latn: bestTemperature(judged(twin, held, "latn")),
    cyrl: bestTemperature(judged(twin, held, "cyrl")),
  };
  const scored: LanguageModel = { ...twin, temperature };
  const model = fit(
    material.flatMap(({ all }) => textsOf(all, random)),
    seed,
  );
  return {
    model: { ...model, temperature },
    scores: {
      ofOneRow: shareRight(guessed(scored, heldIn(1))),
      ofFourRows: shareRight(guessed(scored, heldIn(4))),
      calibrationError: calibrationErrorOf(guessed(scored, held)),
    },
    rows: material.reduce((sum, { all }) => sum + all.rows.length, 0),
  };
};
