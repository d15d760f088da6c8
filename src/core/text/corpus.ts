/** Rows of `fixtures/corpus`: feedback with every label that attune reads, what the shipped models are trained and measured on. */
import { z } from "zod";
import { ASPECTS, EMOTIONS, INTENTS, SENTIMENT_LABELS, TOPICS } from "../analysis.ts";
import { type Checked, type Fault, faulty, faultsOf, sound } from "../fault.ts";
import { wellFormed } from "../json.ts";
import { LIMITS } from "../limits.ts";

const POLARITIES = ["negative", "neutral", "positive"] as const;

const secondSchema = z.strictObject({
  sentiment: z.enum(SENTIMENT_LABELS),
  topics: z.array(z.enum(TOPICS)).min(1),
  intent: z.enum(INTENTS),
  urgent: z.boolean(),
  aspects: z.array(z.tuple([z.enum(ASPECTS), z.enum(POLARITIES)])),
});

export const corpusRowSchema = z
  .strictObject({
    id: z.string().min(1).max(LIMITS.idChars),
    text: z.string().min(1).max(LIMITS.textChars).transform(wellFormed),
    lang: z.enum(["en", "zh"]),
    channel: z.string().min(1).max(LIMITS.nameChars),
    sentiment: z.enum(SENTIMENT_LABELS),
    /** The main topic first. */
    topics: z.array(z.enum(TOPICS)).min(1, "is empty; name at least one topic, or other"),
    intent: z.enum(INTENTS),
    urgent: z.boolean(),
    emotion: z.enum(EMOTIONS),
    irony: z.boolean(),
    abuse: z.boolean(),
    /** UTF-16 offsets into the text, half-open. */
    aspects: z.array(
      z.strictObject({
        aspect: z.enum(ASPECTS),
        polarity: z.enum(POLARITIES),
        from: z.int().min(0),
        to: z.int().min(1),
      }),
    ),
    /** Texts of one situation, one writer: never on both sides of a split. */
    group: z.string().min(1),
    split: z.enum(["train", "test"]),
    /** True for rows that a grammar made from written clauses; never in test. */
    made: z.boolean().optional(),
    /** What a second reader said who did not see the first labels. */
    second: secondSchema.optional(),
  })
  .refine((row) => row.made !== true || row.split === "train", {
    path: ["made"],
    error: "is true in a test row; made texts are for training only",
  })
  .refine((row) => row.aspects.every(({ from, to }) => from < to && to <= row.text.length), {
    path: ["aspects"],
    error: "reaches beyond the text",
  });

export type CorpusRow = Readonly<z.output<typeof corpusRowSchema>>;

/** Rows from the lines of a JSONL file, or all faults with their line numbers, counted from 1. */
export const parseCorpus = (
  lines: readonly string[],
  place: string,
): Checked<readonly CorpusRow[]> => {
  const rows: CorpusRow[] = [];
  const faults: Fault[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const at = `${place} › line ${index + 1}`;
    try {
      const parsed = corpusRowSchema.safeParse(JSON.parse(line));
      if (parsed.success) rows.push(parsed.data);
      else faults.push(...faultsOf(parsed.error, at));
    } catch (error) {
      faults.push({
        place: at,
        sentence: `is not JSON (${String(error)}); write one object a line`,
      });
    }
  }
  return faults.length > 0 ? faulty(faults) : sound(rows);
};
