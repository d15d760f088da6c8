/** A model of offers as HTML figures: what counts how much, what is popular, what is bought again, and the strongest rules. Names of products come from orders: they are data. */
import type { OffersModel } from "../core/models/offers-file.ts";
import { BARS, namedBar, ROW, TALL_ROW, tallBars } from "./bars.ts";
import { extentOf, figureOf, line, percent, scaleOf, WIDTH } from "./svg.ts";
import { figure, fixed } from "./words.ts";

/** Longer lists do not fit a chart; the table goes further. */
const SHOWN = 12;
const LISTED = 100;

const PARTS = [
  ["popular", "popularity"],
  ["again", "bought again"],
  ["neighbours", "neighbours"],
  ["rules", "rules"],
] as const;

const partsChart = (id: string, { weights }: OffersModel): string => {
  const x = scaleOf(extentOf(Object.values(weights)), [BARS.left, BARS.right]);
  return figureOf({
    id,
    title: "What an offer's score is made of",
    sentence:
      "Weight of each part, chosen on later orders. A part of weight 0 made offers no better and is left out.",
    height: PARTS.length * ROW + 4,
    marks: [
      ...PARTS.flatMap(([part, name], place) =>
        namedBar({ name, label: `× ${figure(weights[part])}`, kind: "win" }, place * ROW, [
          x(0),
          x(weights[part]),
        ]),
      ),
      line("axis", [x(0), 0], [x(0), PARTS.length * ROW]),
    ],
    table: {
      head: ["part", "weight"],
      rows: PARTS.map(([part, name]) => [name, figure(weights[part])]),
    },
  });
};

interface Shares {
  readonly title: string;
  readonly sentence: string;
  /** 0..1, one a product. */
  readonly values: readonly number[];
}

/** Products with the greatest shares. */
const productsChart = (
  id: string,
  { products }: OffersModel,
  { title, sentence, values }: Shares,
): string => {
  const rows = products
    .map((name, place) => ({ name, value: values[place] ?? 0 }))
    .toSorted((left, right) => right.value - left.value);
  const shown = rows.slice(0, SHOWN);
  const x = scaleOf(extentOf(shown.map(({ value }) => value)), [BARS.left, BARS.right]);
  return figureOf({
    id,
    title,
    sentence: `${sentence}${rows.length > SHOWN ? ` The first ${SHOWN} of ${rows.length.toLocaleString("en")} products.` : ""}`,
    height: shown.length * ROW + 4,
    marks: [
      ...shown.flatMap(({ name, value }, place) =>
        namedBar({ name, label: percent(value), kind: "win" }, place * ROW, [x(0), x(value)]),
      ),
      line("axis", [x(0), 0], [x(0), shown.length * ROW]),
    ],
    table: {
      head: ["product", "share"],
      rows: rows.slice(0, LISTED).map(({ name, value }) => [name, percent(value, 2)]),
    },
  });
};

interface Rule {
  readonly name: string;
  readonly confidence: number;
  readonly lift: number;
}

/** Strongest first: by lift, and among equals by confidence. */
const rulesOf = ({ products, rules }: OffersModel): readonly Rule[] => {
  const named = (item: number): string => products[item] ?? "";
  return rules.to
    .map((target, place) => ({
      name: `${(rules.from[place] ?? []).map(named).join(" + ")} → ${named(target)}`,
      confidence: rules.confidence[place] ?? 0,
      lift: rules.lift[place] ?? 0,
    }))
    .toSorted((left, right) => right.lift - left.lift || right.confidence - left.confidence);
};

const rulesChart = (id: string, model: OffersModel): string => {
  const rules = rulesOf(model);
  if (rules.length === 0) return "";
  const shown = rules.slice(0, SHOWN);
  const x = scaleOf(
    [Math.min(1, ...shown.map(({ lift }) => lift)), Math.max(1, ...shown.map(({ lift }) => lift))],
    [2, WIDTH - 4],
  );
  return figureOf({
    id,
    title: "The strongest rules: who orders this orders that",
    sentence: `How many times as often as by chance an order that holds the left side holds the right side too (lift); bars begin at 1, chance. In brackets the share of such orders that do (confidence).${rules.length > SHOWN ? ` The first ${SHOWN} of ${rules.length.toLocaleString("en")} rules.` : ""}`,
    height: shown.length * TALL_ROW + 4,
    marks: tallBars(
      shown.map(({ name, lift, confidence }) => ({
        name,
        label: `${fixed(lift, 2)} × (${percent(confidence, 0)})`,
        kind: "win",
        value: lift,
      })),
      { x, from: 1 },
    ),
    table: {
      head: ["rule", "lift", "confidence"],
      rows: rules
        .slice(0, LISTED)
        .map(({ name, lift, confidence }) => [name, fixed(lift, 2), percent(confidence)]),
    },
  });
};

/** What decides offers; a part that does not count has no chart. */
export const offersCharts = (id: string, model: OffersModel): readonly string[] =>
  [
    partsChart(`${id}-parts`, model),
    ...(model.weights.rules > 0 ? [rulesChart(`${id}-rules`, model)] : []),
    productsChart(`${id}-popular`, model, {
      title: "What is popular",
      sentence: "Share of recent orders that hold the product.",
      values: model.popularity,
    }),
    ...(model.weights.again > 0
      ? [
          productsChart(`${id}-again`, model, {
            title: "What is bought again",
            sentence: "Share of the customers with the product who have it in the next order too.",
            values: model.again,
          }),
        ]
      : []),
  ].filter((chart) => chart !== "");
