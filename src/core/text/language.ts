/**
 * Which language a text is written in: the script decides where it can, common English words decide plain English, a small model the rest.
 * Sentences in two scripts go to the one that says more, or to Chinese where only its grammar holds them together.
 */
import type { Language as Whole } from "../analysis.ts";
import { type SharedScript, sharedScript } from "./language-grams.ts";
import { guessLanguage, type LanguageGuess, type LanguageModel } from "./language-model.ts";
import type { Token } from "./tokens.ts";

type Language = Omit<Whole, "script" | "spans">;

/** One character of these scripts says about as much as this many Latin letters. */
const WORTH: Readonly<Partial<Record<string, number>>> = { han: 2.5, ko: 2, kana: 1.5 };
/** Characters that hold Chinese sentences together; names and borrowed words have none. */
const HAN_GRAMMAR = /[的了是不这那我你他她在有就也都没吗吧呢很太把被给和怎什还又]/u;

/** Scripts beside Latin and Cyrillic, by code or by the one language of ours that uses them, in order of their ranges. */
const SCRIPTS: readonly { readonly code: string; readonly from: number; readonly to: number }[] = [
  { code: "el", from: 0x0370, to: 0x03ff },
  { code: "he", from: 0x0590, to: 0x05ff },
  { code: "ar", from: 0x0600, to: 0x077f },
  { code: "hi", from: 0x0900, to: 0x097f },
  { code: "th", from: 0x0e00, to: 0x0e7f },
  { code: "ko", from: 0x1100, to: 0x11ff },
  { code: "kana", from: 0x3041, to: 0x30ff },
  { code: "han", from: 0x3400, to: 0x9fff },
  { code: "ko", from: 0xac00, to: 0xd7a3 },
  { code: "han", from: 0xf900, to: 0xfaff },
  { code: "han", from: 0x20000, to: 0x323af },
];

/** `latn`, `cyrl`, `han`, `kana` or the language whose script a letter is of. */
export const scriptOfLetter = (code: number): string | undefined => {
  if (code >= 0x4e00 && code <= 0x9fff) return "han";
  return sharedScript(code) ?? SCRIPTS.find(({ from, to }) => code >= from && code <= to)?.code;
};

/** The script of a word's first letter. */
const scriptOfWord = (word: string): string | undefined => scriptOfLetter(word.codePointAt(0) ?? 0);

const isWordToken = ({ kind }: Token): boolean => kind === "word" || kind === "han";

const countScripts = (tokens: readonly Token[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const token of tokens) {
    if (!isWordToken(token)) continue;
    const script = scriptOfWord(token.text);
    if (script === undefined) continue;
    const letters = token.text.length * (WORTH[script] ?? 1);
    counts.set(script, (counts.get(script) ?? 0) + letters);
  }
  return counts;
};

const NONE: Language = { code: "und", confidence: 0 };

const twoDecimals = (value: number): number => Math.round(value * 100) / 100;

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

/** Letters that are read; the model's time grows with them. */
const READ_MAX = 120;

const guess = (
  model: LanguageModel,
  tokens: readonly Token[],
  script: SharedScript,
): (LanguageGuess & { readonly letters: number }) | null => {
  const words: string[] = [];
  let letters = 0;
  for (const { kind, text } of tokens) {
    if (kind !== "word" || sharedScript(text.charCodeAt(0)) !== script) continue;
    words.push(text);
    letters += text.length;
    if (letters >= READ_MAX) break;
  }
  const best = guessLanguage(model, words, script);
  return best === null ? null : { ...best, letters };
};

/** A guess below this says nothing; one about fewer letters than `FEW_LETTERS` must be surer. */
const GUESS_FROM = 0.5;
/** English is what most texts are in that the model sees few letters of. */
const ENGLISH_FROM = 0.35;
const FEW_LETTERS = 8;
const SHORT_GUESS_FROM = 0.85;
/** Where some words are known English, another language must be this sure. */
const AGAINST_ENGLISH_FROM = 0.9;

/** What the model says of words of which `share` is known English. */
const judged = (
  { code, probability, letters }: LanguageGuess & { readonly letters: number },
  share: number,
): Language => {
  const said = { code, confidence: twoDecimals(Math.min(0.99, probability)) };
  if (code === "en" && probability >= ENGLISH_FROM) return said;
  if (share > 0.15 && probability < AGAINST_ENGLISH_FROM) return { code: "en", confidence: 0.5 };
  const least = letters < FEW_LETTERS ? SHORT_GUESS_FROM : GUESS_FROM;
  return code === "en" || probability < least ? NONE : said;
};

const latin = (tokens: readonly Token[], model: LanguageModel): Language => {
  const { words, proofs, share } = countEnglish(tokens);
  const isPlain = proofs >= words / 5 && (proofs > 1 || words <= 4);
  if (isPlain && share >= 0.3)
    return { code: "en", confidence: twoDecimals(Math.min(0.99, 0.75 + share / 3)) };
  if (share >= 0.5) return { code: "en", confidence: 0.7 };
  const best = guess(model, tokens, "latn");
  return best === null ? NONE : judged(best, share);
};

