/**
 * `attune analyse`: what texts mean, JSONL `{id?, text}` on stdin, one answer a line in the same order. Opens no store.
 * A bad line gives a line with `error` in its place; the others are answered, and the exit status says that there was one.
 */
import { z } from "zod";
import type {
  Analysis,
  Emotion,
  Intent,
  Judgement,
  PersonalDatum,
  ReviewType,
  SentimentLabel,
  Topic,
  Why,
} from "../core/analysis.ts";
import { faultsAsText, faultsOf } from "../core/fault.ts";
import { feedbackSchema } from "../core/signal.ts";
import { analyse as analyseText } from "../core/text/analyse.ts";
import type { TextReader } from "../core/text/reader.ts";
import { clip } from "./columns.ts";
import { type Line, linesOf } from "./lines.ts";
import { openReader } from "./text-models.ts";
import { createPaint, type Call, type Exit, type Paint } from "./terminal.ts";
import { cuesAsText, figure } from "./words.ts";

/** A word and its part in a figure; `from` and `to` are offsets into the text. */
interface Contribution {
  readonly word: string;
  readonly contribution: number;
  readonly from: number;
  readonly to: number;
}

/** `base` and the contributions sum to the figure. */
interface Reasons {
  readonly base: number;
  readonly words: readonly Contribution[];
}

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
  readonly intent: Said<Intent>;
  readonly aspects: Analysis["aspects"];
  /** 0..1. */
  readonly urgency: number;
  readonly abuse: number;
  readonly irony: number;
  readonly emotion: Said<Emotion>;
  readonly reviewType: Said<ReviewType>;
  readonly values: Analysis["values"];
  readonly personalData: readonly PersonalDatum[];
  /** The article that solves what is described, or null. */
  readonly article: Analysis["article"];
  /** False: guesses, because the models know too little of this text. */
  readonly inScope: boolean;
  /** The words that led to each conclusion. */
  readonly why: {
    readonly sentiment: Reasons;
    readonly topics: readonly (Reasons & { readonly label: Topic })[];
    readonly intent: Reasons;
    readonly urgency: Reasons;
    readonly abuse: Reasons;
    readonly emotion: Reasons;
  };
}

interface Said<Label> {
  readonly label: Label;
  readonly confidence: number;
  readonly isSure: boolean;
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

const reasonsOf = ({ base, cues }: Why): Reasons => ({
  base,
  words: cues.map(({ word, weight, from, to }) => ({ word, contribution: weight, from, to })),
});

const saidOf = <Label extends string>({
  label,
  confidence,
  isSure,
}: Judgement<Label>): Said<Label> => ({
  label,
  confidence,
  isSure,
});

export const answerOf = (id: string | number, analysis: Analysis): TextAnswer => {
  const { language, sentiment, topics, intent, urgency, abuse, emotion } = analysis;
  const { label, score, confidence } = sentiment;
  return {
    id,
    language: language.code,
    sentiment: { label, score, confidence },
    topics: topics.map((topic) => ({ label: topic.label, confidence: topic.confidence })),
    intent: saidOf(intent),
    aspects: analysis.aspects,
    urgency: urgency.score,
    abuse: abuse.score,
    irony: analysis.irony.score,
    emotion: saidOf(emotion),
    reviewType: saidOf(analysis.reviewType),
    values: analysis.values,
    personalData: analysis.personalData,
    article: analysis.article,
    inScope: analysis.inScope,
    why: {
      sentiment: reasonsOf(sentiment),
      topics: topics.map((topic) => ({ label: topic.label, ...reasonsOf(topic) })),
      intent: reasonsOf(intent),
      urgency: reasonsOf(urgency),
      abuse: reasonsOf(abuse),
      emotion: reasonsOf(emotion),
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

const guess = (name: string, { label, confidence, isSure }: Said<string>): string =>
  `   ${name} ${label} (${figure(confidence)}${isSure ? "" : ", unsure"})`;

/** One answer as a person reads it. */
export const answerAsText = (
  answer: TextAnswer | TextRefusal,
  paint: Paint = createPaint(false),
): string => {
  if ("error" in answer) return paint.red(answer.error);
  const { sentiment, why } = answer;
  const because = (text: string): string => (text === "" ? "" : paint.dim(` because of ${text}`));
  const said = ({ words }: Reasons): string =>
    because(
      cuesAsText(
        words.map(({ contribution, ...word }) => ({ ...word, weight: contribution })),
        4,
      ),
    );
  const topics = answer.topics.map(
    ({ label, confidence }, index) =>
      `   topic ${label} (${figure(confidence)})${said(why.topics[index] ?? { base: 0, words: [] })}`,
  );
  const signs = { negative: "−", neutral: "0", positive: "+" } as const;
  const aspects = answer.aspects.map(({ aspect, polarity }) => `${aspect} ${signs[polarity]}`);
  const personal = [...new Set(answer.personalData.map(({ kind }) => kind))];
  return [
    `${paint.bold(clip(String(answer.id), 80))} · ${answer.language}`,
    `   ${sentiment.label} ${figure(sentiment.score)} (confidence ${figure(sentiment.confidence)})${said(why.sentiment)}`,
    ...topics,
    `${guess("intent", answer.intent)}${said(why.intent)}`,
    guess("emotion", answer.emotion),
    ...(aspects.length === 0 ? [] : [`   aspects: ${aspects.join(", ")}`]),
    `   urgency ${figure(answer.urgency)}${said(why.urgency)}`,
    ...(answer.abuse < 0.5 ? [] : [`   abusive ${figure(answer.abuse)}${said(why.abuse)}`]),
    ...(answer.irony < 0.5 ? [] : [`   ironic ${figure(answer.irony)}`]),
    ...answer.values.map(({ kind, value }) => `   ${kind} ${clip(value, 60)}`),
    ...(answer.article === null
      ? []
      : [`   article “${clip(answer.article.title, 60)}” (${figure(answer.article.confidence)})`]),
    ...(answer.inScope ? [] : ["   out of scope: these are guesses"]),
    ...(personal.length === 0 ? [] : [`   personal data: ${personal.join(", ")}`]),
  ].join("\n");
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
