/**
 * The shape of a rule file, as zod reads it and as editors know it (`rules/schema.json`).
 * When a file is opened its conditions are read by draft.ts, which names faults better than a union can; a test holds both to the same shape.
 */
import { z } from "zod";
import { REPLY_CATEGORIES, timeZoneKnown, traitsSchema } from "../customer.ts";
import { didYouMean, quote } from "../fault.ts";
import { FACT_SOURCES, FACTS } from "../facts.ts";
import { LIMITS } from "../limits.ts";
import { instantFault } from "./date-operators.ts";
import { parseHours } from "./hours.ts";
import { OPERATOR_PATTERN } from "./operators.ts";
import { PATH_PATTERN, PROTOTYPE_NAMES, pathFault } from "./path.ts";

const NAME = /^[\p{L}\p{N}][\p{L}\p{N}_-]{0,63}$/u;
const VALUE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

/** An object that refuses unknown names and guesses what was meant. */
const strict = <Shape extends z.core.$ZodLooseShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) => {
      if (issue.code !== "unrecognized_keys") return undefined;
      const known = Object.keys(shape);
      return issue.keys
        .map(
          (key) =>
            `${quote(key)} is not known here${didYouMean(key, known) || `; use ${known.join(", ")}`}`,
        )
        .join("; ");
    },
  });

const text = z.string().max(2_000, "is longer than 2000 characters; shorten it");
const sentence = text.min(1, "is empty; say in a sentence what it is for");
const label = z
  .string()
  .min(1, "is empty; give a name")
  .max(LIMITS.nameChars, `is longer than ${LIMITS.nameChars} characters; shorten it`);

/** The name of a file, a rule, a named condition, a template or a slot. */
const nameSchema = z
  .string()
  .regex(NAME, {
    error: ({ input }) =>
      `${quote(input)} is not a name; use letters, digits, "-" and "_", at most 64, and begin with a letter or digit`,
  })
  .refine((name) => !PROTOTYPE_NAMES.has(name), {
    error: ({ input }) => `the name ${quote(input)} is not allowed; choose another`,
  });

const pathSchema = z
  .string()
  .superRefine((path, context) => {
    const wrong = pathFault(path);
    if (wrong !== undefined) context.addIssue({ code: "custom", message: wrong });
  })
  .meta({ pattern: PATH_PATTERN.source, description: "a place inside an object or a list" });

const scalarSchema = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** What an editor shows beside the name of a fact. */
const describeFact = (name: string): string => {
  const fact = FACTS.get(name);
  if (fact === undefined) return "";
  const { type, unit, source, example } = fact;
  const kind = unit === undefined ? type : `${type}, ${unit}`;
  return `${fact.sentence} (${kind}; from ${FACT_SOURCES[source]}; such as ${JSON.stringify(example)})`;
};

/** What an editor offers where an example gives facts by name. */
const describedFacts = () =>
  Object.fromEntries([...FACTS.keys()].map((name) => [name, { description: describeFact(name) }]));

/** Names of facts: those of the catalogue, or any. */
const factSchema = (known: readonly string[] | "any"): z.ZodType<string> =>
  known === "any"
    ? label.refine((name) => !PROTOTYPE_NAMES.has(name), {
        error: ({ input }) => `the name ${quote(input)} is not allowed; choose another`,
      })
    : z
        .enum(known as string[], {
          error: ({ input }) =>
            `fact ${quote(input)} is not known${typeof input === "string" ? didYouMean(input, known) : ""}`,
        })
        .meta({ id: "fact", enumDescriptions: known.map(describeFact) });

/** One schema, so that the catalogue stands in the schema for editors once. */
const knownFact = factSchema([...FACTS.keys()]);

const lookupSchema = (fact: z.ZodType<string>) => strict({ fact, path: pathSchema.optional() });

/** An object can only be meant as a reference, so its own faults are told; anything else is no value at all. */
const valueSentence = ({ input, errors }: z.core.$ZodRawIssue): string => {
  const inner = isReference(input) ? ((errors as z.core.$ZodIssue[][])[2] ?? []) : [];
  return (
    inner.map(({ message }) => message).join("; ") ||
    `${quote(input)} is not a value; write text, a number, true, false, a list of them, or {"fact": "…", "path": "$.…"}`
  );
};

