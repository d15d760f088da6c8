/** Drift: the stated false-alarm rate, planted shifts that must be seen, profiles that survive JSON, and input that must be refused. */
import { describe, expect, it } from "vitest";
import {
  type DriftColumn,
  driftOf,
  type DriftReport,
  fitReference,
  holm,
} from "../../../src/core/models/drift.ts";
import { randomFrom } from "../../../src/core/models/random.ts";
import { driftColumns, type Plant } from "./made-drift.ts";
import { codeOf, mustBeFitted, normalFrom } from "./made-matrix.ts";

/** Sizes of reference and current rows that runs take in turn. */
const SIZES = [
  [500, 500],
  [2000, 500],
  [5000, 2000],
  [500, 3000],
  [1000, 1000],
] as const;

const compare = (before: readonly DriftColumn[], after: readonly DriftColumn[], alpha = 0.01) =>
  mustBeFitted(driftOf(mustBeFitted(fitReference(before)), after, { alpha }));

const run = (seed: number, plant: Plant): DriftReport => {
  const [before, after] = SIZES[seed % SIZES.length]!;
  return compare(driftColumns(before, 2 * seed), driftColumns(after, 2 * seed + 1, plant));
};

const RUNS = Array.from({ length: 100 }, (_, seed) => seed);

const shiftedIn = ({ features }: DriftReport): string[] =>
  features.filter(({ shifted }) => shifted).map(({ name }) => name);

const numbers = (values: readonly (number | null)[], name = "x"): DriftColumn => ({
  name,
  kind: "number",
  values,
});
const words = (values: readonly (string | null)[], name = "x"): DriftColumn => ({
  name,
  kind: "category",
  values,
});
const repeat = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);
const normals = (count: number, seed: number, move = 0): number[] => {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => normalFrom(random) + move);
};

describe("the drift alarm", () => {
  it("stays silent in at least 95 of 100 runs without a shift, with correlated, doubled, tied and constant columns", () => {
    const alarms = RUNS.filter((seed) => run(seed, {}).isAlarm);
    expect(alarms.length).toBeLessThanOrEqual(5);
  }, 60_000);

  it("fires in at least 95 of 100 runs with a shift of .4 standard deviations in one of forty columns, and names that column", () => {
    const seen = RUNS.filter((seed) => {
      const shifted = shiftedIn(run(seed, { move: 0.4 }));
      return shifted.includes("f3") && shifted.includes("copy of f3");
    });
    expect(seen.length).toBeGreaterThanOrEqual(95);
  }, 60_000);

  it("fires in at least 95 of 100 runs when one topic grows", () => {
    const seen = RUNS.filter((seed) => shiftedIn(run(seed, { topic: 0.2 })).includes("topic"));
    expect(seen.length).toBeGreaterThanOrEqual(95);
  }, 60_000);

  it("keeps the rate of single columns near what their p-values say", () => {
    const looks = Array.from({ length: 40 }, (_, seed) => run(seed + 500, {}));
    const pValues = looks.flatMap(({ features }) => features.map(({ pValue }) => pValue));
    const share = (limit: number): number =>
      pValues.filter((pValue) => pValue <= limit).length / pValues.length;
    expect(share(0.05)).toBeLessThan(0.07);
    expect(share(0.05)).toBeGreaterThan(0.02);
    expect(share(0.002)).toBeLessThan(0.008);
  }, 60_000);

  it("is not set off by a move that is sure but small", () => {
    const before = [numbers(normals(200_000, 1))];
    const [small] = compare(before, [numbers(normals(200_000, 2, 0.05))]).features;
    expect(small).toMatchObject({ shifted: false });
    expect(small!.pValue).toBeLessThan(1e-9);
    expect(small!.psi).toBeLessThan(0.01);
  });
});

