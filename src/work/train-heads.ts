/**
 * Trains the shipped heads from the fixtures' corpus and, where their folder is named, public sets; measures them on the corpus's test part.
 * Same files and seed: same bytes.
 */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { TrainingResult } from "../core/training.ts";
import { type CorpusRow, parseCorpus } from "../core/text/corpus.ts";
import { corpusScores } from "../core/text/corpus-scores.ts";
import {
  type Correction,
  correctionFingerprint,
  parseCorrection,
} from "../core/text/corrections.ts";
import { analyse } from "../core/text/analyse.ts";
import type { ClassifierCard } from "../core/text/classifier-file.ts";
import { lessonsOf, PUBLIC_SETS, type PublicSet, type SetRow } from "../core/text/heads-data.ts";
import { parseLabelledFeedback } from "../core/text/labelled.ts";
import { parseLabelledTexts } from "../core/text/labels-file.ts";
import { openLexicons, openTextReader, TEXT_FILES } from "../core/text/reader.ts";
import { trainHeads, type TrainedHeads, writeHeads } from "../core/text/train-heads.ts";
import type { FixtureTexts } from "./fixtures.ts";
import { type TrainFixturesOptions, usable } from "./training-input.ts";

/** Rows taken of each set, evenly spread over the file: more teach the language of their forum, not of customers. */
const SET_ROWS: Readonly<Record<PublicSet, number>> = {
  goemotions_group: 20_000,
  davidson_toxic: 4_000,
  cold: 6_000,
  artc_app: 3_000,
};

interface ReadSet {
  readonly rows: readonly SetRow[];
  readonly data: string;
}

const hashOf = (text: string): string =>
  `sha256:${createHash("sha256").update(text).digest("hex")}`;

const spread = <T>(items: readonly T[], most: number): readonly T[] => {
  const step = Math.max(1, items.length / most);
  return items.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
};

const readSet = (folder: string, set: PublicSet): ReadSet | undefined => {
  const plain = join(folder, `${set}.train.jsonl`);
  const path = existsSync(plain) ? plain : `${plain}.gz`;
  if (!existsSync(path)) return undefined;
  const bytes = readFileSync(path);
  const text = (path === plain ? bytes : gunzipSync(bytes)).toString("utf8");
  const { rows } = usable(parseLabelledTexts(text.split("\n"), path), "a public set");
  const labelled = rows.map((row) => ({ text: row.text, label: row.labels[0] ?? "" }));
  return { rows: spread(labelled, SET_ROWS[set]), data: hashOf(text) };
};

const WEAKNESSES = [
  "Trained mostly on texts written for attune, not on real traffic: expect lower scores on your own feedback, correct what is wrong and train again with it.",
  "Irony without a sign of it is often missed; understatement is read as neutral.",
  "Abuse was learned from public forums: harsh words about a product may count as abuse.",
  "Languages other than English and Chinese are told apart, not read.",
] as const;

const NOTES = [
  "Scores are of the corpus's test part, which no step of training or choosing saw; groups of one writer's situation never stand on both sides.",
  "second reader: labels that somebody else gave to the same texts without seeing the first ones, measured as if a model had; no model can be trusted to be much better.",
  "aspects.pairF1: aspect and polarity both right, all texts together; aspects.polarityF1: polarity of the aspects that both sides see.",
] as const;

interface Sources {
  readonly corpus: readonly CorpusRow[];
  readonly card: ClassifierCard["sources"];
  readonly trained: TrainedHeads;
  readonly absorbed: readonly string[];
}

/** Lines of `attune corrections`. */
const correctionsOf = (text: string | undefined): readonly Correction[] =>
  (text ?? "")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line, index) => {
      const place = `corrections › line ${index + 1}`;
      return usable(parseCorrection(line, place), "the corrections");
    });

const trainFrom = (texts: FixtureTexts, options: TrainFixturesOptions): Sources => {
  const corpus = Object.entries(texts.corpus).flatMap(([name, text]) =>
    usable(parseCorpus(text.split("\n"), name), "the corpus"),
  );
  const feedback = usable(
    parseLabelledFeedback(texts.feedback.split("\n")),
    "the labelled feedback",
  );
  const sets: Partial<Record<PublicSet, readonly SetRow[]>> = {};
  const card: ClassifierCard["sources"] = [
    {
      name: "fixtures/corpus and fixtures/feedback.jsonl",
      licence: "MIT, written for attune",
      rows: corpus.filter(({ split }) => split === "train").length + feedback.length,
      data: hashOf([...Object.values(texts.corpus), texts.feedback].join("\n")),
    },
  ];
  for (const set of Object.keys(PUBLIC_SETS) as PublicSet[]) {
    const read = options.sets === undefined ? undefined : readSet(options.sets, set);
    if (read === undefined) continue;
    sets[set] = read.rows;
    const { source, licence } = PUBLIC_SETS[set];
    card.push({ name: `${set}: ${source}`, licence, rows: read.rows.length, data: read.data });
  }
  const corrections = correctionsOf(options.corrections);
  if (corrections.length > 0)
    card.push({
      name: "corrections",
      licence: "your own",
      rows: corrections.length,
      data: hashOf(options.corrections ?? ""),
    });
  const reader = usable(openLexicons(options.files), "the lexicons");
  const { seed, onProgress } = options;
  const trained = trainHeads(lessonsOf({ corpus, feedback, sets, corrections }), {
    seed,
    reader,
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return { corpus, card, trained, absorbed: corrections.map(correctionFingerprint) };
};

/** Rejects with TRAINING_REFUSED for faulty lines. */
export const trainShippedHeads = async (
  texts: FixtureTexts,
  options: TrainFixturesOptions,
): Promise<TrainingResult> => {
  const { corpus, card: sources, trained, absorbed } = trainFrom(texts, options);
  const card: ClassifierCard = {
    sources,
    ...(absorbed.length === 0 ? {} : { absorbed: [...absorbed] }),
    seed: options.seed,
    command: `attune train text --seed ${options.seed}${options.sets === undefined ? "" : " --sets FOLDER"}`,
    scores: [],
    weaknesses: [...WEAKNESSES],
  };
  const bare = writeHeads(trained, card);
  const files = {
    ...options.files,
    [TEXT_FILES.heads]: bare.heads,
    [TEXT_FILES.clauses]: bare.clauses,
  };
  const reader = usable(openTextReader(files), "the trained models");
  const rows = corpus
    .filter(({ split }) => split === "test")
    .map((row) => ({ row, analysis: analyse(row.text, reader, "labels") }));
  const scores = corpusScores(rows);
  const written = writeHeads(trained, { ...card, scores: scores.map((score) => ({ ...score })) });
  return {
    files: { [TEXT_FILES.heads]: written.heads, [TEXT_FILES.clauses]: written.clauses },
    report: { task: "text", rows: corpus.length, seed: options.seed, scores, notes: [...NOTES] },
  };
};
