import { describe, expect, it } from "vitest";
import { calibrationChart, gainChart, importanceChart } from "../../src/cli/charts.ts";
import { driftChart } from "../../src/cli/drift-chart.ts";
import { scoresChart, scoresTable } from "../../src/cli/model-scores.ts";
import { offersCharts } from "../../src/cli/offers-charts.ts";
import { segmentCharts } from "../../src/cli/segment-charts.ts";
import type { FeatureDrift } from "../../src/core/models/drift.ts";
import type { ModelOf } from "../../src/core/models/model-file.ts";
import { scaleOf, ticksOf } from "../../src/cli/svg.ts";
import { textOf, unbalanced } from "./markup.ts";

const EVIL = `<script>alert("1")</script>&'`;

/** Numbers of an attribute, in the order of the marks. */
const numbersOf = (svg: string, attribute: string): readonly number[] =>
  [...svg.matchAll(new RegExp(` ${attribute}="([^"]*)"`, "gu"))].map(([, value]) => Number(value));

const card = {
  data: "0".repeat(64),
  rows: 40,
  from: "2026-01-01T00:00:00.000Z",
  to: "2026-06-01T00:00:00.000Z",
  seed: 1,
  command: "attune train",
  scores: [],
  notes: [],
};

const segments: ModelOf["segments"] = {
  format: "attune-model/1",
  kind: "clusters",
  task: "segments",
  requires: [],
  features: [
    { name: "monetary", missing: 0, transform: "none", mean: 100, deviation: 20 },
    { name: "frequency", missing: 0, transform: "none", mean: 5, deviation: 2 },
  ],
  clusters: [
    { name: EVIL, sentence: `high monetary ${EVIL}`, centroid: [2, -1.04], size: 30 },
    { name: "small", sentence: "low monetary", centroid: [-1, 0], size: 1 },
  ],
  card,
};

const offers: ModelOf["offers"] = {
  format: "attune-model/1",
  kind: "offers",
  task: "offers",
  products: [EVIL, "pen", "ink"],
  weights: { popular: 1, again: 2, neighbours: 0, rules: 0.5 },
  decay: 0.9,
  popularity: [0.1, 0.3, 0.2],
  again: [0.1, 0.2, 0.4],
  positions: [1, 1, 1],
  neighbours: { kind: "cosine", starts: [0, 0, 0, 0], targets: [], scores: [] },
  rules: {
    from: [[1], [0, 2], [2]],
    to: [2, 1, 0],
    confidence: [0.4, 0.5, 0.6],
    lift: [1.5, 4, 4],
  },
  card,
};

const column = (changed: Partial<FeatureDrift>): FeatureDrift => ({
  name: "column",
  psi: 0,
  statistic: 0,
  degrees: 9,
  pValue: 0.5,
  adjusted: 0.5,
  shifted: false,
  ...changed,
});

