/**
 * Reads one text: language, feeling, topics, urgency, personal data, and the words that led to each.
 * Pure and synchronous, in linear time; offsets of cues are into the original text, not the masked one.
 */
import type { Analysis, Cue, PersonalDatum } from "../analysis.ts";
import { type Features, featuresOf } from "./features.ts";
import { detectLanguage } from "./language.ts";
import { findMarks, type Mark } from "./marks.ts";
import { normalise, type NormalText, originalSpan } from "./normalise.ts";
import { findPersonalData, mask } from "./personal-data.ts";
import type { LexiconReader, TextReader } from "./reader.ts";
import { withLearned } from "./polarity.ts";
import { feel, type Feeling, judge, type RawCue } from "./sentiment.ts";
import { type Token, tokenise } from "./tokens.ts";
import { findTopics, findUrgency } from "./topics.ts";
import type { Known, Vocabulary } from "./vocabulary.ts";
import type { WordBook } from "./words.ts";

/** A text read as far as the lexicons go: what training and analysis share. */
export interface Reading {
  readonly normal: NormalText;
  readonly tokens: readonly Token[];
  readonly language: Analysis["language"];
  readonly feeling: Feeling;
  readonly features: Features;
  readonly personalData: readonly PersonalDatum[];
}

const READ_LANGUAGES: ReadonlySet<string> = new Set(["en", "zh", "und"]);

const CALM = { score: 0, cues: [] } as const;
const POLARITY_ROW = (known: Known): number => known.polarity;

/** Words written in capitals shout, unless everything is. */
const loudness = (original: string, normal: NormalText): ((mark: Mark) => boolean) => {
  if (!/[A-Z]{3}/u.test(original) || !/[a-z]/u.test(original)) return () => false;
  return (mark) => {
    const span = originalSpan(normal, mark);
    return /^[A-Z' ]{3,}$/u.test(original.slice(span.from, span.to));
  };
};

const feelingOf = (
  original: string,
  read: {
    readonly normal: NormalText;
    readonly tokens: readonly Token[];
    readonly wordless: boolean;
  },
  reader: LexiconReader,
): Feeling => {
  const { normal, tokens, wordless } = read;
  const heard = wordless ? tokens.filter((token) => token.kind !== "word") : tokens;
  const { english, chinese } = reader.lexicons;
  const linked = (index: number): boolean => {
    const text = heard[index]?.text ?? "";
    return english.linkers.has(text) || chinese.linkers.has(text);
  };
  return feel({
    marked: findMarks(heard, reader.lexicons),
    linked,
    loud: loudness(original, normal),
    settings: reader.settings.sentiment,
  });
};

/** Tokens outside personal data: a name in an address is neither evidence nor ever shown as a cue. */
const publicTokens = (
  normal: NormalText,
  personalData: readonly PersonalDatum[],
  words: WordBook,
): readonly Token[] => {
  const tokens = tokenise(normal.text, words);
  if (personalData.length === 0) return tokens;
  let next = 0;
  return tokens.filter((token) => {
    const span = originalSpan(normal, token);
    while (next < personalData.length && (personalData[next]?.to ?? 0) <= span.from) next += 1;
    const datum = personalData[next];
    return datum === undefined || span.to <= datum.from;
  });
};

/** Language, tokens, feeling, personal data and those features of a text that are in the vocabulary. */
export const read = (text: string, reader: LexiconReader, vocabulary: Vocabulary): Reading => {
  const normal = normalise(text, reader.simplified);
  const personalData = findPersonalData(normal, reader.settings.personalData);
  const tokens = publicTokens(normal, personalData, reader.lexicons.words);
  const language = detectLanguage(normal.text, tokens);
  const wordless = !READ_LANGUAGES.has(language.code);
  const feeling = feelingOf(text, { normal, tokens, wordless }, reader);
  const input = { text: normal.text, tokens, feeling, seeds: reader.seeds };
  const features = featuresOf(input, vocabulary);
  return { normal, tokens, language, feeling, features, personalData };
};

/** `cues`: with the words that led to each conclusion. `labels`: without them, for who decides and does not explain. */
export type Detail = "cues" | "labels";

/**
 * What `text` means to `reader`. Sentiment cues sum to the raw score r; the score is r ÷ √(r² + α) with α from the settings.
 * `topics` is empty only for a text without anything but blanks. Same text and reader, same analysis, on any machine.
 */
export const analyse = (text: string, reader: TextReader, detail: Detail = "cues"): Analysis => {
  const reading = read(text, reader, reader.vocabulary);
  const { normal, language, feeling: lexical, features, personalData } = reading;
  const { settings } = reader;
  const told = detail === "cues";
  const topicSettings = told ? settings.topics : { ...settings.topics, cues: 0 };
  const cue = ({ weight, from, to }: RawCue): Cue => {
    const span = originalSpan(normal, { from, to });
    return { word: normal.text.slice(from, to), weight, from: span.from, to: span.to };
  };
  const blank = text.trim() === "";
  const topics = blank ? [] : findTopics(features, reader.topics, topicSettings);
  const urgency = blank ? CALM : findUrgency(features, reader.urgency, topicSettings.cues);
  const isRead = READ_LANGUAGES.has(language.code);
  const by = { model: reader.polarity, rowOf: POLARITY_ROW, settings: settings.sentiment };
  const feeling = isRead ? withLearned(lexical, features, by) : lexical;
  const judged = judge(feeling, settings.sentiment, isRead);
  return {
    language,
    maskedText: mask(text, personalData),
    sentiment: {
      label: judged.label,
      score: judged.score,
      confidence: judged.confidence,
      cues: told ? feeling.cues.map(cue) : [],
    },
    topics: topics.map(({ label, confidence, cues }) => ({
      label,
      confidence,
      cues: cues.map(cue),
    })),
    urgency: { score: urgency.score, cues: urgency.cues.map(cue) },
    personalData,
  };
};
