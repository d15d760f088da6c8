/** Labelled feedback, one JSON object a line: what the text models are trained on and what examples are made of. */
import { z } from "zod";
import { SENTIMENT_LABELS, TOPICS } from "../analysis.ts";
import { type Checked, type Fault, faulty, faultsOf, sound } from "../fault.ts";
import { wellFormed } from "../json.ts";
import { LIMITS } from "../limits.ts";

const labelledSchema = z.strictObject({
  id: z.string().min(1).max(LIMITS.idChars),
  text: z.string().min(1).max(LIMITS.textChars).transform(wellFormed),
  lang: z.string().min(2).max(LIMITS.localeChars),
  channel: z.string().min(1).max(LIMITS.nameChars),
  rating: z.number().min(1).max(5).optional(),
  labels: z.strictObject({
    sentiment: z.enum(SENTIMENT_LABELS),
    /** The main topic first. */
    topics: z.array(z.enum(TOPICS)).min(1, "is empty; name at least one topic, or other"),
    urgent: z.boolean(),
  }),
  /** Texts that vary one idea share a group; a group is never split between training and held-out rows. */
  group: z.string().min(1),
});

export type LabelledFeedback = Readonly<z.output<typeof labelledSchema>>;

const parseLine = (line: string, place: string): Checked<LabelledFeedback> => {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    return faulty([{ place, sentence: `is not JSON (${String(error)}); write one object a line` }]);
  }
  const parsed = labelledSchema.safeParse(json);
  return parsed.success ? sound(parsed.data) : faulty(faultsOf(parsed.error, place));
};

/** Labelled feedback from the lines of a JSONL file (blank lines are skipped), or all faults with their line numbers, counted from 1. */
export const parseLabelledFeedback = (
  lines: readonly string[],
): Checked<readonly LabelledFeedback[]> => {
  const rows: LabelledFeedback[] = [];
  const faults: Fault[] = [];
  const lineOf = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const place = `line ${index + 1}`;
    const parsed = parseLine(line, place);
    if (parsed.kind === "faulty") {
      faults.push(...parsed.faults);
      continue;
    }
    const earlier = lineOf.get(parsed.value.id);
    if (earlier === undefined) {
      lineOf.set(parsed.value.id, index + 1);
      rows.push(parsed.value);
    } else
      faults.push({
        place: `${place} › id`,
        sentence: `"${parsed.value.id}" stands in line ${earlier} already; give each line its own id`,
      });
  }
  return faults.length > 0 ? faulty(faults) : sound(rows);
};
