/**
 * Trains the model that tells languages apart, from labelled words of a file and the small words of the fixtures; measures it on their sentences.
 * Same data and seed: same bytes.
 */
import { createHash } from "node:crypto";
import type { PlaybookFiles } from "../core/playbook.ts";
import { languageCard } from "../core/text/language-card.ts";
import { writeLanguageModel } from "../core/text/language-file.ts";
import { parseLabelledTexts } from "../core/text/labels-file.ts";
import { readText } from "../core/text/reading.ts";
import { openLexicons, TEXT_FILES } from "../core/text/reader.ts";
import { type LanguageRow, trainLanguage } from "../core/text/train-language.ts";
import { usable } from "./training-input.ts";

export interface LanguageTexts {
  /** Lines `{text, label}`: words and pairs of words. */
  readonly data: string;
  /** Lines `{text, lang}`: small words that such data lacks. */
  readonly small: string;
  /** Lines `{text, lang}`: sentences to measure on. */
  readonly sentences: string;
}

export interface LanguageResult {
  readonly file: string;
  readonly path: string;
  readonly rows: number;
  /** Share of the sentences whose language is found, 0..1. */
  readonly sentences: number;
}

const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Lines `{text, lang}` or `{text, label}`. */
const labelled = (text: string, place: string): readonly LanguageRow[] => {
  const lines = text
    .split("\n")
    .map((line) => (line.includes('"label"') ? line : line.replace('"lang"', '"label"')));
  const { rows } = usable(parseLabelledTexts(lines, place), "the words");
  return rows.map((row) => ({ text: row.text, lang: row.labels[0] ?? "" }));
};

/** Rejects with TRAINING_REFUSED for faulty lines. */
export const trainLanguageModel = (
  texts: LanguageTexts,
  how: { readonly seed: number; readonly files: PlaybookFiles },
): LanguageResult => {
  const { seed, files } = how;
  const dataRows = labelled(texts.data, "the words");
  const small = labelled(texts.small, "language-words.jsonl");
  const trained = trainLanguage(dataRows, { seed, small });
  const place = TEXT_FILES.language;
  const measure = (model: string): number => {
    const reader = usable(openLexicons({ ...files, [place]: model }), "the lexicons");
    const sentences = labelled(texts.sentences, "languages.jsonl");
    const right = sentences.filter(
      ({ text, lang }) => readText(text, reader).language.code === lang,
    );
    return right.length / Math.max(1, sentences.length);
  };
  const cardFor = (sentences: number) =>
    languageCard({
      trained,
      seed,
      command: `attune train language --data langid.train.jsonl --seed ${seed}`,
      data: hashOf(texts.data),
      small: { rows: small.length, data: hashOf(texts.small) },
      sentences,
    });
  const sentences = measure(writeLanguageModel(trained.model, cardFor(0)));
  return {
    file: writeLanguageModel(trained.model, cardFor(sentences)),
    path: place,
    rows: dataRows.length,
    sentences,
  };
};
