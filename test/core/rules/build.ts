/** Rule files for tests: a file is built around the part that a test is about. */
import { faultsAsText } from "../../../src/core/fault.ts";
import type { Json, JsonObject } from "../../../src/core/json.ts";
import { openRules } from "../../../src/core/rules/open.ts";
import type { Rules } from "../../../src/core/rules/rules.ts";

export const ruleOf = (
  name: string,
  conditions: unknown,
  more: Readonly<Record<string, unknown>> = {},
) => ({
  name,
  description: "a rule of a test",
  conditions,
  event: { type: "reply", params: { template: "thanks", slot: "inbox", category: "service" } },
  ...more,
});

export const fileOf = (
  rules: readonly unknown[],
  more: Readonly<Record<string, unknown>> = {},
) => ({
  id: "test",
  description: "rules of a test",
  owner: "tests",
  rules,
  ...more,
});

export const filesOf = (file: unknown) => ({ "rules/test.json": JSON.stringify(file) });

/** A file with one rule `r` that has these conditions. */
export const withConditions = (conditions: unknown, named?: Readonly<Record<string, unknown>>) =>
  filesOf(fileOf([ruleOf("r", conditions)], named === undefined ? {} : { conditions: named }));

export const leaf = (fact: string, operator: string, value: Json): JsonObject => ({
  fact,
  operator,
  value,
});

export const opened = (
  files: Readonly<Record<string, string>>,
  facts: "catalogue" | "any" = "catalogue",
): Rules => {
  const rules = openRules(files, { facts });
  if (rules.kind === "faulty") throw new Error(faultsAsText(rules.faults));
  return rules.value;
};

/** Faults as lines `place: sentence`; empty when the files are sound. */
export const faultsIn = (
  files: Readonly<Record<string, string>>,
  facts: "catalogue" | "any" = "catalogue",
): readonly string[] => {
  const rules = openRules(files, { facts });
  return rules.kind === "sound" ? [] : faultsAsText(rules.faults).split("\n");
};

export const nested = (depth: number, inner: Json): JsonObject => {
  let condition: Json = inner;
  for (let level = 0; level < depth; level += 1) condition = { all: [condition] };
  return condition as JsonObject;
};
