/** Why: everything that led to (or kept from) a reply, as a tree that a person can read. Built on demand, never stored. */
import type { Analysis } from "./analysis.ts";
import type { Decision, Settlement } from "./decision.ts";
import type { Json } from "./json.ts";
import type { Outcome } from "./outcome.ts";
import type { Predictions } from "./prediction.ts";
import type { Signal } from "./signal.ts";

/** A leaf: one comparison with the value that was found, also where evaluation had no need to look. */
export interface ComparisonExplanation {
  readonly kind: "comparison";
  readonly fact: string;
  readonly path?: string;
  readonly operator: string;
  /** The value compared with (a fact reference already resolved). */
  readonly expected: Json;
  /** The value found; null where the fact does not apply to this signal. */
  readonly actual: Json;
  readonly held: boolean;
}

/** A node; a reference to a named condition appears as the condition itself, with its `name`. */
export interface GroupExplanation {
  readonly kind: "all" | "any" | "not";
  readonly name?: string;
  readonly held: boolean;
  readonly children: readonly ConditionExplanation[];
}

export type ConditionExplanation = ComparisonExplanation | GroupExplanation;

export interface RuleExplanation {
  /** `ruleSet/ruleName`. */
  readonly rule: string;
  readonly description: string;
  readonly priority: number;
  readonly outcome: Outcome;
  readonly conditions: ConditionExplanation;
}

/** Everything about one signal. */
export interface Explanation {
  readonly tenant: string;
  readonly signal: Signal;
  readonly decision: Decision;
  readonly settlement: Settlement;
  /** Null for an event. */
  readonly analysis: Analysis | null;
  readonly predictions: Predictions;
  /** One for every rule of the playbook that decided, in file and definition order. */
  readonly rules: readonly RuleExplanation[];
}
