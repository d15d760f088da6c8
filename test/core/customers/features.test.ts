import { describe, expect, it } from "vitest";
import type { Customer } from "../../../src/core/customer.ts";
import { describeCustomer } from "../../../src/core/customers/features.ts";
import { foldSignal } from "../../../src/core/customers/history.ts";
import { FEATURES, type FeatureName } from "../../../src/core/feature.ts";
import type { Signal } from "../../../src/core/signal.ts";
import { analysis, day, event, feedback, lived, order, stranger } from "./made.ts";

/** What counts is 0, what happened is counted; all that needs an instant or a mean cannot be told of a stranger. */
const TOLD_OF_A_STRANGER: ReadonlySet<string> = new Set(
  Object.entries(FEATURES)
    .filter(([, { missing }]) => missing.startsWith("never null"))
    .map(([name]) => name),
);

/** So many complaints on consecutive days, each worse than the one before, long after a neutral word. */
const complained = (count: number): Customer =>
  Array.from({ length: count }, (_, index) => index + 1).reduce(
    (known, index) =>
      foldSignal(known, {
        signal: feedback(day(index)),
        analysis: analysis("very_negative", -0.5 - index / 10),
        now: day(index),
      }),
    lived([feedback(day(-300))]),
  );

describe("the features", () => {
  it("are those of the catalogue, in its order", () => {
    expect(Object.keys(describeCustomer(stranger(), day(1)))).toEqual(Object.keys(FEATURES));
  });

  it("of a stranger are null, or 0 where they count", () => {
    for (const [name, value] of Object.entries(describeCustomer(stranger(), day(1))))
      expect([name, value]).toEqual([name, TOLD_OF_A_STRANGER.has(name) ? 0 : null]);
  });

  const three: readonly Signal[] = [order(day(1), 100), order(day(3), 200), order(day(7), 300)];

  it("say of each what it is, how it is computed and what a missing value means, in one line", () => {
    for (const [name, { sentence, formula, missing }] of Object.entries(FEATURES))
      for (const text of [sentence, formula, missing])
        expect([name, /^\S.*\S$/u.test(text)]).toEqual([name, true]);
    expect(Object.keys(FEATURES).length).toBeGreaterThanOrEqual(40);
    for (const { missing } of Object.values(FEATURES)) expect(missing).toMatch(/^(never )?null/u);
  });

  it.each<[FeatureName, number | null, readonly Signal[]]>([
    ["recencyDays", 14, three],
    ["frequency", 3, three],
    ["monetary", 600, three],
    ["monetary", 500, [...three, event("order.returned", day(8), { amount: 100 })]],
    ["monthlySpend", 600, three],
    ["monthlySpend", 300, [event("page.seen", day(-39)), ...three]],
    ["averageOrder", 200, three],
    ["averageOrder", 100, [order(day(1), 100), event("order.completed", day(2))]],
    ["averageOrder", null, [event("order.completed", day(2))]],
    ["orderTrend", null, [order(day(1), 100)]],
    ["orderTrend", 1, [order(day(1), 100), order(day(2), 100)]],
    ["orderTrend", 1.3333, [order(day(1), 100), order(day(2), 200)]],
    ["orderTrend", null, [order(day(1), 0), order(day(2), 0)]],
    ["tenureDays", 20, three],
    ["meanGapDays", 3, three],
    ["meanGapDays", null, [order(day(1), 1)]],
    ["gapSpreadDays", 1, three],
    ["gapSpreadDays", null, three.slice(0, 2)],
    ["overdue", 4.6667, three],
    ["overdue", 20, [order(day(1), 1), order(day(1), 1)]],
    ["overdue", null, [order(day(1), 1)]],
    ["absenceDays", 4, three],
    ["absenceDays", null, three.slice(0, 1)],
    ["absenceDays", 0, [...three, event("app.opened", day(2))]],
    ["returns", 1, [event("order.returned", day(2))]],
    ["feedbackCount", 1, [feedback(day(2))]],
    ["rollingSentiment", 0, [feedback(day(2))]],
    ["rollingSentiment", null, three],
    ["appOpens", 2, [event("app.opened", day(2)), event("app.opened", day(3))]],
    ["daysSinceAppOpen", 18, [event("app.opened", day(3))]],
    ["paymentFailures", 1, [event("payment.failed", day(3))]],
    ["parcelDelays", 1, [event("parcel.delayed", day(3))]],
    ["cancellations", 1, [event("subscription.cancelled", day(3))]],
    ["orders30", 3, three],
    ["orders30", 1, [order(day(-9, "23:59:59.999"), 1), order(day(-8, "00:00:00.000"), 5)]],
    ["orders90", 2, [order(day(-69), 1), order(day(-68, "00:00:00.000"), 5), order(day(20), 5)]],
    ["orders90", 0, []],
    ["spend30", 5, [order(day(-10), 1), order(day(-8, "00:00:00.000"), 5)]],
    ["spend90", 6, [order(day(-10), 1), order(day(-8), 5)]],
    ["spend90", 5, [event("order.completed", day(3)), order(day(4), 5)]],
    ["itemsPerOrder", null, three],
    [
      "itemsPerOrder",
      3,
      [
        event("order.completed", day(2), { items: [{ sku: "a", quantity: 2 }, { sku: "b" }] }),
        event("order.completed", day(3), { sku: "a", quantity: 3 }),
        order(day(4), 5),
      ],
    ],
    [
      "productsBought",
      2,
      [event("order.completed", day(2), { items: [{ sku: "a" }, { sku: "b" }, { sku: "a" }] })],
    ],
    ["weekendShare", 0.3333, three],
    ["weekendShare", null, []],
    ["returnRate", 0.3333, [...three, event("order.returned", day(8))]],
    ["returnRate", null, [event("order.returned", day(8))]],
    ["daysSinceReturn", 13, [event("order.returned", day(8))]],
    ["feedback30", 1, [feedback(day(-9)), feedback(day(3))]],
    ["feedback90", 2, [feedback(day(-9)), feedback(day(3))]],
    ["daysSinceFeedback", 18, [feedback(day(3)), feedback(day(2))]],
    ["sentimentTrend", null, [feedback(day(3))]],
    ["worstSentiment90", 0, [feedback(day(3))]],
    ["worstSentiment90", null, [feedback(day(-80))]],
    ["channels", 1, [feedback(day(3)), feedback(day(4))]],
    ["channels", 0, [{ ...feedback(day(3)), channel: "unknown" }]],
    ["mainChannelShare", null, [{ ...feedback(day(3)), channel: "unknown" }]],
    [
      "mainChannelShare",
      0.6667,
      [feedback(day(3)), { ...feedback(day(4)), channel: "email" }, feedback(day(5))],
    ],
    ["appOpens30", 1, [event("app.opened", day(-9)), event("app.opened", day(21))]],
    ["cartsAbandoned30", 1, [event("cart.abandoned", day(20))]],
    ["productViews30", 2, [event("product.viewed", day(20)), event("product.viewed", day(20))]],
  ])("%s is %s", (name, expected, signals) => {
    expect(describeCustomer(lived(signals), day(21))[name]).toBe(expected);
  });

  it("count what feedback felt like", () => {
    const customer = [analysis("negative", -0.5), analysis("positive", 0.75)].reduce(
      (known, read, index) =>
        foldSignal(known, {
          signal: feedback(day(index + 1)),
          analysis: read,
          now: day(index + 1),
        }),
      stranger(),
    );
    expect(describeCustomer(customer, day(9))).toMatchObject({
      feedbackCount: 2,
      negativeFeedback: 1,
      positiveFeedback: 1,
      rollingSentiment: -0.125,
    });
  });

  it("tell complaints of the last days, the worst of them, and which way feelings go", () => {
    expect(describeCustomer(complained(1), day(9))).toMatchObject({
      complaints30: 1,
      complaints90AtLeast2: 0,
      worstSentiment90: -0.6,
      sentimentTrend: -0.12,
    });
    expect(describeCustomer(complained(4), day(9))).toMatchObject({
      complaints90: 4,
      complaints90AtLeast2: 1,
      complaints90AtLeast4: 1,
      worstSentiment90: -0.9,
    });
    expect(describeCustomer(complained(4), day(98))).toMatchObject({
      complaints30: 0,
      complaints90: 0,
      complaints90AtLeast2: 0,
      worstSentiment90: null,
    });
  });

  it("share feedback among the first eight channels and the rest", () => {
    const signals = Array.from({ length: 10 }, (_, index) => ({
      ...feedback(day(index + 1)),
      channel: index < 2 ? "__proto__" : `channel ${index}`,
    }));
    const more = [...signals, { ...feedback(day(12)), channel: "late" }];
    expect(describeCustomer(lived(more), day(21))).toMatchObject({
      channels: 8,
      mainChannelShare: 0.1818,
    });
  });

  it("never give a negative number of days when asked about an earlier instant", () => {
    expect(describeCustomer(lived(three), day(2))).toMatchObject({
      recencyDays: 0,
      tenureDays: 1,
      overdue: 0,
    });
  });

  it("are null rather than NaN when the instant is none", () => {
    const features = describeCustomer(lived(three), "soon");
    expect(features).toMatchObject({
      recencyDays: null,
      tenureDays: null,
      monthlySpend: null,
      overdue: null,
      frequency: 3,
    });
  });
});
