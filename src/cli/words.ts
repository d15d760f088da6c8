/** How values, cues and comparisons are written for a person; shared by the tree of `explain` and the table of `demo`. */
import type { Cue } from "../core/analysis.ts";
import type { ComparisonExplanation } from "../core/explanation.ts";
import type { Json } from "../core/json.ts";
import { clip, printable } from "./columns.ts";

/** A number with at most `digits` decimals and a real minus sign. */
export const figure = (value: number, digits = 2): string =>
  String(Number(value.toFixed(digits))).replace("-", "−");

/** A number with exactly `digits` decimals, so that figures below one another line up. */
export const fixed = (value: number, digits: number): string => {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "−");
};

/** `0.88 … 0.95`: with as many decimals, 2 to 4, as tell the ends apart unless told how many; empty where an end is not known. */
export const intervalAsText = (
  { low, high }: { readonly low?: number | undefined; readonly high?: number | undefined },
  digits?: number,
): string => {
  if (low === undefined || high === undefined) return "";
  const telling = Math.min(4, Math.max(2, Math.ceil(-Math.log10(high - low))));
  const decimals = digits ?? telling;
  return `${figure(low, decimals)} … ${figure(high, decimals)}`;
};

/** A value as short JSON; numbers rounded, long text cut. */
export const valueAsText = (value: Json, columns = 60): string =>
  typeof value === "number" ? figure(value, 3) : clip(JSON.stringify(value), columns);

/** The words that led to a conclusion with their weights, strongest first: `“late” −0.6, “broken” −0.4`. */
export const cuesAsText = (cues: readonly Cue[], most = 6): string => {
  const shown = cues
    .toSorted((left, right) => Math.abs(right.weight) - Math.abs(left.weight))
    .slice(0, most)
    .map(({ word, weight }) => `“${printable(word)}” ${weight > 0 ? "+" : ""}${figure(weight)}`);
  const more = cues.length > most ? `, and ${cues.length - most} more` : "";
  return shown.join(", ") + more;
};

const OPERATOR_SIGNS: Readonly<Record<string, string>> = {
  equal: "=",
  notEqual: "≠",
  lessThan: "<",
  lessThanInclusive: "≤",
  greaterThan: ">",
  greaterThanInclusive: "≥",
  in: "is one of",
  notIn: "is none of",
  contains: "contains",
  doesNotContain: "does not contain",
};

/** `feedback.topic = "delivery"`, with the value found where it says more than the condition. */
export const comparisonAsText = (
  comparison: Pick<ComparisonExplanation, "fact" | "path" | "operator" | "expected">,
): string => {
  const { fact, path, operator, expected } = comparison;
  const sign = OPERATOR_SIGNS[operator] ?? operator;
  return `${fact}${path === undefined ? "" : ` ${path}`} ${sign} ${valueAsText(expected)}`;
};
