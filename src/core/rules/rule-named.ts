/** Finding a live rule by its name, as settling does for every proposal. */
import type { OpenRule, Rules } from "./rules.ts";

const byName = new WeakMap<Rules["inOrder"], ReadonlyMap<string, OpenRule>>();

/** The live rule `ruleSet/ruleName`; undefined when there is none. */
export const ruleNamed = ({ inOrder }: Rules, name: string): OpenRule | undefined => {
  let known = byName.get(inOrder);
  if (known === undefined) {
    known = new Map(inOrder.map((rule) => [rule.rule, rule]));
    byName.set(inOrder, known);
  }
  return known.get(name);
};
