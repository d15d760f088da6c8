/** The rules of a playbook, opened: checked as a whole, compiled, immutable, and without any state of a run. */
import type { ReplyCategory } from "../customer.ts";
import type { JsonObject } from "../json.ts";
import type { Test } from "./compile.ts";
import type { Condition, Operand } from "./condition.ts";
import type { RuleExample } from "./schema.ts";
import type { RuleAudience, RuleSchedule, RuleStatus } from "./standing.ts";

/** The reply that a rule wants to send, as its file says it. */
export interface ReplyParams {
  readonly template: string;
  /** At most one reply per signal and slot. */
  readonly slot: string;
  readonly category: ReplyCategory;
  /** The team that a person should take this over. */
  readonly handover?: string;
}

/** What a rule does when it matches; `values` are still to be read from the facts. */
export interface RuleAction {
  readonly type: "reply";
  readonly params: ReplyParams;
  readonly values: readonly (readonly [string, Operand])[];
}

export interface OpenRule {
  /** `ruleSet/ruleName`. */
  readonly rule: string;
  /** `rules/delivery.json › late-parcel`. */
  readonly place: string;
  readonly description: string;
  /** Integer ≥ 1; higher fires first. */
  readonly priority: number;
  readonly status: RuleStatus;
  /** Always, unless given. */
  readonly schedule?: RuleSchedule;
  /** Every customer, unless given. */
  readonly audience?: RuleAudience;
  /** Percent of customers, 0..100, who never get the reply, to be compared with. */
  readonly holdout: number;
  readonly condition: Condition;
  readonly matches: Test;
  readonly action: RuleAction;
  readonly examples: readonly RuleExample[];
  /** As it stands in the file, for the comparison with json-rules-engine; shared, never to be changed. */
  readonly source: RuleConditions;
}

/** Conditions in json-rules-engine's JSON, with the named ones of their file. */
interface RuleConditions {
  readonly conditions: JsonObject;
  readonly named: Readonly<Record<string, JsonObject>>;
  /** The audience as it stands in the file; json-rules-engine has none. */
  readonly audience?: JsonObject;
}

export interface Rules {
  /** The live ones, in order of file path and definition. */
  readonly inOrder: readonly OpenRule[];
  /** Priority descending; equal ones in order of definition. */
  readonly firing: readonly OpenRule[];
  /** Drafts and retired ones, in order of file path and definition: they decide nothing. */
  readonly resting: readonly OpenRule[];
}
