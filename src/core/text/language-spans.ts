/**
 * The stretches of a text that is written in several languages, told apart by script: Chinese with English words, English with a Chinese name.
 * Two languages in one script are not told apart.
 */
import type { LanguageSpan } from "../analysis.ts";
import { languageOfWords, scriptOfLetter } from "./language.ts";
import type { LanguageModel } from "./language-model.ts";
import { type NormalText, originalSpan } from "./normalise.ts";
import type { Token } from "./tokens.ts";

/** A stretch of the normalised text in one script. */
interface Run {
  readonly script: string;
  readonly from: number;
  to: number;
  letters: number;
}

const KANA = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;
const NO_SPANS: readonly LanguageSpan[] = [];
/** One letter is a name of a thing, not a language: T恤, C位. */
const LETTERS_MIN = 2;
/** Fewer words of one script among another's are English unless the model is this sure: loan words look like no language. */
const EMBEDDED_LETTERS = 12;
const EMBEDDED_FROM = 0.8;

/** Adds a stretch in one script to the runs, or to the last of them if it is in the same. */
const addRun = (runs: Run[], run: Run): void => {
  if (run.script === "latn" && run.letters < LETTERS_MIN) return;
  const last = runs.at(-1);
  if (last?.script !== run.script) runs.push(run);
  else {
    last.to = run.to;
    last.letters += run.letters;
  }
};

/** Kana and the Han characters beside them are one script. Marks and digits belong to the letter before them. */
const scriptAt = (text: string, at: number): string | undefined => {
  const script = scriptOfLetter(text.codePointAt(at) ?? 0);
  return script === "kana" ? "han" : script;
};

/** The runs in a word: Kana and Latin letters, for one, stand in one word where no blank is between them. */
const addWord = (runs: Run[], token: Token): void => {
  const { text } = token;
  let from = 0;
  let script = scriptAt(text, 0);
  const close = (to: number): void => {
    if (script !== undefined)
      addRun(runs, { script, from: token.from + from, to: token.from + to, letters: to - from });
  };
  for (let at = 1; at < text.length; at += 1) {
    const next = scriptAt(text, at);
    if (next === undefined || next === script) continue;
    close(at);
    from = at;
    script = next;
  }
  close(text.length);
};

const runsOf = (tokens: readonly Token[]): readonly Run[] => {
  const runs: Run[] = [];
  for (const token of tokens) {
    const { kind, from, to, text } = token;
    if (kind === "han") addRun(runs, { script: "han", from, to, letters: text.length });
    else if (kind === "word") addWord(runs, token);
  }
  return runs;
};

/** What the Latin or Cyrillic words of a text are, taken together: one run alone is often too short. */
const sharedLanguage = (
  tokens: readonly Token[],
  what: { readonly script: "latn" | "cyrl"; readonly letters: number },
  model: LanguageModel,
): string => {
  const { code, confidence } = languageOfWords(tokens, what.script, model);
  if (what.script === "cyrl") return code;
  return what.letters >= EMBEDDED_LETTERS && confidence >= EMBEDDED_FROM ? code : "en";
};

/** Han characters are Japanese in a text with kana. */
const hanLanguage = (tokens: readonly Token[]): string =>
  tokens.some(({ kind, text }) => kind === "word" && KANA.test(text)) ? "ja" : "zh";

const languageOfRuns = (
  runs: readonly Run[],
  what: { readonly script: string; readonly tokens: readonly Token[] },
  model: LanguageModel,
): string => {
  const { script, tokens } = what;
  if (script === "han") return hanLanguage(tokens);
  if (script !== "latn" && script !== "cyrl") return script;
  const letters = runs.reduce((sum, run) => sum + (run.script === script ? run.letters : 0), 0);
  return sharedLanguage(tokens, { script, letters }, model);
};

/** Spans in the order of the text, offsets into the original; neighbours differ. Empty for a text in one language. */
export const languageSpans = (
  normal: NormalText,
  tokens: readonly Token[],
  model: LanguageModel,
): readonly LanguageSpan[] => {
  const runs = runsOf(tokens);
  if (runs.length < 2) return NO_SPANS;
  const codes = new Map<string, string>();
  for (const { script } of runs)
    if (!codes.has(script)) codes.set(script, languageOfRuns(runs, { script, tokens }, model));
  return runs.map((run) => ({
    code: codes.get(run.script) ?? "und",
    ...originalSpan(normal, run),
  }));
};