const isReference = (input: unknown): boolean =>
  input !== null && typeof input === "object" && Object.hasOwn(input, "fact");

const paramsSchema = (fact: z.ZodType<string>) =>
  strict({
    template: nameSchema.describe("name of the template under rules/templates/"),
    slot: nameSchema.describe("at most one reply per signal and slot"),
    category: z
      .enum(REPLY_CATEGORIES, {
        error: ({ input }) =>
          `${quote(input)} is not a category; write "service" (an answer), "marketing" (an offer, needs consent) or "transactional" (what must be said)`,
      })
      .describe(
        "service: an answer; marketing: an offer, which needs consent; transactional: what must be said, nothing holds it back",
      ),
    values: z
      .record(
        z.string().regex(VALUE_NAME, {
          error: ({ input }) =>
            `${quote(input)} is not a name that a template can print; use letters, digits and "_", at most 64`,
        }),
        z.union([scalarSchema, z.array(scalarSchema), lookupSchema(fact)], {
          error: (issue) => valueSentence(issue),
        }),
      )
      .optional()
      .describe("what the template may print"),
    handover: label.optional().describe("the team that a person should take this over"),
  });

/** What an example may expect beside a match: what becomes of the rule when it is settled alone. */
const EXAMPLE_OUTCOMES = [
  "matched",
  "not_matched",
  "audience",
  "schedule",
  "held_out",
  "no_consent",
  "quiet_deferred",
  "capped",
  "template_fault",
  "replied",
] as const;

const wordsSchema = z.union([text, strict({ contains: text })], {
  error: ({ input }) =>
    `${quote(input)} is not what a reply can be compared with; write text, or {"contains": "…"}`,
});

const expectSchema = z.union(
  [
    z.enum(["matched", "not_matched"]),
    strict({
      outcome: z.enum(EXAMPLE_OUTCOMES).describe("what becomes of the rule, settled alone"),
      reply: strict({
        template: nameSchema.optional().describe("name of the template"),
        locale: label.optional().describe("of the template that was rendered"),
        title: wordsSchema.optional().describe("whole, or a part of it"),
        body: wordsSchema.optional().describe("whole, or a part of it"),
        handover: label.optional().describe("the team that takes over"),
      })
        .optional()
        .describe("what the reply is like; what is left out may be anything"),
    }),
  ],
  {
    error: ({ input }) =>
      `${quote(input)} is not an expectation; write "matched", "not_matched" or {"outcome": "replied", "reply": {…}}`,
  },
);

const exampleSchema = strict({
  name: label,
  given: strict({
    feedback: z
      .string()
      .max(LIMITS.textChars, `is longer than ${LIMITS.textChars} characters; cut it`)
      .optional()
      .describe("text that is analysed as a customer's would be"),
    facts: z
      .record(z.string(), z.json())
      .meta({ properties: describedFacts() })
      .optional()
      .describe("facts, laid over what the text gives"),
    customer: traitsSchema
      .optional()
      .describe("what the CRM says of the customer: name, locale, time zone, consent"),
  }),
  expect: expectSchema,
});

const instantSchema = z.string().superRefine((written, context) => {
  const wrong = instantFault(written);
  if (wrong !== undefined) context.addIssue({ code: "custom", message: wrong });
});

const hoursSchema = z.string().superRefine((written, context) => {
  const wrong = parseHours(written);
  if (typeof wrong === "string") context.addIssue({ code: "custom", message: wrong });
});

const scheduleSchema = strict({
  from: instantSchema.optional().describe("first instant, ISO 8601; a date alone begins in UTC"),
  to: instantSchema.optional().describe("the rule ends before this instant"),
  hours: z
    .union([hoursSchema, z.array(hoursSchema).min(1, "is empty; leave it out for all hours")])
    .optional()
    .describe('hours of the week, such as "mon-fri 09:00-18:00"'),
  timeZone: z
    .string()
    .refine(timeZoneKnown, {
      error: ({ input }) =>
        `${quote(input)} is not an IANA time zone; write it like "Europe/London", or leave it out for the customer's own`,
    })
    .optional()
    .describe("whose clock the hours are on; the customer's own unless given"),
}).refine(
  ({ from, to }) => from === undefined || to === undefined || Date.parse(from) < Date.parse(to),
  "ends before it begins; swap from and to",
);

