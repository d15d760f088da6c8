/**
 * Why one rule replied, in a few lines: its conditions that held with the values found, and the words of the text that led to them.
 * The whole story is `attune explain`; this is what fits into a table.
 */
import type { Analysis, Cue } from "../core/analysis.ts";
import type {
  ComparisonExplanation,
  ConditionExplanation,
  Explanation,
} from "../core/explanation.ts";
import type { Json } from "../core/json.ts";
import type { Predictions } from "../core/prediction.ts";
import { comparisonAsText, cuesAsText, valueAsText } from "./words.ts";

/** The comparisons that carried the rule: those that held within groups that held; below a "not", those that did not. */
const carrying = (
  condition: ConditionExplanation,
  wanted = true,
): readonly ComparisonExplanation[] => {
  if (condition.held !== wanted) return [];
  if (condition.kind === "comparison") return [condition];
  const below = condition.kind === "not" ? !wanted : wanted;
  return condition.children.flatMap((child) => carrying(child, below));
};

const named = (value: Json, label: string): boolean =>
  Array.isArray(value) ? value.includes(label) : value === label;

const cuesFor = ({ fact, actual }: ComparisonExplanation, analysis: Analysis): readonly Cue[] => {
  if (fact.startsWith("feedback.sentiment")) return analysis.sentiment.cues;
  if (fact === "feedback.urgency") return analysis.urgency.cues;
  if (!fact.startsWith("feedback.topic")) return [];
  return analysis.topics.filter(({ label }) => named(actual, label)).flatMap(({ cues }) => cues);
};

/** Why the first of the offers is one, where a rule asked for offers. */
const offerReason = ({ fact }: ComparisonExplanation, { offers }: Predictions): string => {
  const best = fact === "prediction.offers" ? offers?.[0] : undefined;
  const reason = best?.reasons[0];
  return best === undefined || reason === undefined ? "" : `${best.product}: ${reason.sentence}`;
};

const reasonOf = (
  comparison: ComparisonExplanation,
  { analysis, predictions }: Explanation,
): string => {
  const { operator, actual, held } = comparison;
  const found = operator === "equal" && held ? "" : `, found ${valueAsText(actual, 40)}`;
  const cues =
    analysis === null
      ? offerReason(comparison, predictions)
      : cuesAsText(cuesFor(comparison, analysis), 3) || offerReason(comparison, predictions);
  const text = `${held ? "" : "not "}${comparisonAsText(comparison)}${found}`;
  return cues === "" ? text : `${text} (${cues})`;
};

/** One reason a line; empty for a rule that is not in the explanation. */
export const becauseOf = (explanation: Explanation, rule: string): string => {
  const explained = explanation.rules.find((candidate) => candidate.rule === rule);
  if (explained === undefined) return "";
  return carrying(explained.conditions)
    .map((comparison) => reasonOf(comparison, explanation))
    .join("\n");
};
