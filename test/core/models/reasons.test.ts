/** What each kind of churn and spend model says of a customer and why, from fit to saved file to sentence. */
import { describe, expect, it } from "vitest";
import { openChurn, predictChurn } from "../../../src/core/models/churn.ts";
import { CHURN_CANDIDATES } from "../../../src/core/models/churn-candidates.ts";
import { isLabelled } from "../../../src/core/models/history-row.ts";
import { readModel, writeModel } from "../../../src/core/models/model-file.ts";
import { openSpend, predictSpend } from "../../../src/core/models/spend.ts";
import { SPEND_CANDIDATES } from "../../../src/core/models/spend-candidates.ts";
import { emptyCard } from "../../../src/core/models/train-common.ts";
import { context, features, shopRows } from "./made.ts";
import { codeOf, mustBeFitted } from "./made-matrix.ts";

/** Above 3,000 rows trees are ours and boosting takes part. */
const rows = shopRows({ customers: 320, cutoffs: 11 })
  .filter(isLabelled)
  .filter((row) => row.features.recencyDays !== null);

const card = { ...emptyCard, data: "0".repeat(64), from: context.from, to: context.to };

const reread = <Task extends "churn" | "spend">(
  task: Task,
  model: Parameters<typeof writeModel>[0],
) => {
  const read = readModel(task, writeModel(model));
  if (read.kind === "faulty") throw new Error(JSON.stringify(read.faults));
  return read.value;
};

const CUSTOMERS = [
  rows[0]?.features ?? features(),
  rows[7]?.features ?? features(),
  features({ recencyDays: 400, frequency: 1 }),
  features({ recencyDays: 0, frequency: 300, meanGapDays: 2, averageOrder: 1e6, monetary: 3e8 }),
];

const sum = (reasons: readonly { readonly value: number }[]): number =>
  reasons.reduce((total, { value }) => total + value, 0);

describe.each(CHURN_CANDIDATES)("churn by $estimator", ({ estimator, fit }) => {
  const model = mustBeFitted(fit(rows, context));
  const open = openChurn(reread("churn", { ...model, card }));

  it("is a probability with a reason for each step, the same after saving", () => {
    for (const customer of CUSTOMERS) {
      const told = predictChurn(open, customer);
      expect(told?.probability).toBeGreaterThanOrEqual(0);
      expect(told?.probability).toBeLessThanOrEqual(1);
      expect(told?.reasons.length).toBeGreaterThan(0);
      expect(told?.reasons.every(({ sentence }) => sentence.length > 10)).toBe(true);
      const fresh = openChurn({ ...model, card });
      expect(predictChurn(fresh, customer)).toEqual(told);
    }
    expect(predictChurn(open, features({ tenureDays: 3 }))).toBeUndefined();
  });

  it.runIf(estimator === "logistic" || estimator === "boosting")(
    "has reasons that add up to the log-odds, the average customer first",
    () => {
      for (const customer of CUSTOMERS) {
        const { reasons = [] } = predictChurn(open, customer) ?? {};
        const probability = open.probabilityOf(customer);
        expect(reasons[0]?.feature).toBe("averageCustomer");
        expect(1 / (1 + Math.exp(-sum(reasons)))).toBeCloseTo(probability, 4);
        const sizes = reasons.slice(1).map(({ value }) => Math.abs(value));
        expect(sizes).toEqual(sizes.toSorted((left, right) => right - left));
      }
    },
  );

  it("is higher for who has been away for long", () => {
    const here = open.probabilityOf({ ...CUSTOMERS[0]!, recencyDays: 1, overdue: 0.05 });
    expect(open.probabilityOf({ ...CUSTOMERS[0]!, recencyDays: 119, overdue: 6 })).toBeGreaterThan(
      here,
    );
  });
});

describe.each(SPEND_CANDIDATES)("spend by $estimator", ({ estimator, fit }) => {
  const model = mustBeFitted(fit(rows, context));
  const open = openSpend(reread("spend", { ...model, card }));

  it("is an amount of 0 or more with reasons, the same after saving", () => {
    for (const customer of CUSTOMERS) {
      const told = predictSpend(open, customer);
      expect(told?.amount).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(told?.amount)).toBe(true);
      expect(told?.reasons.length).toBeGreaterThan(1);
      const fresh = openSpend({ ...model, card });
      expect(predictSpend(fresh, customer)).toEqual(told);
    }
    expect(predictSpend(open, features({ tenureDays: 3 }))).toBeUndefined();
  });

  it.runIf(estimator === "two-stage")("has reasons that add up to the amount", () => {
    for (const customer of CUSTOMERS) {
      const { reasons = [], amount = 0 } = predictSpend(open, customer) ?? {};
      expect(Math.abs(sum(reasons) - amount)).toBeLessThan(0.001 * reasons.length);
    }
  });

  it.runIf(estimator === "BG/NBD × gamma-gamma")("is orders times what one is worth", () => {
    for (const customer of CUSTOMERS) {
      const { reasons = [], amount = 0 } = predictSpend(open, customer) ?? {};
      const [orders, each] = reasons.map(({ value }) => value) as [number, number];
      expect(Math.abs(orders * each - amount)).toBeLessThanOrEqual(1e-4 * (orders + each + 1));
    }
  });
});

describe("candidates that cannot take part", () => {
  const alike = rows.slice(0, 200).map((row) => ({
    ...row,
    features: features({ recencyDays: 5, frequency: 1, tenureDays: 9 }),
  }));

  it.each([...CHURN_CANDIDATES, ...SPEND_CANDIDATES])(
    "$estimator is refused where customers are alike, or says the same of all",
    ({ fit }) => {
      const result = fit(alike, context);
      expect(["CONSTANT", "TOO_FEW", "fitted"]).toContain(codeOf(result));
      expect(JSON.stringify(result)).not.toMatch(/NaN|null,"weights"/u);
    },
  );

  it("are the spend models, where nobody's orders have an amount", () => {
    const free = rows.map((row) => ({
      ...row,
      features: { ...row.features, averageOrder: null },
    }));
    const purchases = SPEND_CANDIDATES.find(({ estimator }) => estimator.startsWith("BG/NBD"));
    expect(codeOf(purchases!.fit(free, context))).toBe("EMPTY");
    const nobody = rows.map((row) => ({ ...row, outcome: { orders: 0, spend: 0 } }));
    const stages = SPEND_CANDIDATES.find(({ estimator }) => estimator === "two-stage");
    expect(codeOf(stages!.fit(nobody, context))).toBe("CONSTANT");
  });
});

describe("many rows", () => {
  it("are fitted by ridge instead of the package, to the same line", () => {
    const many = Array.from({ length: 8 }, () => rows).flat();
    expect(many.length).toBeGreaterThan(20_000);
    const line = SPEND_CANDIDATES.find(({ estimator }) => estimator === "regression");
    const few = openSpend({ ...mustBeFitted(line!.fit(rows, context)), card });
    const all = openSpend({ ...mustBeFitted(line!.fit(many, context)), card });
    const apart = rows.map((row) =>
      Math.abs(few.amountOf(row.features) - all.amountOf(row.features)),
    );
    expect(apart.reduce((total, one) => total + one, 0) / apart.length).toBeLessThan(1);
  });
});
