/** No feature knows what came later: whoever looks from a cut-off sees what could be seen then, live and in training rows. */
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Analysis } from "../../../src/core/analysis.ts";
import { describeCustomer } from "../../../src/core/customers/features.ts";
import { foldSignal } from "../../../src/core/customers/history.ts";
import { buildTrainingRows } from "../../../src/core/customers/rows.ts";
import type { Features } from "../../../src/core/feature.ts";
import { stranger } from "./made.ts";
import { anInstant, streams, type Told } from "./streams.ts";

const HORIZON_DAYS = 20;

const inTime = (stream: readonly Told[]): readonly Told[] =>
  stream.toSorted((left, right) =>
    left.signal.at < right.signal.at ? -1 : left.signal.at > right.signal.at ? 1 : 0,
  );

/** What a live customer's features are at the cut-off, by the signals of the stream alone. */
const live = (stream: readonly Told[], customerId: string, cutoff: string): Features =>
  describeCustomer(
    stream
      .filter(({ signal }) => signal.customerId === customerId)
      .reduce(
        (customer, { signal, reading }) =>
          foldSignal(customer, { signal, analysis: reading, now: signal.at }),
        stranger(customerId),
      ),
    cutoff,
  );

const rows = (stream: readonly Told[], cutoffs: readonly string[]) => {
  const readings = new Map(stream.map(({ signal, reading }) => [signal.id, reading]));
  return buildTrainingRows(
    stream.map(({ signal }) => signal),
    {
      cutoffs,
      horizonDays: HORIZON_DAYS,
      analyse: ({ id }) => (readings.get(id) ?? null) as Analysis | null,
    },
  );
};

describe("at a cut-off", () => {
  it("training rows have the features of the stream that ends there, of a live customer too", () => {
    fc.assert(
      fc.property(
        streams(60),
        fc.uniqueArray(anInstant, { minLength: 1, maxLength: 3 }),
        (stream, cutoffs) => {
          for (const row of rows(stream, cutoffs)) {
            const before = inTime(stream).filter(({ signal }) => signal.at < row.at);
            expect(row.features).toEqual(live(before, row.customerId, row.at));
            const alone = rows(before, [row.at]).find(
              ({ customerId }) => customerId === row.customerId,
            );
            expect(row.features).toEqual(alone?.features);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("what is counted by day leaves out the days after it, though they are folded already", () => {
    const windows = [
      "orders30",
      "spend90",
      "complaints90",
      "worstSentiment90",
      "appOpens30",
      "productViews30",
    ] as const;
    fc.assert(
      fc.property(streams(40), (stream) => {
        // Within the days that a history keeps, so that nothing the cut-off needs is gone.
        const recent = inTime(stream).filter(({ signal }) => signal.at >= "2026-07-01");
        const cutoff = "2026-08-01T00:00:00.000Z";
        const before = recent.filter(({ signal }) => signal.at < cutoff);
        const now = "2026-07-31T23:59:59.999Z";
        for (const id of ["c1", "c2"])
          for (const name of windows)
            expect(live(recent, id, now)[name]).toBe(live(before, id, now)[name]);
      }),
      { numRuns: 300 },
    );
  });
});
