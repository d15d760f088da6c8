/**
 * Fits BG/NBD and gamma-gamma to the 1/10 sample of CDNOW and compares with the published figures: `npx tsx bench/models/cdnow.ts --data DIR`,
 * where DIR holds `cdnow-sample.txt` (from brucehardie.com/datasets; no licence is stated, so it is not part of attune). Exit code 1 when a figure is off.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import {
  expectedNextPurchases,
  fitBgNbd,
  type PurchaseHistory,
} from "../../src/core/models/bg-nbd.ts";
import type { Fitted } from "../../src/core/models/fitted.ts";
import { expectedAmount, fitGammaGamma } from "../../src/core/models/gamma-gamma.ts";
import { auc, mae, rmse } from "../../src/core/models/scores.ts";
import { cpuSeconds } from "../text/clock.ts";

const DAYS = 7;
const WEEKS = 39;
const DAY_MS = 86_400_000;

interface Purchase {
  /** Days since 1997-01-01. */
  readonly day: number;
  readonly dollars: number;
}

interface Customer extends PurchaseHistory {
  /** Mean of the days after the first one, dollars; 0 if there are none. */
  readonly meanAmount: number;
  /** Days with purchases in the holdout weeks, and what they were worth. */
  readonly later: number;
  readonly laterDollars: number;
}

const dayOf = (date: string): number =>
  (Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8))) -
    Date.UTC(1997, 0, 1)) /
  DAY_MS;

/** Purchases by customer, those of one day added up, as the paper counts them. */
const purchasesOf = (text: string): readonly (readonly Purchase[])[] => {
  const customers = new Map<string, Map<number, number>>();
  for (const line of text.split("\n")) {
    const [, id, date, , dollars] = line.trim().split(/\s+/u);
    if (id === undefined || date === undefined) continue;
    const days = customers.get(id) ?? new Map<number, number>();
    customers.set(id, days);
    days.set(dayOf(date), (days.get(dayOf(date)) ?? 0) + Number(dollars));
  }
  return [...customers.values()].map((days) =>
    [...days]
      .map(([day, dollars]) => ({ day, dollars }))
      .toSorted((left, right) => left.day - right.day),
  );
};

const sumOf = (purchases: readonly Purchase[]): number =>
  purchases.reduce((sum, { dollars }) => sum + dollars, 0);

const customerOf = (purchases: readonly Purchase[]): Customer => {
  const end = WEEKS * DAYS;
  const first = purchases[0]?.day ?? 0;
  const repeats = purchases.slice(1).filter(({ day }) => day < end);
  const later = purchases.filter(({ day }) => day >= end && day < 2 * end);
  return {
    frequency: repeats.length,
    recency: ((repeats.at(-1)?.day ?? first) - first) / DAYS,
    age: (end - 1 - first) / DAYS,
    meanAmount: repeats.length === 0 ? 0 : sumOf(repeats) / repeats.length,
    later: later.length,
    laterDollars: sumOf(later),
  };
};

const must = <T>(result: Fitted<T>): T => {
  if (result.kind === "refused") throw new Error(`${result.code}: ${result.sentence}`);
  return result.value;
};

let faults = 0;

/** What a figure must be, as printed, and whether it is. */
interface Verdict {
  readonly wanted: string;
  readonly isRight: boolean;
}

const line = (name: string, found: number, verdict?: Verdict): void => {
  if (verdict?.isRight === false) faults += 1;
  const mark =
    verdict === undefined
      ? ""
      : `${verdict.wanted.padStart(12)}  ${verdict.isRight ? "ok" : "OFF"}`;
  process.stdout.write(`${name.padEnd(44)}${found.toFixed(4).padStart(13)}${mark}\n`);
};

/** A figure that must agree with a printed one to the last digit printed. */
const printed = (name: string, found: number, wanted: string): void => {
  const decimals = (wanted.split(".")[1] ?? "").length;
  line(name, found, { wanted, isRight: found.toFixed(decimals) === wanted });
};

const { values } = parseArgs({ options: { data: { type: "string" } } });
if (values.data === undefined) throw new Error("--data DIR: the directory of cdnow-sample.txt");
const customers = purchasesOf(readFileSync(join(values.data, "cdnow-sample.txt"), "latin1")).map(
  customerOf,
);

const from = cpuSeconds();
const model = must(
  fitBgNbd({
    frequency: customers.map(({ frequency }) => frequency),
    recency: customers.map(({ recency }) => recency),
    age: customers.map(({ age }) => age),
  }),
);
const took = cpuSeconds() - from;
printed("BG/NBD customers", model.customers, "2357");
printed("BG/NBD r", model.r, "0.243");
printed("BG/NBD alpha, weeks", model.alpha, "4.414");
printed("BG/NBD a", model.a, "0.793");
printed("BG/NBD b", model.b, "2.426");
printed("BG/NBD log-likelihood", model.logLikelihood, "-9582.4");
line("BG/NBD fit, CPU seconds", took);

const pairs = customers.map((customer): readonly [number, number] => [
  expectedNextPurchases(model, customer, WEEKS),
  customer.later,
]);
const error = mae(pairs);
line("purchases in weeks 40-78, MAE", error, { wanted: "<= 0.79", isRight: error <= 0.79 });
line("  RMSE", rmse(pairs));
line("  MAE of as many as before", mae(customers.map((one) => [one.frequency, one.later])));
line("  MAE of none", mae(customers.map(({ later }) => [0, later])));
line(
  "  AUC of who came back",
  auc(pairs.map(([expected, later]) => ({ probability: expected, happened: later > 0 ? 1 : 0 }))),
);

const repeaters = customers.filter(({ frequency }) => frequency > 0);
const spend = must(
  fitGammaGamma({
    purchases: repeaters.map(({ frequency }) => frequency),
    meanAmount: repeaters.map(({ meanAmount }) => meanAmount),
  }),
);
printed("gamma-gamma p", spend.p, "6.25");
printed("gamma-gamma q", spend.q, "3.74");
printed("gamma-gamma gamma", spend.gamma, "15.44");
line("gamma-gamma log-likelihood", spend.logLikelihood);
line(
  "dollars in weeks 40-78, RMSE",
  rmse(
    customers.map((customer, at) => [
      (pairs[at]?.[0] ?? 0) *
        expectedAmount(spend, { purchases: customer.frequency, meanAmount: customer.meanAmount }),
      customer.laterDollars,
    ]),
  ),
);
process.exitCode = faults === 0 ? 0 : 1;
