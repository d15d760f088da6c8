/**
 * The form in which a model is saved: readable JSON with a card, versioned by `format`, checked as a whole when read.
 * A model file holds numbers and names only; nothing in it is ever run.
 */
import { type Checked, faultsOf, faulty, sound } from "../fault.ts";
import { cleanJson } from "../json.ts";
import { type ChurnModel, churnSchema } from "./churn-file.ts";
import { type ClustersModel, clustersSchema } from "./segments-file.ts";
import { type OffersModel, offersSchema } from "./offers-file.ts";
import { type SpendModel, spendSchema } from "./spend-file.ts";

export { MODEL_FORMAT, type ModelCard } from "./model-shapes.ts";

/** The models that attune looks for. */
const SCHEMAS = {
  segments: clustersSchema,
  churn: churnSchema,
  spend: spendSchema,
  offers: offersSchema,
} as const;
export type ModelTask = keyof typeof SCHEMAS;
export const MODEL_TASKS = Object.keys(SCHEMAS) as readonly ModelTask[];

/** Where the model of a task stands in a playbook. */
export const modelPath = (task: ModelTask): string => `models/${task}.json`;

/** Levels of nesting in a model file; bounds the depth of a tree. */
const DEPTH_MAX = 64;

export interface ModelOf {
  readonly segments: ClustersModel;
  readonly churn: ChurnModel;
  readonly spend: SpendModel;
  readonly offers: OffersModel;
}

export type Model = ModelOf[ModelTask];

const parseJson = (text: string, place: string): Checked<unknown> => {
  try {
    return sound(JSON.parse(text));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return faulty([
      { place, sentence: `is not JSON (${reason}); restore the file or train it again` },
    ]);
  }
};

/** The model of a task from the text of its file, or everything that is wrong with it. */
export const readModel = <T extends ModelTask>(task: T, text: string): Checked<ModelOf[T]> => {
  const place = modelPath(task);
  const json = parseJson(text, place);
  if (json.kind === "faulty") return json;
  const clean = cleanJson(json.value, "", DEPTH_MAX);
  if (clean.kind === "faulty")
    return faulty(
      clean.faults.map((fault) => ({
        ...fault,
        place: `${place} › ${fault.place.replace(/^\./u, "")}`,
      })),
    );
  const parsed = SCHEMAS[task].safeParse(clean.value);
  return parsed.success ? sound(parsed.data as ModelOf[T]) : faulty(faultsOf(parsed.error, place));
};

/** The text of a model file; equal models give equal bytes. */
export const writeModel = (model: Model): string => `${JSON.stringify(model, null, 2)}\n`;
