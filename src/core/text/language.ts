/**
 * Which language a text is written in: the script decides where it can, common English words decide plain English, tinyld the rest.
 * Sentences in two scripts go to the one that says more.
 */
import { detectAll } from "tinyld/light";
import type { Language } from "../analysis.ts";
import type { Token } from "./tokens.ts";

/** Letters by script. A Han character says about as much as this many Latin letters. */
const HAN_WORTH = 2.5;
/** tinyld reads the beginning only: its time grows with the text. */
const READ_MAX = 120;

/** Scripts that one language of our customers uses, in order of their ranges; the rest is Latin or asked of tinyld. */
const SCRIPTS: readonly { readonly code: string; readonly from: number; readonly to: number }[] = [
  { code: "el", from: 0x0370, to: 0x03ff },
  { code: "cyrl", from: 0x0400, to: 0x052f },
  { code: "he", from: 0x0590, to: 0x05ff },
  { code: "arab", from: 0x0600, to: 0x077f },
  { code: "hi", from: 0x0900, to: 0x097f },
  { code: "th", from: 0x0e00, to: 0x0e7f },
  { code: "ko", from: 0x1100, to: 0x11ff },
  { code: "kana", from: 0x3041, to: 0x30ff },
  { code: "han", from: 0x3400, to: 0x9fff },
  { code: "ko", from: 0xac00, to: 0xd7a3 },
  { code: "han", from: 0xf900, to: 0xfaff },
  { code: "han", from: 0x20000, to: 0x323af },
];

const isLatin = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0xc0 && code <= 0x24f);

const scriptOf = (code: number): string | undefined => {
  if (code < 0x370) return isLatin(code) ? "latn" : undefined;
  if (code >= 0x4e00 && code <= 0x9fff) return "han";
  return SCRIPTS.find(({ from, to }) => code >= from && code <= to)?.code;
};

const countScripts = (tokens: readonly Token[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const token of tokens) {
    if (token.kind !== "word" && token.kind !== "han") continue;
    const script = scriptOf(token.text.codePointAt(0) ?? 0);
    if (script === undefined) continue;
    const worth = script === "han" ? HAN_WORTH : 1;
    counts.set(script, (counts.get(script) ?? 0) + token.text.length * worth);
  }
  return counts;
};

const guess = (text: string, only: readonly string[]): Language => {
  const best = detectAll(text.slice(0, READ_MAX)).find(
    ({ lang }) => only.length === 0 || only.includes(lang),
  );
  const [first = "und"] = only;
  if (best === undefined) return { code: first, confidence: only.length > 0 ? 0.5 : 0 };
  return {
    code: best.lang,
    confidence: Math.round(Math.min(1, Math.max(0.1, best.accuracy)) * 100) / 100,
  };
};

/** Words, function words among them, and share of words that are known English. */
const countEnglish = (
  tokens: readonly Token[],
): { readonly words: number; readonly proofs: number; readonly share: number } => {
  let words = 0;
  let proofs = 0;
  let hits = 0;
  for (const token of tokens) {
    if (token.kind !== "word") continue;
    words += 1;
    if (token.entry?.isFunctionWord === true) proofs += 1;
    else if (token.entry?.isEnglish === true) hits += 1;
  }
  return { words, proofs, share: (proofs + hits) / Math.max(1, words) };
};

const latin = (text: string, tokens: readonly Token[]): Language => {
  const { words, proofs, share } = countEnglish(tokens);
  const isPlain = proofs >= words / 5 && (proofs > 1 || words <= 4);
  if (isPlain && share >= 0.3)
    return { code: "en", confidence: Math.round(Math.min(0.99, 0.75 + share / 3) * 100) / 100 };
  if (share >= 0.5) return { code: "en", confidence: 0.7 };
  const guessed = guess(text, []);
  const least = guessed.code === "und" ? Number.MIN_VALUE : 0.2;
  return guessed.confidence < 0.2 && share >= least ? { code: "en", confidence: 0.4 } : guessed;
};

const SEVERAL: ReadonlyMap<string, readonly string[]> = new Map([
  ["cyrl", ["ru", "uk", "bg", "be", "kk", "sr", "mk"]],
  ["arab", ["ar", "fa", "ur"]],
  ["hi", ["hi", "mr"]],
]);

/** BCP 47 code and confidence for normalised text; `und` without letters. */
export const detectLanguage = (text: string, tokens: readonly Token[]): Language => {
  const counts = countScripts(tokens);
  const kana = counts.get("kana") ?? 0;
  let total = 0;
  let count = 0;
  let script = "";
  for (const [code, letters] of counts) {
    total += letters;
    if (letters > count) {
      script = code;
      count = letters;
    }
  }
  if (count === 0) return { code: "und", confidence: 0 };
  const confidence = Math.round((0.5 + count / total / 2) * 0.99 * 100) / 100;
  if (script === "kana" || (script === "han" && kana * 8 > count))
    return { code: "ja", confidence };
  if (script === "han") return { code: "zh", confidence };
  if (script === "latn") return latin(text, tokens);
  const several = SEVERAL.get(script);
  return several === undefined ? { code: script, confidence } : guess(text, several);
};
