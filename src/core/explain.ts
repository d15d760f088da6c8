/**
 * Tells a decision again with all of its reasons: evaluates the stored facts under the playbook that decided.
 * Nothing of this is stored; it gives the same answer because everything that decides is pure.
 */
import type { SettlementEntry } from "./decision.ts";
import type { Explanation, RuleExplanation } from "./explanation.ts";
import { featuresOf, productsIn } from "./facts.ts";
import { predict } from "./models/predict.ts";
import type { Outcome } from "./outcome.ts";
import type { StoredDecision } from "./ports.ts";
import type { PreparedPlaybook } from "./prepare.ts";
import { analyseSignal } from "./respond.ts";
import { explainRules } from "./rules/explain.ts";

/** What an entry says; of a proposal that had waited also for what. */
const outcomeOf = (entry: SettlementEntry, before: readonly SettlementEntry[] = []): Outcome => {
  const [first] = before;
  const waited =
    first === undefined ? undefined : `after it waited (${first.detail ?? first.code})`;
  const detail = [entry.detail, waited].filter((words) => words !== undefined).join(", ");
  return { rule: entry.rule, code: entry.code, ...(detail === "" ? {} : { detail }) };
};

/** What became of every proposal of the signal, by rule: the newest entry counts. */
const outcomesOf = ({
  decision,
  settlement,
  later = [],
}: StoredDecision): ReadonlyMap<string, Outcome> => {
  const byRule = new Map<string, SettlementEntry[]>();
  const own = settlement.entries.filter(({ signalId }) => signalId === decision.signalId);
  for (const entry of [...own, ...later.map((one) => one.entry)]) {
    const known = byRule.get(entry.rule);
    if (known === undefined) byRule.set(entry.rule, [entry]);
    else known.push(entry);
  }
  return new Map(
    [...byRule].flatMap(([rule, entries]) => {
      const last = entries.at(-1);
      return last === undefined ? [] : [[rule, outcomeOf(last, entries.slice(0, -1))] as const];
    }),
  );
};

/** Cannot come from `settle`, which gives every proposal an entry; said rather than hidden if a stored row was lost. */
const unsettled = (rule: string): Outcome => ({
  rule,
  code: "rule_fault",
  detail: "the rule matches these facts, but no settlement of it is stored",
});

/**
 * What became of every rule for one decided signal, in file and definition order, with its conditions.
 * `playbook` must be the one that the decision names.
 */
export const explainOutcomes = (
  stored: StoredDecision,
  playbook: PreparedPlaybook,
): readonly RuleExplanation[] => {
  const settled = outcomesOf(stored);
  return explainRules(playbook.rules, stored.decision.facts).map(
    ({ rule, description, priority, outcome, conditions }): RuleExplanation => ({
      rule,
      description,
      priority,
      outcome: outcome ?? settled.get(rule) ?? unsettled(rule),
      conditions,
    }),
  );
};

/** The whole story of one decided signal. `playbook` must be the one that the decision names. */
export const explain = (stored: StoredDecision, playbook: PreparedPlaybook): Explanation => {
  const { accepted, decision, settlement } = stored;
  return {
    tenant: decision.tenant,
    signal: accepted.signal,
    decision,
    settlement,
    analysis: analyseSignal(accepted.signal, playbook, "cues"),
    predictions: predict(featuresOf(decision.facts), playbook.models, productsIn(decision.facts)),
    rules: explainOutcomes(stored, playbook),
  };
};
