/** A customer's orders as the purchase process (BG/NBD, gamma-gamma) sees them: how many came back, when the last was, how long we have watched. */
import type { Features } from "../feature.ts";
import { type BgNbdParameters, probabilityAlive, type PurchaseHistory } from "./bg-nbd.ts";
import type { Spending } from "./gamma-gamma.ts";

/** A minute: who orders for the first time at this very moment has been watched for some time all the same, or the process says nothing. */
const AGE_MIN = 1 / 1440;

/** Days; the customer must have ordered (`recencyDays` not null). Gaps between orders add up to the time of the last one. */
export const purchasesOf = ({ frequency, meanGapDays, recencyDays }: Features): PurchaseHistory => {
  const repeats = Math.max(0, (frequency ?? 1) - 1);
  const recency = repeats * (meanGapDays ?? 0);
  return { frequency: repeats, recency, age: Math.max(AGE_MIN, recency + (recencyDays ?? 0)) };
};

/** Orders and their mean amount; none where no order named an amount above 0. */
export const spendingOf = ({ frequency, averageOrder }: Features): Spending =>
  averageOrder !== null && averageOrder > 0
    ? { purchases: frequency ?? 0, meanAmount: averageOrder }
    : { purchases: 0, meanAmount: 0 };

export interface BuysAgain {
  /** 0..1: alive × ifAlive. */
  readonly probability: number;
  /** That the customer has not left. */
  readonly alive: number;
  /** That one who has not left orders within the time. */
  readonly ifAlive: number;
}

/**
 * Whether a customer orders at all in the next `days`. In this model nobody leaves between two orders, so a living customer's next order
 * waits as in a gamma mixture of exponentials: 1 − ((alpha + T) ÷ (alpha + T + t))^(r + x).
 */
export const buysAgain = (
  parameters: BgNbdParameters,
  history: PurchaseHistory,
  days: number,
): BuysAgain => {
  const { r, alpha } = parameters;
  const alive = probabilityAlive(parameters, history);
  const waited = Math.log((alpha + history.age) / (alpha + history.age + days));
  const ifAlive = -Math.expm1((r + history.frequency) * waited);
  return { probability: alive * ifAlive, alive, ifAlive };
};
