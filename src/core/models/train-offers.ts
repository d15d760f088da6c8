/**
 * Training offers: which products will a customer's next order hold?
 * Scored on the last quarter of the orders with a model of the earlier ones, beside two baselines; the model that is saved is then fitted on all.
 */
import { type Fitted, fitted, refused } from "./fitted.ts";
import { MODEL_FORMAT, modelPath } from "./model-file.ts";
import { type OffersModel, type OffersParts, writeOffers } from "./offers-file.ts";
import { fitOffers, splitBaskets } from "./offers-fit.ts";
import { scoreOffers } from "./offers-scores.ts";
import { asBaskets, type Basket, commonProducts, inTimeOrder, type PastOrder } from "./orders.ts";
import { randomFrom, sample } from "./random.ts";
import { cardOf, lostAgainst, type TrainingContext } from "./train-common.ts";
import type { TrainingResult, Verdict } from "../training.ts";

/** Products that a model knows: the most ordered ones. */
const PRODUCTS_KNOWN = 5000;

/** Later orders that are scored, drawn by the seed. */
const SCORED = 5000;

const NOTES: readonly string[] = [
  "Scores are of the last quarter of the orders: for each, what would have been offered from the customer's orders before; the model scored was fitted on the first three quarters, the model saved on all.",
  "A hit is an order that holds a product offered; nobody was offered anything, so what an offer changes is not measured.",
];

/** What the choice of weights came to, in words. */
const blendNote = ({ weights, neighbours }: OffersParts): string => {
  const { again, rules, neighbours: near } = weights;
  const used = [
    ...(again > 0 ? [`bought again × ${again}`] : []),
    ...(near > 0 ? [`${neighbours.kind} neighbours × ${near}`] : []),
    ...(rules > 0 ? [`rules × ${rules}`] : []),
  ];
  return used.length === 0
    ? "No part but popularity made later orders easier to tell: the model offers everybody what is popular."
    : `The blend is popularity × 1, ${used.join(", ")}.`;
};

interface Scored {
  readonly scores: TrainingResult["report"]["scores"];
  readonly notes: readonly string[];
}

const scoresOf = (baskets: readonly Basket[], width: number, seed: number): Fitted<Scored> => {
  const { earlier, later } = splitBaskets(baskets);
  if (earlier.length === 0)
    return refused("TOO_FEW", "all orders are of one time; give a longer history");
  const parts = fitOffers(earlier, width, { seed });
  if (parts.kind === "refused") return parts;
  const visits = sample(later, SCORED, randomFrom(seed));
  return fitted(scoreOffers(parts.value, { visits, seed }));
};

const figureOf = (scores: Scored["scores"], estimator: string): number =>
  scores.find((score) => score.estimator === estimator && score.metric === METRIC)?.value ?? 0;

/** Mean reciprocal rank among the first ten decides: it looks at every place. */
const METRIC = "mrr@10";

/** A model that tells later orders no better than what is popular is not worth the file. */
const verdictOf = (scores: Scored["scores"]): Omit<Verdict, "against"> => {
  const [model] = scores;
  const own = figureOf(scores, model?.estimator ?? "");
  const popular = figureOf(scores, "baseline: popularity");
  const compared = `${METRIC} ${own} against ${popular} of popularity`;
  return own > popular
    ? { kind: "promote", reasons: [{ code: "COMPARED", sentence: compared }] }
    : { kind: "refuse", reasons: [{ code: "NO_BETTER_THAN_BASELINE", sentence: compared }] };
};

/** The model of offers from orders in any order, with its report, or why there can be none. */
export const trainOffers = (
  orders: readonly PastOrder[],
  context: TrainingContext,
): Fitted<TrainingResult> => {
  const ordered = inTimeOrder(orders);
  if (ordered.length === 0)
    return refused(
      "EMPTY",
      "no order names a product; send `items` with a `sku` each, or a `sku`, in the properties of order.completed",
    );
  const products = commonProducts(ordered, PRODUCTS_KNOWN);
  const baskets = asBaskets(ordered, products);
  const scored = scoresOf(baskets, products.length, context.seed);
  if (scored.kind === "refused") return scored;
  const parts = fitOffers(baskets, products.length, { seed: context.seed });
  if (parts.kind === "refused") return parts;
  const { scores } = scored.value;
  const notes = [
    `${baskets.length} orders of ${new Set(baskets.map(({ customer }) => customer)).size} customers name ${products.length} products.`,
    blendNote(parts.value),
    ...scored.value.notes,
    ...NOTES,
    ...lostAgainst(scores),
  ];
  const findings = { rows: baskets.length, scores, notes };
  const model: OffersModel = {
    format: MODEL_FORMAT,
    kind: "offers",
    task: "offers",
    products: [...products],
    ...parts.value,
    card: cardOf(context, findings),
  };
  return fitted({
    files: { [modelPath("offers")]: writeOffers(model) },
    report: { task: "offers", seed: context.seed, ...findings },
    verdict: verdictOf(scores),
  });
};