/** When and for whom: of a file for all of its rules, of a rule in place of the file's. */
const standingShape = <C extends z.ZodType>(condition: C) => ({
  status: z
    .enum(["draft", "live", "retired"], {
      error: ({ input }) =>
        `${quote(input)} is not a status; write "draft" (tested, decides nothing), "live" or "retired"`,
    })
    .optional()
    .describe("only live rules decide; live unless given"),
  schedule: scheduleSchema.optional().describe("when the rule is in force; always unless given"),
  audience: condition
    .optional()
    .describe("for which customers: conditions over facts of the customer and predictions"),
  holdout: z
    .number({ error: ({ input }) => `${quote(input)} is not a percentage; write 0 to 100` })
    .min(0, "is below 0; write 0 to 100")
    .max(100, "is above 100; write 0 to 100")
    .optional()
    .describe("percent of customers who never get the reply, to be compared with"),
});

interface Parts<C extends z.ZodType> {
  readonly fact: z.ZodType<string>;
  readonly condition: C;
}

const fileSchema = <C extends z.ZodType>({ fact, condition }: Parts<C>) =>
  strict({
    $schema: z.string().optional(),
    id: nameSchema.describe("the name of the file without .json"),
    description: sentence,
    owner: label.describe("who answers for these rules"),
    ...standingShape(condition),
    conditions: z
      .record(nameSchema, condition)
      .optional()
      .describe('named conditions, for {"condition": "name"}'),
    rules: z
      .array(
        strict({
          name: nameSchema,
          description: sentence,
          priority: z
            .int({
              error: ({ input }) =>
                `${quote(input)} is not a priority; write an integer of at least 1`,
            })
            .min(1, {
              error: ({ input }) =>
                `${quote(input)} is not a priority; write an integer of at least 1`,
            })
            .default(1)
            .describe("higher fires first; default 1"),
          ...standingShape(condition),
          conditions: condition,
          event: strict({
            type: z.literal("reply", {
              error: ({ input }) => `${quote(input)} is not an event; write "reply"`,
            }),
            params: paramsSchema(fact),
          }),
          examples: z.array(exampleSchema).default([]),
        }),
      )
      .min(1, "has no rules; add one, or delete the file"),
  });

/** Files over the facts of the catalogue, their conditions not yet looked at. */
export const ruleFileSchema = fileSchema({
  fact: knownFact,
  condition: z.unknown().optional(),
});
/** Files over facts that nobody has described. */
export const anyFactsFileSchema = fileSchema({
  fact: factSchema("any"),
  condition: z.unknown().optional(),
});

export type RuleFile = z.output<typeof ruleFileSchema>;
export type RuleSource = RuleFile["rules"][number];
export type RuleExample = RuleSource["examples"][number];

const leafSchema = strict({
  fact: knownFact,
  operator: z
    .string()
    .regex(OPERATOR_PATTERN)
    .describe("an operator of json-rules-engine, decorators before it: not:in, someFact:equal"),
  value: z.union([scalarSchema, z.array(z.json()), lookupSchema(knownFact)]),
  path: pathSchema.optional(),
}).meta({ id: "comparison" });

const groupSchema = z
  .union([
    strict({
      get all() {
        return z.array(conditionSchema);
      },
    }),
    strict({
      get any() {
        return z.array(conditionSchema).min(1);
      },
    }),
    strict({
      get not() {
        return conditionSchema;
      },
    }),
    strict({ condition: nameSchema }),
  ])
  .meta({ id: "conditions" });

const conditionSchema: z.ZodType = z
  .lazy(() => z.union([groupSchema, leafSchema]))
  .meta({ id: "condition" });

/** A root condition as editors check it; exported for the test that holds it to draft.ts. */
export const rootConditionSchema: z.ZodType = groupSchema;

/** JSON Schema (draft 2020-12) of a rule file: the content of `rules/schema.json`. */
export const rulesJsonSchema = (): Readonly<Record<string, unknown>> => ({
  title: "attune rule file",
  ...z.toJSONSchema(fileSchema({ fact: knownFact, condition: groupSchema }), {
    io: "input",
  }),
});
