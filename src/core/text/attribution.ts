/**
 * Which words moved a margin: every gram's share is dealt to the tokens that it covers, so that the shares sum to the margin less its bias.
 * Only explanations need this; deciding does not.
 */
import { type Classifier, gramValue, sigmoid } from "./classifier.ts";
import type { Grams } from "./grams.ts";
import type { Span } from "./normalise.ts";

/** A stretch of the normalised text and what it adds to a margin. */
export interface Share extends Span {
  readonly weight: number;
}

/** Smaller shares move no figure that is shown; what they add stays in the base. */
export const SHARE_MIN = 1e-4;

/** Shares of the tokens in one column's margin, in the order of the text; tokens without a share are left out. Dense features are not in it. */
export const sharesOf = (
  model: Classifier,
  grams: Grams,
  what: { readonly column: number; readonly scale: number },
): readonly Share[] => {
  const { column, scale } = what;
  const byToken = new Float64Array(grams.tokens);
  const factor = scale * (model.scales[column] as number);
  let token = 0;
  for (let place = 0; place < grams.places; place += 1) {
    const index = grams.at[place] as number;
    const row = model.rowOf[grams.slots[index] as number] as number;
    if (row < 0) continue;
    const weight = model.weights[row * model.columns + column] as number;
    if (weight === 0) continue;
    const count = grams.counts[index] as number;
    const share = (weight * factor * gramValue(count, model.factors[row] as number)) / count;
    const from = grams.from[place] as number;
    const to = grams.to[place] as number;
    token = tokenAt(grams, from, token);
    let last = token;
    while (last + 1 < grams.tokens && (grams.tokenFrom[last + 1] as number) < to) last += 1;
    const each = share / (last - token + 1);
    for (let at = token; at <= last; at += 1) byToken[at] = (byToken[at] as number) + each;
  }
  const shares: Share[] = [];
  for (let at = 0; at < grams.tokens; at += 1)
    if (Math.abs(byToken[at] as number) >= SHARE_MIN)
      shares.push({
        from: grams.tokenFrom[at] as number,
        to: grams.tokenTo[at] as number,
        weight: byToken[at] as number,
      });
  return shares;
};

/** The token that holds a unit; places come nearly in order, so the search begins at the last one. */
const tokenAt = (grams: Grams, unit: number, near: number): number => {
  let at = near;
  while (at > 0 && (grams.tokenFrom[at] as number) > unit) at -= 1;
  while (at + 1 < grams.tokens && (grams.tokenTo[at] as number) <= unit) at += 1;
  return at;
};

/** How a margin becomes the figure that is shown. */
export type Shown = (margin: number) => number;

/** Probability of one label. */
export const asChance: Shown = sigmoid;

/** Score in −1..1 of a margin for positive against negative: P(positive) − P(negative). */
export const asScore: Shown = (margin) => 2 * sigmoid(margin) - 1;

/**
 * Shares of a margin as shares of the figure: every one is multiplied by the mean slope between the bias alone and the whole margin,
 * so that base + Σ shares is the figure, and signs stay.
 */
export const shownShares = (
  bias: number,
  shares: readonly Share[],
  shown: Shown,
): { readonly base: number; readonly shares: readonly Share[] } => {
  const moved = shares.reduce((sum, { weight }) => sum + weight, 0);
  const base = shown(bias);
  const step = 1e-4;
  const slope =
    Math.abs(moved) < step
      ? (shown(bias + step) - shown(bias - step)) / (2 * step)
      : (shown(bias + moved) - base) / moved;
  return { base, shares: shares.map((share) => ({ ...share, weight: share.weight * slope })) };
};
