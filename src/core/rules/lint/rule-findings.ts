/** What can be proven wrong with rules that are read soundly: contradictions, what always holds, what says nothing, what never gets its turn. */
import { alternativesOf } from "../alternatives.ts";
import type { Condition } from "../condition.ts";
import type { OpenRule } from "../rules.ts";
import type { LintCode } from "./codes.ts";
import { grouped } from "./grouped.ts";
import { alwaysHolds, canMeet, implies, neverHolds } from "./logic.ts";

export interface Finding {
  readonly code: LintCode;
  readonly place: string;
  readonly sentence: string;
}

const all = (children: readonly Condition[]): Condition => ({ kind: "all", children });
const any = (children: readonly Condition[]): Condition => ({ kind: "any", children });

/** Every group with its place, named conditions left out: they have a place of their own and are looked at where they stand. */
const groupsOf = (
  condition: Condition,
  place: string,
): readonly {
  readonly group: Exclude<Condition, { kind: "comparison" }>;
  readonly place: string;
}[] => {
  if (condition.kind === "comparison") return [];
  const { kind, children } = condition;
  const below = children.flatMap((child, at) => {
    if (child.kind !== "comparison" && child.name !== undefined) return [];
    return groupsOf(child, kind === "not" ? `${place}.not` : `${place}.${kind}[${at}]`);
  });
  return [{ group: condition, place }, ...below];
};

const without = (children: readonly Condition[], at: number): readonly Condition[] =>
  children.filter((_, index) => index !== at);

const redundantIn = (rule: OpenRule): readonly Finding[] =>
  groupsOf(rule.condition, `${rule.place} › conditions`).flatMap(({ group, place }) => {
    const { kind, children } = group;
    if (kind === "not" || children.length < 2) return [];
    const at = children.findIndex((child, index) => {
      const others = without(children, index);
      return kind === "all" ? implies(all(others), child) : implies(child, any(others));
    });
    return at < 0
      ? []
      : [
          {
            code: "redundant" as const,
            place: `${place}.${kind}[${at}]`,
            sentence:
              kind === "all"
                ? "follows from the conditions beside it"
                : "holds only where a choice beside it holds already",
          },
        ];
  });

const deadChoices = (rule: OpenRule): readonly Finding[] =>
  groupsOf(rule.condition, `${rule.place} › conditions`).flatMap(({ group, place }) =>
    group.kind === "any"
      ? group.children.flatMap((child, at) =>
          neverHolds(child)
            ? [
                {
                  code: "never-true-part" as const,
                  place: `${place}.any[${at}]`,
                  sentence: "can never hold",
                },
              ]
            : [],
        )
      : [],
  );

/** What is wrong with one rule by itself. */
export const findingsOfRule = (rule: OpenRule): readonly Finding[] => {
  const place = `${rule.place} › conditions`;
  if (neverHolds(rule.condition))
    return [
      {
        code: "never-true",
        place,
        sentence: "contradict each other, so that the rule can never match",
      },
    ];
  const dead = deadChoices(rule);
  if (dead.length > 0) return dead;
  if (alwaysHolds(rule.condition))
    return [{ code: "always-true", place, sentence: "hold for every signal" }];
  return redundantIn(rule);
};

const slotOf = ({ action }: OpenRule): string => action.params.slot;

/** Whether `first` surely gets the slot where both match: settled earlier, and stopped by nothing that lets `second` pass. */
const goesFirst = (first: OpenRule, second: OpenRule): boolean => {
  const [one, other] = [first.action.params, second.action.params];
  return (
    first.priority > second.priority &&
    one.category === other.category &&
    (other.handover === undefined || one.handover !== undefined)
  );
};

/** Wider conditions are not compared with each other: the time grows with their product. */
const COMPARED_MAX = 16;

const pairFinding = (first: OpenRule, second: OpenRule): Finding | undefined => {
  const place = second.place;
  const name = first.rule;
  if (implies(second.condition, first.condition)) {
    if (first.priority === second.priority && implies(first.condition, second.condition))
      return { code: "duplicate-rule", place, sentence: `asks for the same as ${name}` };
    if (goesFirst(first, second))
      return {
        code: "shadowed",
        place,
        sentence: `never gets slot "${slotOf(second)}": whenever it matches, ${name} (priority ${first.priority}) matches too and goes first`,
      };
  }
  if (first.priority !== second.priority || !canMeet(first.condition, second.condition))
    return undefined;
  return {
    code: "tie",
    place,
    sentence: `can match together with ${name}, in slot "${slotOf(second)}" at priority ${second.priority}; the rule whose name comes first in the alphabet wins`,
  };
};

/** What is wrong with rules beside each other; one finding for a rule and the first one that explains it. */
export const findingsOfPairs = (rules: readonly OpenRule[]): readonly Finding[] => {
  const slots = grouped(
    rules.filter(
      ({ condition }) => alternativesOf(condition).length <= COMPARED_MAX && !neverHolds(condition),
    ),
    slotOf,
  );
  return [...slots.values()].flatMap((inSlot) =>
    inSlot.flatMap((second, at) => {
      const rivals = inSlot.filter(
        (first, index) => first.priority > second.priority || index < at,
      );
      const found = rivals.flatMap((first) => pairFinding(first, second) ?? []);
      return found.toSorted((left, right) => rank(left) - rank(right)).slice(0, 1);
    }),
  );
};

const rank = ({ code }: Finding): number => ["duplicate-rule", "shadowed", "tie"].indexOf(code);
