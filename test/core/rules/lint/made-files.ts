/** Rule files of a made-up shop, sound ones and ones with a single seeded defect of a known kind. */
import type { Json, JsonObject } from "../../../../src/core/json.ts";
import type { LintCode } from "../../../../src/core/rules/lint/codes.ts";

export interface MadeFile {
  readonly id: string;
  readonly description: string;
  readonly owner: string;
  readonly conditions: Record<string, JsonObject>;
  readonly rules: MadeRule[];
}

export interface MadeRule {
  name: string;
  description: string;
  priority: number;
  conditions: JsonObject;
  event: { type: string; params: Record<string, Json> };
  examples: JsonObject[];
}

const leaf = (fact: string, operator: string, value: Json): JsonObject => ({
  fact,
  operator,
  value,
});

const TOPICS = ["delivery", "refund_return", "stock", "price_payment", "app_fault"];
const SEGMENTS = ["loyal", "at_risk", "new", "lost"];

const ruleOf = (name: string, priority: number, conditions: JsonObject): MadeRule => ({
  name,
  description: "What this rule is for.",
  priority,
  conditions,
  event: {
    type: "reply",
    params: { template: "thanks", slot: "inbox", category: "service", values: { n: 1 } },
  },
  examples: [
    { name: "yes", given: { facts: { "feedback.rating": 1 } }, expect: "matched" },
    { name: "no", given: { facts: { "feedback.rating": 5 } }, expect: "not_matched" },
  ],
});

/** A sound file; the number varies topics, thresholds, shapes and how many rules there are. */
export const soundFile = (at: number): MadeFile => {
  const topic = TOPICS[at % TOPICS.length] ?? "other";
  const other = TOPICS[(at + 2) % TOPICS.length] ?? "other";
  const segment = SEGMENTS[at % SEGMENTS.length] ?? "loyal";
  const bound = -0.1 - (at % 7) / 10;
  const rules = [
    ruleOf("first", 40 + (at % 5), {
      all: [leaf("feedback.topic", "equal", topic), { condition: "unhappy" }],
    }),
    ruleOf("second", 30 - (at % 3), {
      all: [
        leaf("event.type", "equal", at % 2 === 0 ? "order.completed" : "app.opened"),
        leaf("customer.frequency", "greaterThanInclusive", 2 + (at % 9)),
        { not: leaf("customer.custom", "equal", null) },
      ],
    }),
    ruleOf("third", 12, {
      any: [
        {
          all: [
            leaf("feedback.topic", "in", [other, "other"]),
            leaf("prediction.churn", "greaterThan", 0.3 + (at % 5) / 10),
          ],
        },
        {
          all: [
            leaf("feedback.topics", "contains", other),
            leaf("prediction.segment", "equal", segment),
            leaf("feedback.rating", "between", [2, 3 + (at % 3)]),
          ],
        },
      ],
    }),
  ];
  return {
    id: "made",
    description: "Rules of a test.",
    owner: "tests",
    conditions: {
      unhappy: {
        any: [leaf("feedback.sentiment", "lessThan", bound), leaf("feedback.rating", "equal", 1)],
      },
    },
    rules: rules.slice(0, 2 + (at % 2)),
  };
};

const POLICY = JSON.stringify({ defaultLocale: "en", caps: [] });
const TEMPLATE = "Thanks\n\nNumber {{ values.n }}.\n";

export const playbookOf = (file: MadeFile): Record<string, string> => ({
  "rules/made.json": JSON.stringify(file, null, 2),
  "rules/contact-policy.json": POLICY,
  "rules/templates/thanks.en.liquid": TEMPLATE,
  "rules/templates/thanks.zh-Hans.liquid": TEMPLATE,
});

interface Mutator {
  /** Any of these says what was done. */
  readonly codes: readonly LintCode[];
  readonly mutate: (file: MadeFile, files: Record<string, string>) => void;
}

const firstRule = ({ rules }: MadeFile): MadeRule => rules[0] as MadeRule;
const secondRule = ({ rules }: MadeFile): MadeRule => rules[1] as MadeRule;
const conditionsOf = (rule: MadeRule): JsonObject[] =>
  rule.conditions["all"] as unknown as JsonObject[];

const withPart =
  (part: JsonObject): Mutator["mutate"] =>
  (file) => {
    conditionsOf(firstRule(file)).push(part);
  };

const inEvent =
  (part: JsonObject): Mutator["mutate"] =>
  (file) => {
    conditionsOf(secondRule(file)).push(part);
  };

