/**
 * Conditions → closures. This is the seam where a faster matcher can take over: whatever it does, it must give what these closures give.
 * Closures keep nothing between runs and allocate nothing.
 */
import type { Facts } from "../facts.ts";
import { type Comparison, type Condition, type Lookup, read } from "./condition.ts";
import { type Compare, compareOf } from "./operators.ts";

/** Whether a condition holds for the facts of one signal. */
export type Test = (facts: Facts) => boolean;

const compileComparison = ({ subject, operator, operand }: Comparison): Test => {
  const compare: Compare = compareOf(operator);
  if (operand.kind === "literal") {
    const { value } = operand;
    return (facts) => compare(read(facts, subject), value, facts);
  }
  const other: Lookup = operand.lookup;
  return (facts) => compare(read(facts, subject), read(facts, other), facts);
};

const every =
  (tests: readonly Test[]): Test =>
  (facts) => {
    for (const test of tests) if (!test(facts)) return false;
    return true;
  };

const some =
  (tests: readonly Test[]): Test =>
  (facts) => {
    for (const test of tests) if (test(facts)) return true;
    return false;
  };

/** As `compile`, but not before it is asked: rules of a playbook are found by the index, and most are never tested by themselves. */
export const compileLater = (condition: Condition): Test => {
  let test: Test | undefined;
  return (facts) => {
    test ??= compile(condition);
    return test(facts);
  };
};

/** The test that a condition stands for; conditions that are the same object share one. */
export const compile = (condition: Condition, known = new Map<Condition, Test>()): Test => {
  const before = known.get(condition);
  if (before !== undefined) return before;
  const test = compileFresh(condition, known);
  known.set(condition, test);
  return test;
};

const compileFresh = (condition: Condition, known: Map<Condition, Test>): Test => {
  if (condition.kind === "comparison") return compileComparison(condition);
  const tests = condition.children.map((child) => compile(child, known));
  if (condition.kind === "any") return some(tests);
  const all = every(tests);
  return condition.kind === "all" ? all : (facts) => !all(facts);
};
