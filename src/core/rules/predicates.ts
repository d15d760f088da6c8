/**
 * Every distinct literal of a playbook's rules once: rules of a kind ask the same questions again and again.
 * Whether one holds is found at most once in a run, told apart from earlier runs by the run's number.
 */
import type { Facts } from "../facts.ts";
import type { Literal } from "./alternatives.ts";
import { compile, type Test } from "./compile.ts";
import type { Comparison, Condition } from "./condition.ts";

/** A literal as a number: twice its predicate, plus one where the predicate must not hold. */
export type Code = number;

export interface Predicates {
  /** The code of a literal; equal questions have equal codes. */
  codeOf(literal: Literal): Code;
  /** Gives what asks them, once all are known. */
  close(): (run: number, code: Code, facts: Facts) => boolean;
}

const keyOf = ({ subject, operator, operand }: Comparison): string =>
  JSON.stringify([
    subject.fact,
    subject.steps,
    operator.written,
    operand.kind === "literal" ? operand.value : null,
    operand.kind === "lookup" ? [operand.lookup.fact, operand.lookup.steps] : null,
  ]);

/** Begins an empty collection. */
export const openPredicates = (): Predicates => {
  const tests: Test[] = [];
  const byKey = new Map<string, number>();
  const byCondition = new Map<Condition, number>();
  const compiled = new Map<Condition, Test>();

  const add = (condition: Condition): number => tests.push(compile(condition, compiled)) - 1;

  const numberOf = (term: Literal["term"]): number => {
    if (term.kind === "comparison") {
      const key = keyOf(term);
      const known = byKey.get(key) ?? add(term);
      byKey.set(key, known);
      return known;
    }
    const known = byCondition.get(term) ?? add(term);
    byCondition.set(term, known);
    return known;
  };

  return {
    codeOf: ({ term, holds }) => 2 * numberOf(term) + (holds ? 0 : 1),
    close: () => {
      /** Twice the run that asked last, plus one where the predicate held. */
      const answers = new Float64Array(tests.length);
      return (run, code, facts) => {
        const number = code >> 1;
        let answer = answers[number] ?? 0;
        if (answer < 2 * run) {
          const test = tests[number];
          answer = 2 * run + (test !== undefined && test(facts) ? 1 : 0);
          answers[number] = answer;
        }
        return (answer & 1) !== (code & 1);
      };
    },
  };
};
