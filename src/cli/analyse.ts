/**
 * `attune analyse`: what texts mean, JSONL `{id?, text}` on stdin, one answer a line in the same order. Opens no store.
 * A bad line gives a line with `error` in its place; the others are answered, and the exit status says that there was one.
 */
import { z } from "zod";
import type { Analysis, Cue, PersonalDatum, SentimentLabel, Topic } from "../core/analysis.ts";
import { faultsAsText, faultsOf } from "../core/fault.ts";
import { feedbackSchema } from "../core/signal.ts";
import { analyse as analyseText } from "../core/text/analyse.ts";
import { openTextReader, type TextReader } from "../core/text/reader.ts";
import { AttuneError } from "../errors.ts";
import { readPlaybookFiles } from "../work/publish.ts";
import { clip } from "./columns.ts";
import { type Line, linesOf } from "./lines.ts";
import { createPaint, type Call, type Exit, type Paint } from "./terminal.ts";
import { cuesAsText, figure } from "./words.ts";

/** One line of `analyse --json`. `id` is the one given, else the number of the line. */
export interface TextAnswer {
  readonly id: string | number;
  /** BCP 47 primary language, or "und". */
  readonly language: string;
  readonly sentiment: {
    readonly label: SentimentLabel;
    readonly score: number;
    readonly confidence: number;
  };
  /** Best first. */
  readonly topics: readonly { readonly label: Topic; readonly confidence: number }[];
  /** 0..1. */
  readonly urgency: number;
  readonly personalData: readonly PersonalDatum[];
  /** The words that led to each conclusion. */
  readonly why: {
    readonly sentiment: readonly Cue[];
    readonly topics: readonly { readonly label: Topic; readonly cues: readonly Cue[] }[];
    readonly urgency: readonly Cue[];
  };
}

/** What a bad line gives in its place. */
export interface TextRefusal {
  readonly id: string | number;
  readonly line: number;
  readonly error: string;
}

const textSchema = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  text: feedbackSchema.shape.text,
});

export const answerOf = (id: string | number, analysis: Analysis): TextAnswer => {
  const { language, sentiment, topics, urgency, personalData } = analysis;
  const { label, score, confidence } = sentiment;
  return {
    id,
    language: language.code,
    sentiment: { label, score, confidence },
    topics: topics.map((topic) => ({ label: topic.label, confidence: topic.confidence })),
    urgency: urgency.score,
    personalData,
    why: {
      sentiment: sentiment.cues,
      topics: topics.map((topic) => ({ label: topic.label, cues: topic.cues })),
      urgency: urgency.cues,
    },
  };
};

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

const idIn = (value: unknown, fallback: number): string | number => {
  const read = z.object({ id: z.union([z.string(), z.number()]) }).safeParse(value);
  return read.success ? read.data.id : fallback;
};

const answerLine = (line: Line, reader: TextReader): TextAnswer | TextRefusal => {
  const place = `line ${line.number}`;
  if (line.kind === "fault")
    return { id: line.number, line: line.number, error: `${place}: ${line.sentence}` };
  const value = jsonOf(line.text);
  if (value === undefined)
    return {
      id: line.number,
      line: line.number,
      error: `${place}: is not JSON; write {"text": "..."}`,
    };
  const read = textSchema.safeParse(value);
  if (!read.success)
    return {
      id: idIn(value, line.number),
      line: line.number,
      error: faultsAsText(faultsOf(read.error, place)),
    };
  return answerOf(read.data.id ?? line.number, analyseText(read.data.text, reader));
};

/** One answer as a person reads it. */
export const answerAsText = (
  answer: TextAnswer | TextRefusal,
  paint: Paint = createPaint(false),
): string => {
  if ("error" in answer) return paint.red(answer.error);
  const { sentiment, why } = answer;
  const because = (text: string): string => (text === "" ? "" : paint.dim(` because of ${text}`));
  const topics = answer.topics.map(
    ({ label, confidence }, index) =>
      `   topic ${label} (${figure(confidence)})${because(cuesAsText(why.topics[index]?.cues ?? []))}`,
  );
  const personal = [...new Set(answer.personalData.map(({ kind }) => kind))];
  return [
    `${paint.bold(clip(String(answer.id), 80))} · ${answer.language}`,
    `   ${sentiment.label} ${figure(sentiment.score)} (confidence ${figure(sentiment.confidence)})${because(cuesAsText(why.sentiment))}`,
    ...topics,
    `   urgency ${figure(answer.urgency)}${because(cuesAsText(why.urgency))}`,
    ...(personal.length === 0 ? [] : [`   personal data: ${personal.join(", ")}`]),
  ].join("\n");
};

const openReader = (home: string): TextReader => {
  const reader = openTextReader(readPlaybookFiles(home));
  if (reader.kind === "sound") return reader.value;
  throw new AttuneError("PLAYBOOK_INVALID", "The models and lexicons cannot be read:", {
    faults: reader.faults,
  });
};

export const analyse = async ({ context, terminal }: Call): Promise<Exit> => {
  const reader = openReader(context.home);
  let exit: Exit = 0;
  for await (const line of linesOf(terminal.input)) {
    const answer = answerLine(line, reader);
    if ("error" in answer) exit = 1;
    terminal.out(context.json ? JSON.stringify(answer) : answerAsText(answer, terminal.paint));
    if (terminal.stop.aborted) return 1;
  }
  return exit;
};
