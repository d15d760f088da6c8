import { describe, expect, it } from "vitest";
import { describeCustomer } from "../../../src/core/customers/features.ts";
import { foldSignal } from "../../../src/core/customers/history.ts";
import { FEATURES, type FeatureName } from "../../../src/core/feature.ts";
import type { Signal } from "../../../src/core/signal.ts";
import { analysis, day, event, feedback, lived, order, stranger } from "./made.ts";

/** What counts is 0, what happened is counted; all that needs an instant or a mean cannot be told of a stranger. */
const TOLD_OF_A_STRANGER: ReadonlySet<string> = new Set<FeatureName>([
  "frequency",
  "monetary",
  "returns",
  "feedbackCount",
  "negativeFeedback",
  "positiveFeedback",
  "appOpens",
  "paymentFailures",
  "parcelDelays",
  "cancellations",
]);

describe("the features", () => {
  it("are those of the catalogue, in its order", () => {
    expect(Object.keys(describeCustomer(stranger(), day(1)))).toEqual(Object.keys(FEATURES));
  });

  it("of a stranger are null, or 0 where they count", () => {
    for (const [name, value] of Object.entries(describeCustomer(stranger(), day(1))))
      expect([name, value]).toEqual([name, TOLD_OF_A_STRANGER.has(name) ? 0 : null]);
  });

  const three: readonly Signal[] = [order(day(1), 100), order(day(3), 200), order(day(7), 300)];

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
