/**
 * Cuts normalised text into words, Chinese words, emoji, emoticons and punctuation, each with its place in the normalised text.
 * Latin words never hold Han characters and the other way round, so mixed text needs no decision about its language first.
 */
import { firstTokenUnit, plainTokenAt } from "./plain-tokens.ts";
import type { WordBook, WordEntry } from "./words.ts";

export type TokenKind = "word" | "han" | "number" | "emoji" | "emoticon" | "mark" | "link";

/** A piece of the normalised text; offsets are UTF-16, half-open. Of a word longer than `WORD_CHARS_MAX` the word book is asked about that much only. */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly from: number;
  readonly to: number;
  /** What the word book knows about a word or number; null for all others. */
  readonly entry: WordEntry | null;
}

/** natural's stemmer takes quadratic time in a word's length. */
export const WORD_CHARS_MAX = 64;

/** Alternatives in the order of TOKEN_KINDS; none can match in two ways, so matching is linear. */
const TOKEN = new RegExp(
  [
    String.raw`((?:https?:\/\/|www\.)[^\s\p{Script=Han}]+)`,
    String.raw`((?:[:;=]'?-?[()\[\]dp\/\\|3*o]|<\/?3|[tq][_.][tq]|\^[_.-]?\^|>[_.]<|-_-+|:'\()(?![\p{L}\p{N}\/]))`,
    String.raw`(\p{Script=Han}+)`,
    String.raw`(\p{N}+(?:[.,:]\p{N}+)*)`,
    String.raw`((?!\p{Script=Han})\p{L}(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])*(?:'(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])+)*)`,
    String.raw`(\p{Extended_Pictographic}\p{EMod}?)`,
    String.raw`([!?！？]+|[.。…,，、;；:：\n~～()（）]+)`,
  ].join("|"),
  "gu",
);

const TOKEN_KINDS = ["link", "emoticon", "han", "number", "word", "emoji", "mark"] as const;

const kindOf = (match: RegExpExecArray): TokenKind => {
  for (const [index, kind] of TOKEN_KINDS.entries())
    if (match[index + 1] !== undefined) return kind;
  return "mark";
};

const cutHan = (run: Token, borders: Uint8Array, into: Token[]): void => {
  let from = run.from;
  for (let to = run.from + 1; to <= run.to; to += 1) {
    if (to < run.to && borders[to] !== 1) continue;
    const text = run.text.slice(from - run.from, to - run.from);
    into.push({ kind: "han", text, from, to, entry: null });
    from = to;
  }
};

/** Where a token stands, before it is cut out. */
interface Place {
  readonly kind: TokenKind;
  readonly from: number;
  readonly to: number;
}

/** The place of the token at `from` or, if none begins there, of the next one. */
const nextPlace = (text: string, from: number): Place | null => {
  const plain = plainTokenAt(text, from);
  if (plain !== null) return plain;
  TOKEN.lastIndex = from;
  const match = TOKEN.exec(text);
  if (match === null) return null;
  return { kind: kindOf(match), from: match.index, to: match.index + match[0].length };
};

const tokenOf = (source: string, place: Place, words: WordBook): Token => {
  const { kind, from } = place;
  const text = source.slice(from, place.to);
  const isKnown = kind === "word" || kind === "number";
  const entry = isKnown ? words.entry(text.slice(0, WORD_CHARS_MAX)) : null;
  return { kind, text, from, to: place.to, entry };
};

/** The tokens of a normalised text in their order, words and numbers with their entries. Linear time. */
export const tokenise = (text: string, words: WordBook): readonly Token[] => {
  const tokens: Token[] = [];
  let borders: Uint8Array | null = null;
  for (let at = firstTokenUnit(text, 0); at < text.length;) {
    const place = nextPlace(text, at);
    if (place === null) break;
    const token = tokenOf(text, place, words);
    if (token.kind === "han") {
      borders ??= words.borders(text);
      cutHan(token, borders, tokens);
    } else tokens.push(token);
    at = firstTokenUnit(text, place.to);
  }
  return tokens;
};