export const MUTATORS: Readonly<Record<string, Mutator>> = {
  "a fact mistyped": {
    codes: ["unknown-fact"],
    mutate: withPart(leaf("feedback.urgancy", "greaterThan", 0.5)),
  },
  "an operator mistyped": {
    codes: ["unknown-operator"],
    mutate: withPart(leaf("feedback.urgency", "greatrThan", 0.5)),
  },
  "a decorator mistyped": {
    codes: ["unknown-operator"],
    mutate: withPart(leaf("feedback.topics", "somFact:equal", "stock")),
  },
  "a named condition mistyped": {
    codes: ["unknown-condition"],
    mutate: withPart({ condition: "unhapy" }),
  },
  "a value outside of its set": {
    codes: ["wrong-value"],
    mutate: withPart(leaf("feedback.intent", "equal", "complain")),
  },
  "a number as text": {
    codes: ["wrong-value"],
    mutate: withPart(leaf("feedback.urgency", "greaterThan", "0.5")),
  },
  "a path into a number": {
    codes: ["wrong-path"],
    mutate: withPart({ ...leaf("feedback.urgency", "equal", 1), path: "$.high" }),
  },
  "a field that is not there": {
    codes: ["unknown-name"],
    mutate: (file) => Object.assign(firstRule(file), { prioritty: 3 }),
  },
  "two rules of one name": {
    codes: ["duplicate-name"],
    mutate: (file) => Object.assign(secondRule(file), { name: "first" }),
  },
  "a template that is not there": {
    codes: ["missing-template", "dead-template"],
    mutate: (file) => Object.assign(firstRule(file).event.params, { template: "thank" }),
  },
  "a value that the template needs": {
    codes: ["missing-value"],
    mutate: (file) => Object.assign(firstRule(file).event.params, { values: {} }),
  },
  "a template that no rule names": {
    codes: ["dead-template"],
    mutate: (_file, files) => {
      files["rules/templates/alone.en.liquid"] = "Alone\n\nNobody asks.\n";
      files["rules/templates/alone.zh-Hans.liquid"] = "Alone\n\nNobody asks.\n";
    },
  },
  "a default locale missing": {
    codes: ["missing-locale"],
    mutate: (_file, files) => {
      delete files["rules/templates/thanks.en.liquid"];
    },
  },
  "an any of nothing": { codes: ["invalid"], mutate: withPart({ any: [] }) },
  "a ring of named conditions": {
    codes: ["condition-ring"],
    mutate: (file) => {
      file.conditions["one"] = { all: [{ condition: "two" }] };
      file.conditions["two"] = { all: [{ condition: "one" }] };
    },
  },
  "bounds that exclude each other": {
    codes: ["never-true"],
    mutate: (file) =>
      conditionsOf(firstRule(file)).push(
        leaf("customer.frequency", "lessThan", 2),
        leaf("customer.frequency", "greaterThan", 2),
      ),
  },
  "two values of one fact": {
    codes: ["never-true"],
    mutate: withPart(leaf("feedback.topic", "equal", "praise")),
  },
  "a value and its denial": {
    codes: ["never-true"],
    mutate: (file) => {
      const [part] = conditionsOf(secondRule(file));
      conditionsOf(secondRule(file)).push({ not: part as JsonObject });
    },
  },
  "feedback asked of an event": {
    codes: ["never-true"],
    mutate: inEvent(leaf("feedback.sentiment", "lessThan", 0)),
  },
  "a bound beyond the range of a fact": {
    codes: ["never-true"],
    mutate: inEvent(leaf("prediction.churn", "greaterThan", 1)),
  },
  "a choice that can never hold": {
    codes: ["never-true-part"],
    mutate: inEvent({
      any: [
        leaf("customer.frequency", "lessThan", 90),
        {
          all: [leaf("customer.frequency", "equal", 1), leaf("customer.frequency", "equal", 2)],
        },
      ],
    }),
  },
  "conditions that always hold": {
    codes: ["always-true"],
    mutate: (file) => {
      secondRule(file).conditions = {
        any: [leaf("event.type", "equal", "x"), { not: leaf("event.type", "equal", "x") }],
      };
    },
  },
  "no conditions at all": {
    codes: ["always-true"],
    mutate: (file) => {
      secondRule(file).conditions = { all: [] };
    },
  },
  "a weaker bound beside a stronger": {
    codes: ["redundant"],
    mutate: inEvent(leaf("customer.frequency", "greaterThan", 1)),
  },
  "a condition twice": {
    codes: ["redundant"],
    mutate: (file) => {
      const [part] = conditionsOf(secondRule(file));
      conditionsOf(secondRule(file)).push(part as JsonObject);
    },
  },
  "a rule twice": {
    codes: ["duplicate-rule"],
    mutate: (file) => {
      file.rules.push({ ...structuredClone(secondRule(file)), name: "copy" });
    },
  },
  "a narrower rule behind a wider": {
    codes: ["shadowed"],
    mutate: (file) => {
      const narrow = structuredClone(secondRule(file));
      conditionsOf(narrow).push(leaf("prediction.churn", "greaterThan", 0.5));
      file.rules.push({ ...narrow, name: "narrow", priority: 1 });
    },
  },
  "two rules for one slot at one priority": {
    codes: ["tie"],
    mutate: (file) => {
      const rival = structuredClone(secondRule(file));
      conditionsOf(rival)[1] = leaf("customer.tenureDays", "greaterThan", 9);
      file.rules.push({ ...rival, name: "rival" });
    },
  },
  "a named condition that nobody uses": {
    codes: ["unused-condition"],
    mutate: (file) => {
      file.conditions["idle"] = { all: [leaf("feedback.rating", "equal", 5)] };
    },
  },
  "a language missing": {
    codes: ["missing-translation"],
    mutate: (file, files) => {
      files["rules/templates/more.en.liquid"] = TEMPLATE;
      Object.assign(secondRule(file).event.params, { template: "more" });
    },
  },
  "no example that matches": {
    codes: ["no-examples"],
    mutate: (file) => {
      firstRule(file).examples.shift();
    },
  },
  "a comma too many": {
    codes: ["syntax"],
    mutate: (_file, files) => {
      files["rules/made.json"] = '{"id": "made",, "rules": []}';
    },
  },
};

/** A file with one defect, as a playbook's files. */
export const mutated = (mutator: Mutator, at: number): Readonly<Record<string, string>> => {
  const file = soundFile(at);
  const files: Record<string, string> = {};
  const base = playbookOf(file);
  Object.assign(files, base);
  mutator.mutate(file, files);
  if (files["rules/made.json"] === base["rules/made.json"])
    files["rules/made.json"] = JSON.stringify(file, null, 2);
  return files;
};
