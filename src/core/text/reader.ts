/**
 * Makes a reader of texts from the files of a playbook. A reader never changes; everything that decides comes from those files.
 * Refused as a whole, with every fault of every file, if one of them is missing or broken.
 */
import { z } from "zod";
import { type Checked, type Fault, faulty, faultsOf, sound } from "../fault.ts";
import type { PlaybookFiles } from "../playbook.ts";
import { type ArticleIndex, indexArticles, readArticles } from "./articles.ts";
import { CATALOGUE_FILE, type Catalogue, readCatalogue } from "./catalogue.ts";
import { type Classifier, type MarginReader, marginReader } from "./classifier.ts";
import { type ClassifierCard, readClassifier } from "./classifier-file.ts";
import {
  CORRECTIONS_FILE,
  correctionFingerprint,
  type CorrectionLayer,
  learnCorrections,
  readCorrections,
} from "./corrections.ts";
import { chineseCutter, wordListSchema } from "./chinese.ts";
import { LEXICAL_NAMES, writeLexical } from "./dense.ts";
import { cueLexicon, cueSchema } from "./cues.ts";
import { type ClauseGrams, clauseGrams } from "./clause-grams.ts";
import { type GramCounter, gramCounter, HEAD_GRAM } from "./grams.ts";
import { CLAUSE_DENSE, CLAUSE_HEADS, fitting, TEXT_HEADS } from "./heads.ts";
import {
  chineseLexicon,
  chineseSchema,
  emojiSchema,
  englishLexicon,
  englishSchema,
} from "./lexicon.ts";
import { scriptTable } from "./language.ts";
import { readLanguageModel } from "./language-file.ts";
import type { LanguageModel } from "./language-model.ts";
import type { LexiconReader } from "./lexicon-reader.ts";
import { readText } from "./reading.ts";
import { settingsSchema } from "./settings.ts";
import { wordBook } from "./words.ts";

/** The files that reading text needs. */
export const TEXT_FILES = {
  english: "models/lexicon.en.json",
  chinese: "models/lexicon.zh.json",
  emoji: "models/lexicon.emoji.json",
  words: "models/lexicon.words.json",
  cues: "models/lexicon.cues.json",
  settings: "models/text.reading.json",
  language: "models/text.language.json",
  heads: "models/text.heads.json",
  clauses: "models/text.clauses.json",
} as const;

interface SoftmaxRoom {
  readonly count: number;
  readonly temperature: number;
  readonly chances: Float64Array;
}

/** Everything that `analyse` needs. Its arrays are used again from text to text: one reader reads one text at a time. */
export interface TextReader extends LexiconReader {
  readonly heads: Classifier;
  readonly margins: MarginReader;
  readonly dense: Float64Array;
  /** Heads of one label: how many, their temperature, and room for their probabilities. */
  readonly softmaxes: Readonly<Record<"sentiment" | "intent" | "emotion" | "review", SoftmaxRoom>>;
  /** Probability from which each topic is found. */
  readonly topicsFrom: readonly number[];
  readonly clauses: Classifier;
  readonly clauseMargins: MarginReader;
  readonly clauseDense: Float64Array;
  readonly clauseGrams: ClauseGrams;
  readonly counter: GramCounter;
  readonly catalogue: Catalogue;
  readonly articles: ArticleIndex;
  readonly corrections: CorrectionLayer;
}

const fileText = (files: PlaybookFiles, path: string): string | undefined =>
  Object.hasOwn(files, path) ? files[path] : undefined;

const missing = (path: string, command = "attune train text"): Checked<never> =>
  faulty([
    {
      place: path,
      sentence: `is missing; the playbook needs it to read feedback: restore it or run ${command}`,
    },
  ]);

const parse = <T>(files: PlaybookFiles, path: string, schema: z.ZodType<T>): Checked<T> => {
  const text = fileText(files, path);
  if (text === undefined) return missing(path);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return faulty([{ place: path, sentence: `is not JSON (${String(error)}); correct it` }]);
  }
  const parsed = schema.safeParse(json);
  return parsed.success ? sound(parsed.data) : faulty(faultsOf(parsed.error, path));
};

const faultsIn = (checks: readonly Checked<unknown>[]): readonly Fault[] =>
  checks.flatMap((check) => (check.kind === "faulty" ? check.faults : []));

const then = <A, B>(check: Checked<A>, next: (value: A) => Checked<B>): Checked<B> =>
  check.kind === "faulty" ? check : next(check.value);

const emojiValences = (
  valence: Readonly<Partial<Record<string, readonly string[]>>>,
): ReadonlyMap<string, number> =>
  new Map(
    Object.entries(valence).flatMap(([value, pictures]) =>
      (pictures ?? []).map((picture) => [picture, Number(value)] as const),
    ),
  );

const pairOf = (pair: string): readonly [string, string] => {
  const [traditional = "", simplified = ""] = Array.from(pair);
  return [traditional, simplified];
};

const languageOf = (files: PlaybookFiles): Checked<LanguageModel> => {
  const path = TEXT_FILES.language;
  const text = fileText(files, path);
  if (text === undefined) return missing(path, "attune train language");
  return then(readLanguageModel(text, path), ({ model }) => sound(model));
};

