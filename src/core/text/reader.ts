/**
 * Makes a reader of texts from the files of a playbook. A reader never changes; everything that decides comes from those files.
 * Refused as a whole, with every fault of every file, if one of them is missing or broken.
 */
import { z } from "zod";
import { TOPICS } from "../analysis.ts";
import { type Checked, type Fault, faulty, faultsOf, quote, sound } from "../fault.ts";
import { type LinearModel, readLinear } from "../models/linear.ts";
import type { PlaybookFiles } from "../playbook.ts";
import {
  type ChineseFile,
  chineseLexicon,
  chineseSchema,
  emojiSchema,
  type EnglishFile,
  englishLexicon,
  englishSchema,
} from "./lexicon.ts";
import type { Lexicons } from "./marks.ts";
import { POLARITY_LABELS } from "./polarity.ts";
import { type Seeds, seedsOf } from "./seeds.ts";
import { type ReadingSettings, settingsSchema } from "./settings.ts";
import { type Vocabulary, vocabularyOf } from "./vocabulary.ts";
import { wordBook } from "./words.ts";

/** The files that reading text needs. */
export const TEXT_FILES = {
  english: "models/lexicon.en.json",
  chinese: "models/lexicon.zh.json",
  emoji: "models/lexicon.emoji.json",
  settings: "models/text.reading.json",
  topics: "models/text.topics.json",
  urgency: "models/text.urgency.json",
  polarity: "models/text.polarity.json",
} as const;

/** What reading needs before topics: enough to train on. */
export interface LexiconReader {
  readonly lexicons: Lexicons;
  readonly simplified: ReadonlyMap<string, string>;
  readonly seeds: Seeds;
  readonly settings: ReadingSettings;
}

/** Everything that `analyse` needs. */
export interface TextReader extends LexiconReader {
  readonly topics: LinearModel;
  readonly urgency: LinearModel;
  readonly polarity: LinearModel;
  /** The features of the three models. */
  readonly vocabulary: Vocabulary;
}

const fileText = (files: PlaybookFiles, path: string): string | undefined =>
  Object.hasOwn(files, path) ? files[path] : undefined;

const missing = (path: string): Checked<never> =>
  faulty([
    {
      place: path,
      sentence:
        "is missing; the playbook needs it to read feedback: restore it or run attune train text",
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
  valence: Readonly<Partial<Record<string, string[]>>>,
): ReadonlyMap<string, number> =>
  new Map(
    Object.entries(valence).flatMap(([value, pictures]) =>
      (pictures ?? []).map((picture) => [picture, Number(value)] as const),
    ),
  );

const seeds = (english: EnglishFile, chinese: ChineseFile): Seeds =>
  seedsOf([english.topics, chinese.topics, { urgent: english.urgent }, { urgent: chinese.urgent }]);

const pairOf = (pair: string): readonly [string, string] => {
  const [traditional = "", simplified = ""] = Array.from(pair);
  return [traditional, simplified];
};

/** The lexicons and settings of a playbook, without its trained models. */
export const openLexicons = (files: PlaybookFiles): Checked<LexiconReader> => {
  const english = parse(files, TEXT_FILES.english, englishSchema);
  const chinese = parse(files, TEXT_FILES.chinese, chineseSchema);
  const emoji = parse(files, TEXT_FILES.emoji, emojiSchema);
  const settings = parse(files, TEXT_FILES.settings, settingsSchema);
  const englishRoles = then(english, (file) => englishLexicon(file, TEXT_FILES.english));
  const chineseRoles = then(chinese, (file) => chineseLexicon(file, TEXT_FILES.chinese));
  if (
    english.kind === "faulty" ||
    chinese.kind === "faulty" ||
    englishRoles.kind === "faulty" ||
    chineseRoles.kind === "faulty" ||
    emoji.kind === "faulty" ||
    settings.kind === "faulty"
  )
    return faulty(faultsIn([englishRoles, chineseRoles, emoji, settings]));
  const topicWords = seeds(english.value, chinese.value);
  const words = wordBook({
    english: englishRoles.value,
    chinese: chineseRoles.value,
    functionWords: new Set(english.value.functionWords),
    seeds: topicWords,
  });
  return sound({
    lexicons: {
      english: englishRoles.value,
      chinese: chineseRoles.value,
      emoji: emojiValences(emoji.value.valence),
      particles: new Set(chinese.value.particles),
      words,
    },
    simplified: new Map(chinese.value.traditional.map(pairOf)),
    seeds: topicWords,
    settings: settings.value,
  });
};

const modelOf = (
  files: PlaybookFiles,
  path: string,
  labels: readonly string[],
): Checked<LinearModel> => {
  const text = fileText(files, path);
  if (text === undefined) return missing(path);
  return then(readLinear(text, path), (model) => {
    if (model.labels.join() === labels.join()) return sound(model);
    const sentence = `are ${quote(model.labels)}, but must be ${labels.join(", ")} in this order; train again`;
    return faulty([{ place: `${path} › labels`, sentence }]);
  });
};

/** A reader from the playbook's files, or all that is wrong with them. Costs some 50 ms: open once per playbook. */
export const openTextReader = (files: PlaybookFiles): Checked<TextReader> => {
  const lexicons = openLexicons(files);
  const topics = modelOf(files, TEXT_FILES.topics, TOPICS);
  const urgency = modelOf(files, TEXT_FILES.urgency, ["urgent"]);
  const polarity = modelOf(files, TEXT_FILES.polarity, POLARITY_LABELS);
  if (
    lexicons.kind === "faulty" ||
    topics.kind === "faulty" ||
    urgency.kind === "faulty" ||
    polarity.kind === "faulty"
  )
    return faulty(faultsIn([lexicons, topics, urgency, polarity]));
  const models = { topics: topics.value, urgency: urgency.value, polarity: polarity.value };
  return sound({ ...lexicons.value, ...models, vocabulary: vocabularyOf(models) });
};