const charts = {
  calibration: calibrationChart({
    id: "a",
    bins: [
      { count: 3, said: 0.25, happened: 0.5 },
      { count: 6, said: 0.75, happened: 0.75 },
    ],
    unit: "probability",
    axes: [EVIL, EVIL],
  }),
  amounts: calibrationChart({
    id: "b",
    bins: [
      { count: 1, said: -12.5, happened: 0 },
      { count: 1, said: 177, happened: 281.6 },
    ],
    unit: "amount",
    axes: ["said", "spent"],
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
    model: "tree",
    scores: [
      { estimator: "tree", metric: "auc", value: 0.9, low: 0.85, high: 0.95 },
      { estimator: EVIL, metric: "auc", value: -0.2 },
      { estimator: "baseline: constant", metric: "auc", value: 0.5, low: 0.5, high: 0.5 },
    ],
  }),
  zeros: scoresChart({
    id: "f",
    model: "mean",
    scores: [{ estimator: "mean", metric: "gini", value: 0 }],
  }),
  drift: driftChart("g", {
    floor: 0.05,
    features: [
      column({ name: "calm" }),
      column({ name: EVIL, psi: 3.25, adjusted: 1e-9, shifted: true }),
    ],
  }),
  ...Object.fromEntries(
    segmentCharts("h", segments).map((chart, place) => [`segment ${place}`, chart]),
  ),
  ...Object.fromEntries(
    offersCharts("i", offers).map((chart, place) => [`offers ${place}`, chart]),
  ),
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
    expect(calibrationChart({ id: "a", bins: [], unit: "amount", axes: ["", ""] })).toBe("");
    expect(gainChart({ id: "a", points: [], what: "" })).toBe("");
    expect(importanceChart({ id: "a", rows: [] })).toBe("");
    expect(scoresChart({ id: "a", scores: [], model: "" })).toBe("");
    expect(driftChart("a", { floor: 0.05, features: [] })).toBe("");
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
    expect(textOf(charts.scores)).toContain("0.900 (0.850 … 0.950)");
  });

  it("colour what shifted, say so in words too, and end a bar that would hide the limits", () => {
    expect(charts.drift.match(/<rect class="alarm"/gu)).toHaveLength(1);
    expect(textOf(charts.drift)).toContain("▲ 3.250");
    expect(textOf(charts.drift)).toContain("Bars end at 1.");
    expect(textOf(charts.drift)).toContain("3.2500 below 0.0001 yes");
    const calm = driftChart("h", { floor: 0.05, features: [column({ psi: 0.02 })] });
    expect(textOf(calm)).not.toContain("Bars end");
    expect(calm.match(/class="limit"/gu)).toHaveLength(2);
    // What moved most stands first.
    expect(charts.drift.indexOf("#60;script")).toBeLessThan(charts.drift.indexOf("calm"));
  });

  it("draw the 15 columns that moved most, and list all", () => {
    const features = Array.from({ length: 20 }, (_, place) =>
      column({ name: `column${place}`, psi: place / 100 }),
    );
    const chart = driftChart("a", { floor: 0.05, features });
    expect(chart.match(/<rect/gu)).toHaveLength(15);
    expect(chart).not.toContain(">column4</text>");
    expect(chart).toContain('<th scope="row">column4</th>');
    expect(textOf(chart)).toContain("the 15 that moved most; the table has all 20");
  });

  it("begin bars of AUC at chance, so that worse than chance goes the other way", () => {
    const chart = scoresChart({
      id: "a",
      model: "tree",
      scores: [
        { estimator: "tree", metric: "auc", value: 0.9 },
        { estimator: "chance", metric: "auc", value: 0.5 },
        { estimator: "worse", metric: "auc", value: 0.4 },
      ],
    });
    const [model = 0, chance = 0, worse = 0] = numbersOf(chart, "width");
    expect(model).toBeCloseTo(4 * worse, 0);
    expect(chance).toBeLessThan(1);
    expect(textOf(chart)).toContain("AUC ↑");
  });

  it.each([
    [6717.84, "6718"],
    [115.61, "115.6"],
    [45.71, "45.71"],
    [0.5, "0.500"],
  ])("give %d about three figures in a table of scores", (value, shown) => {
    const score = { estimator: "tree", metric: "rmse", value };
    const table = scoresTable({ name: "Scores", scores: [score], model: "tree" });
    expect(textOf(table).trim()).toBe(`estimator RMSE ↓ tree (this model) ${shown}`);
  });

  it("show each segment beside the average customer, with its centre in units of the feature", () => {
    const [sizes = "", first = "", second = ""] = segmentCharts("a", segments);
    expect(textOf(sizes)).toContain("97 %");
    expect(textOf(sizes)).toContain("of the 31 customers");
    expect(textOf(first)).toContain("+2.0 SD");
    expect(textOf(first)).toContain("monetary 140 2.00 frequency 2.92 −1.04");
    expect(textOf(second)).toContain("small · 1 customer ");
    expect([...first.matchAll(/<rect class="(\w+)"/gu)].map(([, kind]) => kind)).toEqual([
      "win",
      "minus",
    ]);
    // All on one scale: one deviation is as wide in both.
    expect(2 * (numbersOf(second, "width")[0] ?? 0)).toBeCloseTo(
      numbersOf(first, "width")[0] ?? 0,
      0,
    );
  });

  it("show what decides offers, with the rules of the greatest lift first and bars from chance", () => {
    const [parts = "", rules = "", popular = "", again = ""] = offersCharts("a", offers);
    expect(textOf(parts)).toContain("rules 0.5");
    expect(textOf(popular)).toContain("pen 30.00 % ink 20.00 %");
    expect(textOf(again)).toContain("ink 40.00 % pen 20.00 %");
    const table = textOf(rules).split("confidence").at(-1) ?? "";
    expect(table).toContain(
      `ink → ${EVIL} 4.00 60.0 % ${EVIL} + ink → pen 4.00 50.0 % pen → ink 1.50 40.0 %`,
    );
    expect(textOf(rules)).toContain("4.00 × (60 %)");
    const [widest = 0, , narrow = 0] = numbersOf(rules, "width");
    expect(narrow / widest).toBeCloseTo(0.5 / 3, 2);
  });

  it("leave out the parts of offers that do not count, and rules where there are none", () => {
    const { weights } = offers;
    const bare = offersCharts("a", { ...offers, weights: { ...weights, again: 0, rules: 0 } });
    expect(bare).toHaveLength(2);
    const none = { from: [], to: [], confidence: [], lift: [] };
    expect(offersCharts("a", { ...offers, rules: none })).toHaveLength(3);
  });

  it("draw the first 12 products and rules of many, and say of how many", () => {
    const many = Array.from({ length: 150 }, (_, place) => place);
    const [, rules = "", popular = ""] = offersCharts("a", {
      ...offers,
      products: many.map((place) => `product ${place}`),
      popularity: many.map((place) => place / 1000),
      again: many.map(() => 0),
      rules: {
        from: many.map((place) => [place]),
        to: many.map((place) => (place + 1) % 150),
        confidence: many.map(() => 0.1),
        lift: many.map((place) => 0.5 + place / 10),
      },
    });
    for (const chart of [rules, popular]) {
      expect(chart.match(/<rect/gu)).toHaveLength(12);
      expect(chart.match(/<th scope="row"/gu)).toHaveLength(100);
      expect(textOf(chart)).toContain("The first 12 of 150");
    }
  });

  it("cut a name that is too long for its place and keep all of it in the table", () => {
    const feature = "aFeatureWithANameThatNoChartHasRoomFor";
    const chart = importanceChart({ id: "a", rows: [{ feature, share: 1 }] });
    expect(chart).toContain(`>aFeatureWithANameTh…</text>`);
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