/** The lexicons, settings and language model of a playbook, without what is trained on feedback. */
export const openLexicons = (files: PlaybookFiles): Checked<LexiconReader> => {
  const english = parse(files, TEXT_FILES.english, englishSchema);
  const chinese = parse(files, TEXT_FILES.chinese, chineseSchema);
  const emoji = parse(files, TEXT_FILES.emoji, emojiSchema);
  const list = parse(files, TEXT_FILES.words, wordListSchema);
  const cues = parse(files, TEXT_FILES.cues, cueSchema);
  const settings = parse(files, TEXT_FILES.settings, settingsSchema);
  const language = languageOf(files);
  const englishRoles = then(english, (file) => englishLexicon(file, TEXT_FILES.english));
  const chineseRoles = then(chinese, (file) => chineseLexicon(file, TEXT_FILES.chinese));
  if (
    english.kind === "faulty" ||
    chinese.kind === "faulty" ||
    englishRoles.kind === "faulty" ||
    chineseRoles.kind === "faulty" ||
    emoji.kind === "faulty" ||
    list.kind === "faulty" ||
    cues.kind === "faulty" ||
    settings.kind === "faulty" ||
    language.kind === "faulty"
  )
    return faulty(faultsIn([englishRoles, chineseRoles, emoji, list, cues, settings, language]));
  const cueBook = cueLexicon(cues.value);
  const words = wordBook({
    english: englishRoles.value,
    chinese: chineseRoles.value,
    functionWords: new Set(english.value.functionWords),
    cues: cueBook,
    borders: chineseCutter(list.value),
  });
  const simplified = new Map(chinese.value.traditional.map(pairOf));
  return sound({
    lexicons: {
      english: englishRoles.value,
      chinese: chineseRoles.value,
      emoji: emojiValences(emoji.value.valence),
      particles: new Set(chinese.value.particles),
      words,
    },
    simplified,
    scripts: scriptTable(simplified),
    settings: settings.value,
    cues: cueBook,
    language: language.value,
  });
};

interface ShippedModel {
  readonly model: Classifier;
  readonly card: ClassifierCard;
}

const modelOf = (
  files: PlaybookFiles,
  path: string,
  expected: Omit<Parameters<typeof fitting>[1], "place">,
): Checked<ShippedModel> => {
  const text = fileText(files, path);
  if (text === undefined) return missing(path);
  return then(readClassifier(text, path), ({ model, card }) =>
    then(fitting(model, { ...expected, place: path }), () => sound({ model, card })),
  );
};

const roomOf = (model: Classifier, name: string): SoftmaxRoom => {
  const head = model.heads.find((one) => one.name === name);
  const count = head?.labels.length ?? 0;
  return { count, temperature: head?.temperature ?? 1, chances: new Float64Array(count) };
};

/** A reader from the playbook's files, or all that is wrong with them. Costs some 50 ms: open once per playbook. */
export const openTextReader = (files: PlaybookFiles): Checked<TextReader> => {
  const lexicons = openLexicons(files);
  const heads = modelOf(files, TEXT_FILES.heads, { shapes: TEXT_HEADS, dense: LEXICAL_NAMES });
  const clauses = modelOf(files, TEXT_FILES.clauses, { shapes: CLAUSE_HEADS, dense: CLAUSE_DENSE });
  const corrections = readCorrections(fileText(files, CORRECTIONS_FILE));
  const simplified =
    lexicons.kind === "sound" ? lexicons.value.simplified : new Map<string, string>();
  const articles = readArticles(files);
  const catalogue = readCatalogue(fileText(files, CATALOGUE_FILE), simplified);
  if (
    lexicons.kind === "faulty" ||
    heads.kind === "faulty" ||
    clauses.kind === "faulty" ||
    corrections.kind === "faulty" ||
    catalogue.kind === "faulty" ||
    articles.kind === "faulty"
  )
    return faulty(faultsIn([lexicons, heads, clauses, corrections, catalogue, articles]));
  const counter = gramCounter(HEAD_GRAM);
  const dense = new Float64Array(LEXICAL_NAMES.length);
  const { model, card } = heads.value;
  const absorbed = new Set(card.absorbed);
  const open = corrections.value.filter((one) => !absorbed.has(correctionFingerprint(one)));
  const read = (text: string) => {
    const reading = readText(text, lexicons.value);
    writeLexical(reading, dense);
    return { grams: counter.count(reading.open, reading.cues), dense };
  };
  return sound({
    ...lexicons.value,
    heads: model,
    margins: marginReader(model),
    dense,
    softmaxes: {
      sentiment: roomOf(model, "sentiment"),
      intent: roomOf(model, "intent"),
      emotion: roomOf(model, "emotion"),
      review: roomOf(model, "review"),
    },
    topicsFrom: model.heads.find(({ name }) => name === "topics")?.thresholds ?? [],
    clauses: clauses.value.model,
    clauseMargins: marginReader(clauses.value.model),
    clauseDense: new Float64Array(CLAUSE_DENSE.length),
    clauseGrams: clauseGrams(),
    counter,
    catalogue: catalogue.value,
    articles: indexArticles(articles.value, (text) => readText(text, lexicons.value)),
    corrections: learnCorrections(open, { model, counter, read }),
  });
};
