/** A text read as far as the lexicons go, before any model: what training and analysis share. */
import type { Language, PersonalDatum } from "../analysis.ts";
import { type CueHit, findCues } from "./cues.ts";
import { detectLanguage, scriptOf } from "./language.ts";
import { languageSpans } from "./language-spans.ts";
import { findMarks, type Mark, type Marked } from "./marks.ts";
import { normalise, type NormalText, originalSpan } from "./normalise.ts";
import { findPersonalData, type PersonalFinding } from "./personal-data.ts";
import type { LexiconReader } from "./lexicon-reader.ts";
import { feel, type Feeling } from "./sentiment.ts";
import { type Token, tokenise } from "./tokens.ts";
import type { WordBook } from "./words.ts";

export interface Reading {
  readonly normal: NormalText;
  /** The normalised text with blanks where personal data stands: same offsets. */
  readonly open: string;
  readonly tokens: readonly Token[];
  readonly marked: Marked;
  readonly language: Language;
  /** Whether attune reads this language. */
  readonly isRead: boolean;
  readonly feeling: Feeling;
  readonly cues: readonly CueHit[];
  readonly personalData: readonly PersonalDatum[];
}

const READ_LANGUAGES: ReadonlySet<string> = new Set(["en", "zh", "und"]);

/** Words written in capitals shout, unless everything is. */
const loudness = (original: string, normal: NormalText): ((mark: Mark) => boolean) => {
  if (!/[A-Z]{3}/u.test(original) || !/[a-z]/u.test(original)) return () => false;
  return (mark) => {
    const span = originalSpan(normal, mark);
    return /^[A-Z' ]{3,}$/u.test(original.slice(span.from, span.to));
  };
};

/** Tokens outside personal data: a name in an address is neither evidence nor ever shown as a cue. */
const publicTokens = (
  normal: NormalText,
  hidden: readonly PersonalFinding[],
  words: WordBook,
): readonly Token[] => {
  const tokens = tokenise(normal.text, words);
  if (hidden.length === 0) return tokens;
  let next = 0;
  return tokens.filter(({ from, to }) => {
    while (next < hidden.length && (hidden[next]?.to ?? 0) <= from) next += 1;
    const finding = hidden[next];
    return finding === undefined || to <= finding.from;
  });
};

/** Blanks where personal data stands: same length, same offsets. */
const opened = (text: string, hidden: readonly PersonalFinding[]): string => {
  let open = "";
  for (const { from, to } of hidden)
    if (to > open.length)
      open += text.slice(open.length, from) + " ".repeat(to - Math.max(from, open.length));
  return open + text.slice(open.length);
};

/** Only what these tokens hold, blanks between: same length, same offsets. */
const onlyOf = (text: string, tokens: readonly Token[]): string => {
  let open = "";
  for (const { from, to } of tokens) open += " ".repeat(from - open.length) + text.slice(from, to);
  return open + " ".repeat(text.length - open.length);
};

/** Language, tokens, feeling and personal data. Of a language that is not read, emoji and marks are left. Linear time. */
export const readText = (text: string, reader: LexiconReader): Reading => {
  const normal = normalise(text, reader.simplified);
  const hidden = findPersonalData(text, normal, reader.settings.personalData);
  const tokens = publicTokens(normal, hidden, reader.lexicons.words);
  const spoken = detectLanguage(tokens, reader.language);
  const script = spoken.code === "zh" ? scriptOf(text, reader.scripts) : null;
  const spans = languageSpans(normal, tokens, reader.language);
  const language = { ...spoken, script, spans };
  const isRead = READ_LANGUAGES.has(language.code);
  const heard = isRead ? tokens : tokens.filter((token) => token.kind !== "word");
  const marked = findMarks(heard, reader.lexicons);
  const { english, chinese } = reader.lexicons;
  const linked = (index: number): boolean => {
    const word = heard[index]?.text ?? "";
    return english.linkers.has(word) || chinese.linkers.has(word);
  };
  const feeling = feel({
    marked,
    linked,
    loud: loudness(text, normal),
    settings: reader.settings.sentiment,
  });
  const open = isRead ? opened(normal.text, hidden) : onlyOf(normal.text, heard);
  return {
    normal,
    open,
    cues: findCues(open, heard, reader.cues),
    tokens,
    marked,
    language,
    isRead,
    feeling,
    personalData: hidden.map(({ datum }) => datum),
  };
};
