/**
 * The file of a language model: JSON with a readable card, and one table of bytes as base64.
 * Nothing in it runs; a broken file is refused with the place of the fault.
 */
import { z } from "zod";
import { fromBase64, toBase64 } from "../base64.ts";
import { type Checked, faulty, faultsOf, sound } from "../fault.ts";
import { cardSchema, type ClassifierCard } from "./classifier-file.ts";
import { LANGUAGE_SLOTS } from "./language-grams.ts";
import { type LanguageModel, MODEL_CODES } from "./language-model.ts";

const languageFileSchema = z.strictObject({
  kind: z.literal("language-model", {
    error: 'is not "language-model"; name a file that attune train language wrote',
  }),
  formatVersion: z.literal(1, {
    error: "is a format that this version does not read; train again",
  }),
  card: cardSchema,
  languages: z.array(z.string()),
  temperature: z.strictObject({ latn: z.number().positive(), cyrl: z.number().positive() }),
  scales: z.array(z.number().nonnegative()),
  bias: z.array(z.number()),
  /** Signed bytes, slot by slot. */
  weights: z.string(),
});
type LanguageFile = z.output<typeof languageFileSchema>;

const misfit = (file: LanguageFile, weights: Uint8Array | null): string | null => {
  if (file.languages.join(" ") !== MODEL_CODES.join(" "))
    return `knows ${file.languages.join(", ")}; this version asks for ${MODEL_CODES.join(", ")}`;
  if (file.scales.length !== MODEL_CODES.length || file.bias.length !== MODEL_CODES.length)
    return `has ${file.scales.length} scales and ${file.bias.length} biases for ${MODEL_CODES.length} languages`;
  if (weights === null) return "holds a table that is not base64";
  const expected = LANGUAGE_SLOTS * MODEL_CODES.length;
  return weights.length === expected
    ? null
    : `holds ${weights.length} weights where ${expected} are needed`;
};

/** A language model and its card from the text of a file. */
export const readLanguageModel = (
  text: string,
  place: string,
): Checked<{ readonly model: LanguageModel; readonly card: ClassifierCard }> => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return faulty([{ place, sentence: `is not JSON (${String(error)}); train again` }]);
  }
  const parsed = languageFileSchema.safeParse(json);
  if (!parsed.success) return faulty(faultsOf(parsed.error, place));
  const { card, temperature, scales, bias } = parsed.data;
  const weights = fromBase64(parsed.data.weights);
  const fault = misfit(parsed.data, weights);
  if (fault !== null || weights === null)
    return faulty([{ place, sentence: `${fault}; train again or restore the file` }]);
  const model: LanguageModel = {
    weights: new Int8Array(weights.buffer, weights.byteOffset, weights.length),
    scales: Float64Array.from(scales),
    bias: Float64Array.from(bias),
    temperature,
  };
  return sound({ model, card });
};

const rounded = (value: number): number => Number(value.toPrecision(6));

/** The text of a file; equal models give equal bytes. */
export const writeLanguageModel = (model: LanguageModel, card: ClassifierCard): string => {
  const { weights, scales, bias, temperature } = model;
  const file: LanguageFile = {
    kind: "language-model",
    formatVersion: 1,
    card,
    languages: [...MODEL_CODES],
    temperature: { latn: rounded(temperature.latn), cyrl: rounded(temperature.cyrl) },
    scales: Array.from(scales, rounded),
    bias: Array.from(bias, rounded),
    weights: toBase64(new Uint8Array(weights.buffer, weights.byteOffset, weights.length)),
  };
  return `${JSON.stringify(file, null, 1)}\n`;
};
