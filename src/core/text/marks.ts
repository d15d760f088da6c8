/**
 * Finds the words of a text that say how it feels: valences, negators, degree words, contrasts, and where clauses and sentences end.
 * English phrases are matched over tokens, Chinese ones over characters; the longest entry wins.
 */
import type { Lexicon, Role, RolePhrases } from "./lexicon.ts";
import type { Span } from "./normalise.ts";
import type { Token } from "./tokens.ts";
import { longestIn } from "./trie.ts";
import type { WordBook, WordEntry } from "./words.ts";

/** One word with a role. `at` and `end` are token indices (half-open): the distance that windows are measured in. */
export interface Mark extends Span {
  readonly role: Role;
  readonly at: number;
  readonly end: number;
  readonly clause: number;
  readonly sentence: number;
  /** The letters were drawn out: sooo. */
  readonly drawnOut: boolean;
  /** Emoji and emoticons feel for themselves: no negator reaches them. */
  readonly picture: boolean;
}

/** The marks of a text, and for every sentence its exclamation marks (three at most). */
export interface Marked {
  readonly marks: readonly Mark[];
  readonly exclamations: readonly number[];
}

export interface Lexicons {
  readonly english: Lexicon;
  readonly chinese: Lexicon;
  readonly emoji: ReadonlyMap<string, number>;
  readonly particles: ReadonlySet<string>;
  readonly words: WordBook;
}

interface Place {
  clause: number;
  sentence: number;
}

const SENTENCE_END = /[.!?。！？;；\n…]/u;

interface Found {
  readonly role: Role;
  readonly tokens: number;
  readonly drawnOut: boolean;
}

/** The longest English phrase of two words or more that begins at a token. */
const phraseAt = (
  tokens: readonly Token[],
  at: number,
  begins: RolePhrases | undefined,
): Found | undefined => {
  let node = begins;
  let found: Found | undefined;
  for (let end = at + 1; node !== undefined; end += 1) {
    if (node.role !== undefined && end > at + 1)
      found = { role: node.role, tokens: end - at, drawnOut: false };
    const next = tokens[end];
    node = next?.kind === "word" || next?.kind === "number" ? node.next.get(next.text) : undefined;
  }
  return found;
};

const wordAt = (
  tokens: readonly Token[],
  at: number,
  { role, begins }: WordEntry,
): Found | undefined => {
  const phrase = begins === undefined ? undefined : phraseAt(tokens, at, begins);
  if (phrase !== undefined || role === undefined) return phrase;
  return { role: role.role, tokens: 1, drawnOut: role.drawnOut };
};

/** A run of neighbouring Chinese tokens: its characters, and the token that each belongs to. */
interface Run {
  readonly text: string;
  readonly from: number;
  readonly tokenAt: readonly number[];
}

const runFrom = (
  tokens: readonly Token[],
  at: number,
): { readonly run: Run; readonly next: number } => {
  const from = tokens[at]?.from ?? 0;
  const tokenAt: number[] = [];
  let text = "";
  let next = at;
  for (
    let token = tokens[next];
    token?.kind === "han" && token.from === from + tokenAt.length;
    token = tokens[next]
  ) {
    text += token.text;
    for (let unit = 0; unit < token.text.length; unit += 1) tokenAt.push(next);
    next += 1;
  }
  return { run: { text, from, tokenAt }, next };
};

/** Whether a word begins, or the run ends, at this character of a run. */
const isBorder = ({ tokenAt }: Run, at: number): boolean => tokenAt[at] !== tokenAt[at - 1];

/** One character is a word only where jieba begins one (or another mark just ended) and ends one (or a particle or a mark follows). */
const standsAlone = (
  run: Run,
  at: number,
  known: { readonly markedTo: number; readonly lexicons: Lexicons },
): boolean => {
  const { markedTo, lexicons } = known;
  if (!isBorder(run, at) && markedTo !== at) return false;
  return (
    isBorder(run, at + 1) ||
    lexicons.particles.has(run.text[at + 1] ?? "") ||
    longestIn(lexicons.chinese.units(), run.text, at + 1) !== undefined
  );
};

const addChineseMarks = (
  marks: Mark[],
  run: Run,
  context: { readonly place: Place; readonly lexicons: Lexicons },
): void => {
  const { place, lexicons } = context;
  let markedTo = 0;
  for (let at = 0; at < run.text.length;) {
    const entry = longestIn(lexicons.chinese.units(), run.text, at);
    if (
      entry === undefined ||
      (entry.to === at + 1 && !standsAlone(run, at, { markedTo, lexicons }))
    ) {
      at += 1;
      continue;
    }
    marks.push({
      role: entry.value,
      from: run.from + at,
      to: run.from + entry.to,
      at: run.tokenAt[at] ?? 0,
      end: (run.tokenAt[entry.to - 1] ?? 0) + 1,
      clause: place.clause,
      sentence: place.sentence,
      drawnOut: false,
      picture: false,
    });
    at = entry.to;
    markedTo = at;
  }
};

const pass = (token: Token, place: Place, exclamations: number[]): void => {
  place.clause += 1;
  if (/[!！]/u.test(token.text)) {
    const count = token.text.replace(/[^!！]/gu, "").length;
    exclamations[place.sentence] = Math.min(3, (exclamations[place.sentence] ?? 0) + count);
  }
  if (!SENTENCE_END.test(token.text)) return;
  place.sentence += 1;
  exclamations.push(0);
};

/** What one token (or the phrase that begins with it) does, if anything. */
const foundAt = (tokens: readonly Token[], at: number, lexicons: Lexicons): Found | undefined => {
  const token = tokens[at];
  if (token?.kind === "emoji" || token?.kind === "emoticon") {
    const value = lexicons.emoji.get(token.text);
    if (value === undefined) return undefined;
    return { role: { kind: "valence", value }, tokens: 1, drawnOut: false };
  }
  const entry = token?.entry ?? null;
  return entry === null ? undefined : wordAt(tokens, at, entry);
};

/** Every mark in the order of the text. Linear time: an entry has at most eight or so words. */
export const findMarks = (tokens: readonly Token[], lexicons: Lexicons): Marked => {
  const marks: Mark[] = [];
  const exclamations = [0];
  const place: Place = { clause: 0, sentence: 0 };
  for (let at = 0; at < tokens.length;) {
    const token = tokens[at];
    if (token === undefined) break;
    if (token.kind === "han") {
      const { run, next } = runFrom(tokens, at);
      addChineseMarks(marks, run, { place, lexicons });
      at = next;
      continue;
    }
    const found = foundAt(tokens, at, lexicons);
    const end = at + (found?.tokens ?? 1);
    if (found !== undefined) {
      marks.push({
        role: found.role,
        from: token.from,
        to: tokens[end - 1]?.to ?? token.to,
        at,
        end,
        clause: place.clause,
        sentence: place.sentence,
        drawnOut: found.drawnOut,
        picture: token.kind === "emoji" || token.kind === "emoticon",
      });
    }
    if (token.kind === "mark") pass(token, place, exclamations);
    at = end;
  }
  return { marks, exclamations };
};
