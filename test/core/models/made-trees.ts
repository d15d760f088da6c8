/** Invented rows for the tree estimators: plain rows, some numbers missing, and what a fit must have given. */
import type { Fitted } from "../../../src/core/models/fitted.ts";
import { type NumericRows, numericRows } from "../../../src/core/models/histogram.ts";
import { randomFrom } from "../../../src/core/models/random.ts";

export interface Made {
  readonly rows: readonly (readonly (number | null)[])[];
  readonly labels: readonly number[];
  readonly amounts: readonly number[];
}

/** Three columns: one that matters, a whole number that matters together with it, and noise; one number in ten is missing. */
export const made = (seed: number, count = 400): Made => {
  const random = randomFrom(seed);
  const maybe = (value: number): number | null => (random() < 0.1 ? null : value);
  const rows = Array.from({ length: count }, () => [
    maybe(100 * random()),
    maybe(Math.floor(5 * random())),
    maybe(random() - 0.5),
  ]);
  const amounts = rows.map(
    ([first, second]) => (first ?? 80) / 10 + (second ?? 0) + 3 * random() - 1.5,
  );
  return { rows, amounts, labels: amounts.map((amount) => (amount > 7 ? 1 : 0)) };
};

export const tableOf = (rows: Made["rows"]): NumericRows => numericRows(rows, rows[0]?.length ?? 1);

/** The same rows in another order, which the seed chooses. */
export const shuffled = ({ rows, labels, amounts }: Made, seed: number): Made => {
  const random = randomFrom(seed);
  const order = rows
    .map((_, place) => ({ place, key: random() }))
    .toSorted((left, right) => left.key - right.key)
    .map(({ place }) => place);
  return {
    rows: order.map((place) => rows[place]!),
    labels: order.map((place) => labels[place]!),
    amounts: order.map((place) => amounts[place]!),
  };
};

export const mustBeFitted = <T>(result: Fitted<T>): T => {
  if (result.kind === "refused") throw new Error(`${result.code}: ${result.sentence}`);
  return result.value;
};

export const codeOf = (result: Fitted<unknown>): string =>
  result.kind === "refused" ? result.code : "fitted";
