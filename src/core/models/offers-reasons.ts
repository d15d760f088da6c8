/** Why a product is offered: the parts of its score, greatest first. Walks the saved lists, so it is for explanations, not for every signal. */
import type { OfferReason } from "../prediction.ts";
import type { NeighbourKind } from "./item-neighbours.ts";
import type { OffersModel } from "./offers-file.ts";
import { rounded } from "./scale.ts";

/** Reasons of an offer. */
const REASONS_MAX = 3;

interface Offered {
  /** What the customer has, newest first. */
  readonly had: readonly number[];
  readonly item: number;
  readonly score: number;
}

/** A reason with how much it adds to the score. */
interface Part {
  readonly because: OfferReason["because"];
  readonly from: readonly number[];
  readonly amount: number;
  readonly sentence: string;
}

const percent = (share: number): string => `${rounded(100 * share, 1)} %`;

const NEIGHBOUR_SENTENCES: Readonly<
  Record<NeighbourKind, (name: string, score: number) => string>
> = {
  cosine: (name, score) => `customers with ${name} buy it too (cosine ${rounded(score, 3)})`,
  llr: (name, score) =>
    `customers with ${name} buy it more often than by chance (likelihood ratio ${rounded(score, 3)} of 1)`,
  after: (name, score) =>
    `about ${percent(score)} of the customers with ${name} buy it in a later order`,
};

const nameOf = ({ products }: OffersModel, item: number): string => products[item] ?? "";

const neighbourPart = (model: OffersModel, from: number, item: number): Part | undefined => {
  const { kind, starts, targets, scores } = model.neighbours;
  const end = starts[from + 1] ?? 0;
  let place = starts[from] ?? 0;
  while (place < end && targets[place] !== item) place += 1;
  if (place >= end) return undefined;
  const score = (scores[place] ?? 0) / 10_000;
  const sentence = NEIGHBOUR_SENTENCES[kind](nameOf(model, from), score);
  return { because: "bought", from: [from], amount: model.weights.neighbours * score, sentence };
};

const ruleParts = (model: OffersModel, { had, item }: Offered): readonly Part[] => {
  const { from: sides, to, confidence, lift } = model.rules;
  return to.flatMap((target, index): readonly Part[] => {
    const from = sides[index] ?? [];
    if (target !== item || !from.every((one) => had.includes(one))) return [];
    const share = confidence[index] ?? 0;
    const names = from.map((one) => nameOf(model, one)).join(" and ");
    const sentence = `${percent(share)} of the orders with ${names} hold it (${rounded(lift[index] ?? 0, 1)} times chance)`;
    return [{ because: "bought", from, amount: model.weights.rules * share, sentence }];
  });
};

/** Parts that come from products bought count by how new the (oldest) product is. */
const boughtParts = (model: OffersModel, offered: Offered): readonly Part[] => {
  const { had, item } = offered;
  const total = had.reduce((sum, _product, place) => sum + model.decay ** place, 0);
  return [
    ...had.flatMap((from) => neighbourPart(model, from, item) ?? []),
    ...ruleParts(model, offered),
  ].map((part) => ({
    ...part,
    amount:
      (part.amount * model.decay ** Math.max(...part.from.map((one) => had.indexOf(one)))) / total,
  }));
};

const againPart = (model: OffersModel, { had, item }: Offered): readonly Part[] => {
  const place = had.indexOf(item);
  if (place < 0) return [];
  const again = (model.again[item] ?? 0) * (model.positions[place] ?? 0);
  const sentence = `bought before; about ${percent(Math.min(1, again))} of such customers have it in the next order again`;
  return [{ because: "again", from: [item], amount: model.weights.again * again, sentence }];
};

const popularPart = (model: OffersModel, item: number): Part => ({
  because: "popular",
  from: [],
  amount: model.weights.popular * (model.popularity[item] ?? 0),
  sentence: `popular: in ${percent(model.popularity[item] ?? 0)} of recent orders`,
});

/** The greatest parts of a score; `share` is of the whole score. */
export const offerReasons = (model: OffersModel, offered: Offered): readonly OfferReason[] =>
  [popularPart(model, offered.item), ...againPart(model, offered), ...boughtParts(model, offered)]
    .filter(({ amount }) => amount > 0)
    .toSorted((left, right) => right.amount - left.amount)
    .slice(0, REASONS_MAX)
    .map(({ because, from, amount, sentence }) => ({
      because,
      products: from.map((one) => nameOf(model, one)),
      sentence,
      share: Math.min(1, rounded(amount / offered.score)),
    }));