/** Letters that one language has and its neighbours in the same script lack; the first that occurs decides. */
const TELLING: Readonly<Record<"cyrl" | "ar", readonly (readonly [string, RegExp])[]>> = {
  cyrl: [
    ["be", /ў/u],
    ["sr", /[ђћџљњј]/u],
    ["kk", /[әғқңөұүһ]/u],
  ],
  ar: [
    ["ur", /[ٹڈڑںے]/u],
    ["fa", /[پچژگ]/u],
  ],
};
const UKRAINIAN = /[іїєґ]/u;
const RUSSIAN = /[ыэёъ]/u;

const told = (tokens: readonly Token[], script: "cyrl" | "ar"): Language | null => {
  const found = TELLING[script].find(([, letters]) =>
    tokens.some(({ text }) => letters.test(text)),
  );
  return found === undefined ? null : { code: found[0], confidence: 0.8 };
};

const cyrillic = (tokens: readonly Token[], model: LanguageModel): Language => {
  const other = told(tokens, "cyrl");
  if (other !== null) return other;
  const isUkrainian = tokens.some(({ text }) => UKRAINIAN.test(text));
  const isRussian = tokens.some(({ text }) => RUSSIAN.test(text));
  if (isUkrainian !== isRussian) return { code: isUkrainian ? "uk" : "ru", confidence: 0.97 };
  const best = guess(model, tokens, "cyrl");
  return best === null
    ? NONE
    : { code: best.code, confidence: twoDecimals(Math.min(0.97, best.probability)) };
};

/** The language of the Latin or Cyrillic words among the tokens, whatever stands between them. */
export const languageOfWords = (
  tokens: readonly Token[],
  script: SharedScript,
  model: LanguageModel,
): Language => (script === "latn" ? latin(tokens, model) : cyrillic(tokens, model));

/** Whether only Chinese grammar holds a text together in which Latin letters prevail: 这个app一直crash. */
const isChineseFrame = (tokens: readonly Token[]): boolean =>
  tokens.some(({ kind, text }) => kind === "han" && HAN_GRAMMAR.test(text)) &&
  !tokens.some(({ entry }) => entry?.isFunctionWord === true);

/** The script that says most, and its share of what all say. */
const leading = (
  counts: ReadonlyMap<string, number>,
  tokens: readonly Token[],
): { readonly script: string; readonly share: number } => {
  let total = 0;
  let most = 0;
  let script = "";
  for (const [code, letters] of counts) {
    total += letters;
    if (letters > most) {
      script = code;
      most = letters;
    }
  }
  if (script === "latn" && counts.has("han") && isChineseFrame(tokens)) script = "han";
  return { script, share: (counts.get(script) ?? 0) / Math.max(1, total) };
};

/** Whether the Han characters of a text stand in Japanese: a sixth of its characters are kana. */
const isJapanese = (counts: ReadonlyMap<string, number>): boolean =>
  (counts.get("kana") ?? 0) * 5 > (counts.get("han") ?? 0);

/** BCP 47 code and confidence for the words of a normalised text; `und` without letters or with too few to tell. */
export const detectLanguage = (tokens: readonly Token[], model: LanguageModel): Language => {
  const counts = countScripts(tokens);
  const { script, share } = leading(counts, tokens);
  const weight = 0.5 + share / 2;
  const confidence = twoDecimals(weight * 0.99);
  switch (script) {
    case "":
      return NONE;
    case "kana":
      return { code: "ja", confidence };
    case "han":
      return { code: isJapanese(counts) ? "ja" : "zh", confidence };
    case "latn":
    case "cyrl": {
      const own = languageOfWords(tokens, script, model);
      return { code: own.code, confidence: twoDecimals(own.confidence * weight) };
    }
    case "ar":
      return told(tokens, "ar") ?? { code: script, confidence };
    default:
      return { code: script, confidence };
  }
};

/** What a Han character says of the script: nothing, traditional, simplified. */
export type ScriptTable = Uint8Array;
const TRADITIONAL = 1;
const SIMPLIFIED = 2;

/** From pairs of a traditional and a simplified character: a simplified one that stands in traditional texts, too, says nothing. */
export const scriptTable = (simplified: ReadonlyMap<string, string>): ScriptTable => {
  const table = new Uint8Array(0x1_0000);
  for (const char of simplified.values())
    if (char.length === 1) table[char.charCodeAt(0)] = SIMPLIFIED;
  for (const char of simplified.keys())
    if (char.length === 1) table[char.charCodeAt(0)] = TRADITIONAL;
  return table;
};

/** How the Chinese of an original text is written: the characters that stand in one script only decide; null if none does. */
export const scriptOf = (original: string, table: ScriptTable): Whole["script"] => {
  let [traditional, plain] = [0, 0];
  for (let at = 0; at < original.length; at += 1) {
    const said = table[original.charCodeAt(at)];
    if (said === TRADITIONAL) traditional += 1;
    else if (said === SIMPLIFIED) plain += 1;
  }
  if (traditional + plain === 0) return null;
  return traditional >= plain ? "Hant" : "Hans";
};
