/** Invented customers who buy as BG/NBD and gamma-gamma say, from a seed. */
import type { BgNbdParameters, PurchaseHistory } from "../../../src/core/models/bg-nbd.ts";
import { type Random, randomFrom } from "../../../src/core/models/random.ts";
import { normalFrom } from "./made-matrix.ts";

/** A gamma variable of rate 1 (Marsaglia and Tsang, 2000). */
export const gammaFrom = (random: Random, shape: number): number => {
  if (shape < 1) return gammaFrom(random, shape + 1) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const normal = normalFrom(random);
    const v = (1 + normal / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < normal ** 2 / 2 + d - d * v + d * Math.log(v))
      return d * v;
  }
};

export interface Life extends PurchaseHistory {
  /** Purchases in as long again after the age. */
  readonly later: number;
}

interface Habit {
  readonly rate: number;
  readonly leaving: number;
}

const lived = (random: Random, age: number, { rate, leaving }: Habit): Life => {
  let [time, frequency, recency, later] = [0, 0, 0, 0];
  for (;;) {
    time += -Math.log(1 - random()) / rate;
    if (time > 2 * age) break;
    if (time <= age) [frequency, recency] = [frequency + 1, time];
    else later += 1;
    if (random() < leaving) break;
  }
  return { frequency, recency, age, later };
};

/** Customers watched for 26 to 39 weeks. */
export const livesOf = (
  count: number,
  seed: number,
  habitOf: (random: Random) => Habit,
): readonly Life[] => {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () =>
    lived(random, 26 + Math.floor(14 * random()), habitOf(random)),
  );
};

/** Rates and chances of leaving as BG/NBD has them. */
export const mixedHabits =
  ({ r, alpha, a, b }: BgNbdParameters) =>
  (random: Random): Habit => {
    const [stay, leave] = [gammaFrom(random, b), gammaFrom(random, a)];
    return { rate: gammaFrom(random, r) / alpha, leaving: leave / (leave + stay) };
  };
