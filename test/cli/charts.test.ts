import { describe, expect, it } from "vitest";
import {
  calibrationChart,
  driftChart,
  gainChart,
  importanceChart,
  scoresChart,
} from "../../src/cli/charts.ts";
import { scaleOf, ticksOf } from "../../src/cli/svg.ts";
import { textOf, unbalanced } from "./markup.ts";

const EVIL = `<script>alert("1")</script>&'`;

/** Numbers of an attribute, in the order of the marks. */
const numbersOf = (svg: string, attribute: string): readonly number[] =>
  [...svg.matchAll(new RegExp(` ${attribute}="([^"]*)"`, "gu"))].map(([, value]) => Number(value));

const charts = {
  calibration: calibrationChart({
    id: "a",
    bins: [
      { count: 3, said: 0.25, happened: 0.5 },
      { count: 6, said: 0.75, happened: 0.75 },
    ],
    unit: "probability",
  }),
  amounts: calibrationChart({
    id: "b",
    bins: [
      { count: 1, said: -12.5, happened: 0 },
      { count: 1, said: 177, happened: 281.6 },
    ],
    unit: "amount",
  }),
  gain: gainChart({
    id: "c",
    points: [
      { rows: 0.5, captured: 0.9 },
      { rows: 1, captured: 1 },
    ],
    what: EVIL,
  }),
  importance: importanceChart({
    id: "d",
    rows: [
      { feature: EVIL, share: 0.9 },
      { feature: "harmful", share: -0.1 },
    ],
  }),
  scores: scoresChart({
    id: "e",
    title: EVIL,
    sentence: EVIL,
    model: "tree",
    scores: [
      { estimator: "tree", metric: "auc", value: 0.9, low: 0.85, high: 0.95 },
      { estimator: EVIL, metric: "auc", value: -0.2 },
      { estimator: "baseline: constant", metric: "auc", value: 0.5, low: 0.5, high: 0.5 },
    ],
  }),
  zeros: scoresChart({
    id: "f",
    title: "gini",
    sentence: "",
    model: "mean",
    scores: [{ estimator: "mean", metric: "gini", value: 0 }],
  }),
  drift: driftChart("g", [
    { feature: EVIL, psi: 3.25, shifted: true, pValue: 1e-9 },
    { feature: "calm", psi: 0, shifted: false, pValue: 0.5 },
  ]),
};

describe("every chart", () => {
  it.each(Object.entries(charts))(
    "%s is well-formed, named, and has its numbers in a table",
    (_name, chart) => {
      expect(unbalanced(chart)).toEqual([]);
      expect(chart).not.toMatch(/NaN|undefined|Infinity|<script/u);
      const [, id = ""] = /aria-labelledby="([^"]+)"/u.exec(chart) ?? [];
      expect(chart).toContain(`<title id="${id}">`);
      const [, how = ""] = /aria-describedby="([^"]+)"/u.exec(chart) ?? [];
      expect(chart).toContain(`<p id="${how}"`);
      expect(chart).toMatch(/<details><summary>The numbers<\/summary><div [^>]*><table/u);
      for (const attribute of ["x", "x1", "x2", "cx"])
        for (const x of numbersOf(chart, attribute)) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x).toBeLessThanOrEqual(360);
        }
    },
  );

  it("is nothing where there is nothing to draw", () => {
    expect(calibrationChart({ id: "a", bins: [], unit: "amount" })).toBe("");
    expect(gainChart({ id: "a", points: [], what: "" })).toBe("");
    expect(importanceChart({ id: "a", rows: [] })).toBe("");
    expect(scoresChart({ id: "a", title: "", sentence: "", scores: [], model: "" })).toBe("");
    expect(driftChart("a", [])).toBe("");
  });
});

describe("the charts", () => {
  it("put a bin that is right on average on the diagonal, and one that happened more above it", () => {
    const [first, second] = numbersOf(charts.calibration, "cx").map((x, place) => ({
      x: (x - 46) / (348 - 46),
      y: (286 - (numbersOf(charts.calibration, "cy")[place] ?? 0)) / (286 - 26),
    }));
    expect(first?.x).toBeCloseTo(0.25, 2);
    expect(first?.y).toBeCloseTo(0.5, 2);
    expect(second?.x).toBeCloseTo(second?.y ?? 0, 2);
  });

  it("mark the model, its rivals and the baselines, and draw an interval only where it has a width", () => {
    const kinds = [...charts.scores.matchAll(/<rect class="(\w+)"/gu)].map(([, kind]) => kind);
    expect(kinds).toEqual(["win", "rival", "base"]);
    expect(charts.scores.match(/class="range"/gu)).toHaveLength(3);
    expect(textOf(charts.scores)).toContain("0.9 (0.85 … 0.95)");
  });

  it("colour what shifted, say so in words too, and end a bar that would hide the limits", () => {
    expect(charts.drift.match(/<rect class="alarm"/gu)).toHaveLength(1);
    expect(textOf(charts.drift)).toContain("▲ 3.25");
    expect(textOf(charts.drift)).toContain("Bars end at 1.");
    expect(textOf(charts.drift)).toContain("3.25 below 0.0001 yes");
    const calm = driftChart("h", [{ feature: "calm", psi: 0.02, shifted: false, pValue: 0.5 }]);
    expect(textOf(calm)).not.toContain("Bars end");
    expect(calm.match(/class="limit"/gu)).toHaveLength(2);
  });

  it("cut a name that is too long for its place and keep all of it in the table", () => {
    const feature = "aFeatureWithANameThatNoChartHasRoomFor";
    const chart = importanceChart({ id: "a", rows: [{ feature, share: 1 }] });
    expect(chart).toContain(`>aFeatureWithANameT…</text>`);
    expect(chart).toContain(`<th scope="row">${feature}</th>`);
  });
});

describe("scales", () => {
  it.each([
    [
      [0, 281.6],
      [0, 100, 200, 300],
    ],
    [
      [0, 1],
      [0, 0.2, 0.4, 0.6, 0.8, 1],
    ],
    [
      [-12.5, 281.6],
      [-100, 0, 100, 200, 300],
    ],
    [
      [0, 5],
      [0, 1, 2, 3, 4, 5],
    ],
  ] as const)("tick %j in round steps", (range, ticks) => {
    const found = ticksOf(range);
    expect(found).toHaveLength(ticks.length);
    for (const [place, tick] of ticks.entries()) expect(found[place]).toBeCloseTo(tick, 9);
  });

  it("hold values within their ends, also where the range is empty", () => {
    const scale = scaleOf([0, 10], [100, 0]);
    expect([-5, 0, 5, 10, 15].map(scale)).toEqual([100, 100, 50, 0, 0]);
    expect(scaleOf([3, 3], [0, 10])(3)).toBe(0);
  });
});
