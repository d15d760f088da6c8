/**
 * The file of offers: what is popular, what is bought again, which products lead to which, and how much each of these counts.
 * Products are named once, in `products`; everywhere else they are numbers, places in that list. Lists of numbers stand on one line.
 */
import { z } from "zod";
import { quote } from "../fault.ts";
import { cardSchema, countSchema, formatSchema, probabilitySchema } from "./model-shapes.ts";
import { NEIGHBOUR_KINDS } from "./item-neighbours.ts";
import { PRODUCTS_MAX } from "./orders.ts";

const weightSchema = z.number().min(0);

const neighboursSchema = z.strictObject({
  kind: z.enum(NEIGHBOUR_KINDS),
  /** Neighbours of product i stand at starts[i] … starts[i + 1] − 1 of the other two lists. */
  starts: z.array(countSchema).min(1),
  targets: z.array(countSchema),
  /** Ten-thousandths. */
  scores: z.array(z.number().int().min(0).max(10_000)),
});

/** Column by column: rule r says "an order with all of from[r] also has to[r]". */
const rulesSchema = z.strictObject({
  from: z.array(z.array(countSchema).min(1).max(2)),
  to: z.array(countSchema),
  confidence: z.array(probabilitySchema),
  /** How many times more often than by chance. */
  lift: z.array(z.number().min(0)),
});

/** What a fit gives: everything but names and card. */
const partsShape = {
  weights: z.strictObject({
    popular: weightSchema,
    again: weightSchema,
    neighbours: weightSchema,
    rules: weightSchema,
  }),
  /** A product counts this much less than the one bought just after it. */
  decay: z.number().positive().max(1),
  /** Share of recent orders that hold the product. */
  popularity: z.array(probabilitySchema),
  /** Probability that a customer who has the product has it in the next order too. */
  again: z.array(probabilitySchema),
  /** Factor on `again` by how many products were bought since: newest first. */
  positions: z.array(z.number().min(0)).max(PRODUCTS_MAX),
  neighbours: neighboursSchema,
  rules: rulesSchema,
};

const partsSchema = z.strictObject(partsShape);
export type OffersParts = Readonly<z.output<typeof partsSchema>>;

type Finding = readonly [path: readonly (string | number)[], message: string];

/** A list that is too long or too short. */
const length = (path: readonly string[], found: number, wanted: number): readonly Finding[] =>
  found === wanted
    ? []
    : [[path, `has ${found} numbers where ${wanted} belong; train the model again`]];

/** Lists that do not fit together, and numbers that are no product. */
const misfits = (
  width: number,
  { popularity, again, neighbours, rules }: OffersParts,
): readonly Finding[] => {
  const { starts, targets, scores } = neighbours;
  const stranger = (path: Finding[0], list: readonly number[]): readonly Finding[] => {
    const place = list.findIndex((item) => item >= width);
    const message = `${quote(list[place])} is the place of no product (there are ${width}); train the model again`;
    return place < 0 ? [] : [[[...path, place], message]];
  };
  const falls = starts.findIndex((start, index) => index > 0 && start < (starts[index - 1] ?? 0));
  return [
    ...length(["popularity"], popularity.length, width),
    ...length(["again"], again.length, width),
    ...length(["neighbours", "starts"], starts.length, width + 1),
    ...length(["neighbours", "scores"], scores.length, targets.length),
    ...length(["neighbours", "targets"], targets.length, starts.at(-1) ?? 0),
    ...(falls < 0
      ? []
      : [
          [
            ["neighbours", "starts", falls],
            "is below the one before it; train the model again",
          ] as const,
        ]),
    ...stranger(["neighbours", "targets"], targets),
    ...length(["rules", "from"], rules.from.length, rules.to.length),
    ...length(["rules", "confidence"], rules.confidence.length, rules.to.length),
    ...length(["rules", "lift"], rules.lift.length, rules.to.length),
    ...stranger(["rules", "to"], rules.to),
    ...rules.from.flatMap((items, index) => stranger(["rules", "from", index], items)),
  ];
};

export const offersSchema = z
  .strictObject({
    format: formatSchema,
    kind: z.literal("offers"),
    task: z.literal("offers"),
    card: cardSchema,
    products: z.array(z.string().min(1).max(200)).min(1),
    ...partsShape,
  })
  .superRefine((model, context) => {
    const seen = new Set<string>();
    const twice = model.products.findIndex((name) => seen.size === seen.add(name).size);
    const double: readonly Finding[] =
      twice < 0
        ? []
        : [
            [
              ["products", twice],
              `${quote(model.products[twice])} stands there twice; name it once`,
            ],
          ];
    for (const [path, message] of [...double, ...misfits(model.products.length, model)])
      context.addIssue({ code: "custom", path: [...path], message });
  });

export type OffersModel = Readonly<z.output<typeof offersSchema>>;

/** The text of the file; equal models give equal bytes. A line break inside the brackets cannot come from a name: JSON escapes those. */
export const writeOffers = (model: OffersModel): string =>
  `${JSON.stringify(model, null, 2).replaceAll(/\[\n[\s\d.,e+-]*\]/gu, (list) => list.replaceAll(/\s+/gu, " ").replaceAll("[ ", "[").replaceAll(" ]", "]"))}\n`;