describe("one column", () => {
  it.each([
    ["a constant that changed", numbers(repeat(300, 5)), numbers(repeat(300, 3)), true],
    ["a constant that stayed", numbers(repeat(300, 5)), numbers(repeat(300, 5)), false],
    [
      "a constant with some slips",
      numbers(repeat(900, 5)),
      numbers([...repeat(897, 5), 1, 2, 9]),
      false,
    ],
    [
      "values gone missing",
      numbers(normals(500, 3)),
      numbers([...normals(400, 4), ...repeat(100, null)]),
      true,
    ],
    [
      "a column that was never known and is now",
      numbers(repeat(300, null)),
      numbers(normals(300, 5)),
      true,
    ],
    [
      "a column that is never known",
      numbers(repeat(300, null)),
      numbers(repeat(300, Number.NaN)),
      false,
    ],
    [
      "more spread around the same mean",
      numbers(normals(1000, 6)),
      numbers(normals(1000, 7).map((x) => 1.6 * x)),
      true,
    ],
    [
      "zeros that became more",
      numbers([...repeat(600, 0), ...normals(400, 8)]),
      numbers([...repeat(800, 0), ...normals(200, 9)]),
      true,
    ],
    [
      "numbers at the end of what there are",
      numbers(repeat(300, Number.MAX_VALUE)),
      numbers(repeat(300, Number.MAX_VALUE)),
      false,
    ],
    ["negative and positive zero", numbers(repeat(300, -0)), numbers(repeat(300, 0)), false],
    [
      "a new topic",
      words(repeat(300, "old")),
      words([...repeat(200, "old"), ...repeat(100, "new")]),
      true,
    ],
    [
      "names of topics that an object knows",
      words(repeat(300, "__proto__")),
      words(repeat(300, "constructor")),
      true,
    ],
    ["too few rows to tell", numbers(normals(500, 10)), numbers([9, 9, 9]), false],
  ] as const)("%s", (...[, before, after, isShifted]) => {
    expect(compare([before], [after]).isAlarm).toBe(isShifted);
  });

  it("sees a new value among levels that are not counted one by one", () => {
    const many = Array.from({ length: 2000 }, (_, row) => `level ${row % 50}`);
    const reference = mustBeFitted(fitReference([words(many)], { levels: 3 }));
    expect(reference.columns[0]!.counts).toEqual([40, 40, 40, 1880, 0]);
    expect(mustBeFitted(driftOf(reference, [words(many)])).isAlarm).toBe(false);
  });
});

describe("a reference", () => {
  it("is some kilobytes of JSON for forty columns and gives the same report after a round trip", () => {
    const reference = mustBeFitted(fitReference(driftColumns(2000, 1)));
    const text = JSON.stringify(reference);
    expect(text.length).toBeLessThan(16_000);
    const current = driftColumns(700, 2, { move: 0.5 });
    expect(driftOf(JSON.parse(text) as typeof reference, current)).toEqual(
      driftOf(reference, current),
    );
    expect(JSON.stringify(mustBeFitted(fitReference(driftColumns(2000, 1))))).toBe(text);
  });

  it("leaves its input as it was and passes over columns that it does not know", () => {
    const column = numbers(Object.freeze([3, 1, null, 2]));
    const reference = mustBeFitted(fitReference([column]));
    const report = mustBeFitted(driftOf(reference, [numbers([1, 2], "y"), column]));
    expect(report.features.map(({ name }) => name)).toEqual(["x"]);
  });

  it.each([
    ["EMPTY", []],
    ["EMPTY", [numbers([])]],
    ["RANGE", [numbers([1]), numbers([2])]],
    ["NOT_FINITE", [numbers([1, Infinity])]],
  ])("refuses %s", (code, columns) => {
    expect(codeOf(fitReference(columns))).toBe(code);
    expect(codeOf(driftOf(mustBeFitted(fitReference([numbers([1])])), columns))).toBe(code);
  });

  it.each([{ bins: 1 }, { bins: 2.5 }, { bins: 51 }, { levels: 0 }, { levels: 201 }])(
    "refuses %o",
    (options) => {
      expect(codeOf(fitReference([numbers([1])], options))).toBe("RANGE");
    },
  );

  it("refuses current columns that are absent or of another kind, and chances that are none", () => {
    const reference = mustBeFitted(fitReference([numbers([1, 2])]));
    expect(codeOf(driftOf(reference, [numbers([1], "y")]))).toBe("WIDTH");
    expect(codeOf(driftOf(reference, [words(["1"])]))).toBe("WIDTH");
    expect(codeOf(driftOf(reference, [numbers([1])], { alpha: 0 }))).toBe("RANGE");
    expect(codeOf(driftOf(reference, [numbers([1])], { floor: -1 }))).toBe("RANGE");
  });
});

describe("Holm's adjustment", () => {
  it("multiplies by how many are left, never falls, and keeps the order given", () => {
    expect(holm([0.04, 0.01, 0.03, 0.9])).toEqual([0.09, 0.04, 0.09, 0.9]);
    expect(holm([0.6, 0.7])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});
