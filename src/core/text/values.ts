/**
 * Named values in a text that are nobody's secret: order numbers, amounts of money, dates, products of the catalogue.
 * Personal data is blank in the text that is read here, so that no phone becomes an order number.
 */
import type { ValueFound } from "../analysis.ts";
import { findAmounts } from "./amounts.ts";
import { type Catalogue, findProducts } from "./catalogue.ts";
import { findDates } from "./dates.ts";
import type { FoundValue } from "./found-value.ts";
import {
  CHINESE_DATE,
  CHINESE_MONEY,
  DIGIT,
  ENGLISH_DATE,
  ENGLISH_MONEY,
  hintsOf,
} from "./hints.ts";
import { originalSpan } from "./normalise.ts";
import { findOrderNumbers } from "./order-numbers.ts";
import type { Reading } from "./reading.ts";

const AMOUNT_HINTS = DIGIT | CHINESE_MONEY | ENGLISH_MONEY;
const DATE_HINTS = DIGIT | CHINESE_DATE | ENGLISH_DATE;
const NO_VALUES: readonly ValueFound[] = [];

/** Without overlaps: of two values the earlier of the list stands. */
const apart = (found: readonly FoundValue[], length: number): readonly FoundValue[] => {
  const taken = new Uint8Array(length);
  return found.filter(({ from, to }) => {
    const free = !taken.subarray(from, to).includes(1);
    if (free) taken.fill(1, from, to);
    return free;
  });
};

/** Values in the order of the text, without overlaps: order numbers before amounts before dates before products. Linear time. */
export const findValues = (
  { open, normal }: Pick<Reading, "open" | "normal">,
  catalogue: Catalogue,
): readonly ValueFound[] => {
  const hints = hintsOf(open);
  const found: FoundValue[] = [];
  if ((hints & DIGIT) > 0) found.push(...findOrderNumbers(open, hints));
  if ((hints & AMOUNT_HINTS) > 0) found.push(...findAmounts(open, hints));
  if ((hints & DATE_HINTS) > 0) found.push(...findDates(open, hints));
  if (catalogue.size > 0) found.push(...findProducts(open, catalogue));
  if (found.length === 0) return NO_VALUES;
  return apart(found, open.length)
    .toSorted((left, right) => left.from - right.from)
    .map(({ kind, value, from, to }) => ({ kind, value, ...originalSpan(normal, { from, to }) }));
};
