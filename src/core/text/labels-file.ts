/** Lines `{text, label | labels, lang?, group?, split?}`: what analysts train and evaluate their own text models on. */
import { z } from "zod";
import { type Checked, type Fault, faulty, faultsOf, sound } from "../fault.ts";
import { wellFormed } from "../json.ts";
import { LIMITS } from "../limits.ts";

const label = z.string().trim().min(1, "is empty; give the label a name").max(200);

const rowSchema = z
  .looseObject({
    text: z.string().min(1).max(LIMITS.textChars).transform(wellFormed),
    label: z.union([label, z.number(), z.boolean()]).transform(String).optional(),
    labels: z.array(label).optional(),
    /** Texts of one group stay on one side of a split. */
    group: z.string().optional(),
    split: z.string().optional(),
  })
  .refine((row) => (row.label === undefined) !== (row.labels === undefined), {
    error: 'needs either "label" or "labels"; give one of them',
  });

/** A text and its labels; none is possible where several may hold. */
export interface LabelledText {
  readonly text: string;
  readonly labels: readonly string[];
  readonly group: string | null;
  readonly split: string | null;
}

export interface LabelledTexts {
  readonly rows: readonly LabelledText[];
  /** `several`, if a line has `labels`. */
  readonly kind: "one" | "several";
}

const FAULTS_MAX = 20;

type Parsed = z.output<typeof rowSchema>;

const parseLine = (line: string, place: string): Checked<Parsed> => {
  try {
    const parsed = rowSchema.safeParse(JSON.parse(line));
    return parsed.success ? sound(parsed.data) : faulty(faultsOf(parsed.error, place));
  } catch (error) {
    return faulty([{ place, sentence: `is not JSON (${String(error)}); write one object a line` }]);
  }
};

const rowOf = ({ text, label: one, labels = [], group, split }: Parsed): LabelledText => ({
  text,
  labels: [...new Set(one === undefined ? labels : [one])],
  group: group ?? null,
  split: split ?? null,
});

/** Rows of a JSONL text, or its first faults with their line numbers, counted from 1. */
export const parseLabelledTexts = (
  lines: readonly string[],
  place: string,
): Checked<LabelledTexts> => {
  const rows: LabelledText[] = [];
  const faults: Fault[] = [];
  let isSeveral = false;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "" || faults.length >= FAULTS_MAX) continue;
    const parsed = parseLine(line, `${place} › line ${index + 1}`);
    if (parsed.kind === "faulty") faults.push(...parsed.faults);
    else {
      isSeveral ||= parsed.value.labels !== undefined;
      rows.push(rowOf(parsed.value));
    }
  }
  if (faults.length > 0) return faulty(faults);
  if (rows.length === 0)
    return faulty([{ place, sentence: 'holds no line; write {"text": …, "label": …} on each' }]);
  return sound({ rows, kind: isSeveral ? "several" : "one" });
};
