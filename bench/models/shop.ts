/**
 * Online Retail (UCI, Chen, Sain and Guo 2012) as signals, and customers described at cut-offs by the same fold and formulas that serve a live one.
 * The data stay outside of attune.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildTrainingRows } from "../../src/core/customers/rows.ts";
import type { FeatureName, Features } from "../../src/core/feature.ts";
import type { PurchaseHistory } from "../../src/core/models/bg-nbd.ts";
import { isLabelled, type LabelledRow } from "../../src/core/models/history-row.ts";
import type { Signal } from "../../src/core/signal.ts";

interface Invoice {
  readonly customerId: string;
  readonly type: "purchase" | "return";
  readonly at: string;
  /** Negative for a return. */
  readonly amount: number;
  readonly orderId: string;
}

const signalOf = ({ customerId, type, at, amount }: Invoice, line: number): Signal => ({
  kind: "event",
  id: `line-${line}`,
  customerId,
  type: type === "purchase" ? "order.completed" : "order.returned",
  at: new Date(at).toISOString(),
  properties: { amount: Math.abs(amount) },
});

export const readShop = (folder: string): readonly Signal[] =>
  readFileSync(join(folder, "online-retail.events.jsonl"), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line, index) => signalOf(JSON.parse(line) as Invoice, index));

const HORIZON_DAYS = 90;
const DAY_MS = 86_400_000;
const daysBefore = (instant: string, days: number): string =>
  new Date(Date.parse(instant) - days * DAY_MS).toISOString();

const DAYS_BETWEEN_CUTOFFS = 15;
const TRAINING_CUTOFFS = 7;

export interface ShopRows {
  readonly cutoffs: readonly string[];
  readonly train: readonly LabelledRow[];
  readonly test: readonly LabelledRow[];
}

/**
 * Customers who have ordered: at the last cut-off whose 90 days are complete for scoring, and, for fitting, at those whose 90 days were
 * over by then.
 */
export const splitShop = (signals: readonly Signal[]): ShopRows => {
  const end = signals.reduce((latest, { at }) => (at > latest ? at : latest), "");
  const test = daysBefore(end, HORIZON_DAYS);
  const train = Array.from({ length: TRAINING_CUTOFFS }, (_, step) =>
    daysBefore(test, HORIZON_DAYS + step * DAYS_BETWEEN_CUTOFFS),
  );
  const rows = buildTrainingRows(signals, { cutoffs: [...train, test], horizonDays: HORIZON_DAYS })
    .filter(isLabelled)
    .filter(({ features }) => (features.frequency ?? 0) > 0);
  return {
    cutoffs: [...train.toReversed(), test],
    train: rows.filter(({ at }) => at < test),
    test: rows.filter(({ at }) => at === test),
  };
};

/** Everybody who has ordered by an instant, by customer id. */
export const describedAt = (
  signals: readonly Signal[],
  at: string,
): ReadonlyMap<string, Features> => {
  const rows = buildTrainingRows(signals, { cutoffs: [at], horizonDays: HORIZON_DAYS });
  return new Map(
    rows
      .filter((row) => row.at === at && (row.features.frequency ?? 0) > 0)
      .map(({ customerId, features }) => [customerId, features]),
  );
};

/** Orders as BG/NBD counts them, in days. */
export const purchasesOf = ({ frequency, meanGapDays, recencyDays }: Features): PurchaseHistory => {
  const repeats = Math.max(0, (frequency ?? 1) - 1);
  const recency = repeats * (meanGapDays ?? 0);
  return { frequency: repeats, recency, age: recency + (recencyDays ?? 0) };
};

const BARE: readonly FeatureName[] = [
  "recencyDays",
  "frequency",
  "monetary",
  "monthlySpend",
  "averageOrder",
  "orderTrend",
  "tenureDays",
  "meanGapDays",
  "gapSpreadDays",
  "overdue",
  "absenceDays",
  "returns",
];

const log = (value: number | null): number => Math.log1p(Math.max(0, value ?? 0));

/** ln(1 + x) of days since the last order, orders and money. */
export const rfmOf = ({ recencyDays, frequency, monetary }: Features): readonly number[] =>
  [recencyDays, frequency, monetary].map(log);

/** Sixteen columns; what is not known of a customer with one order counts as his days with the shop, or as no change. */
export const sixteenOf = (features: Features): readonly number[] => {
  const { recencyDays, frequency, tenureDays, meanGapDays, gapSpreadDays } = features;
  const [recency, orders, tenure] = [recencyDays ?? 0, frequency ?? 0, tenureDays ?? 0];
  return [
    ...rfmOf(features),
    log(features.monthlySpend),
    log(features.averageOrder),
    log(features.orderTrend ?? 1),
    log(tenure),
    log(meanGapDays ?? tenure),
    log(gapSpreadDays ?? meanGapDays ?? tenure),
    log(features.overdue ?? recency / Math.max(1, tenure)),
    log(features.absenceDays),
    log(features.returns),
    orders === 1 ? 1 : 0,
    log((30 * orders) / Math.max(30, tenure)),
    recency < 30 ? 1 : 0,
    log(recency) * log(orders),
  ];
};

/** Twelve features as they are; NaN where they cannot be told. */
export const bareOf = (features: Features): readonly number[] =>
  BARE.map((name) => features[name] ?? Number.NaN);
