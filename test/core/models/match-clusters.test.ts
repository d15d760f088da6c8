import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assignPlaces, fitKMeans } from "../../../src/core/models/kmeans.ts";
import { matchClusters, rescaled } from "../../../src/core/models/match-clusters.ts";
import type { ScaledFeature } from "../../../src/core/models/model-shapes.ts";
import { pointsFrom } from "../../../src/core/models/points.ts";
import { heaps } from "./heaps.ts";

const previous = [
  { name: "loyal", centroid: [4, 0] },
  { name: "dormant", centroid: [-4, 0] },
  { name: "new", centroid: [0, 4] },
];

const namesOf = (task: Parameters<typeof matchClusters>[0]): readonly string[] =>
  matchClusters(task).clusters.map(({ name }) => name);

describe("clusters matched by their centres", () => {
  it("keep their names in whatever order they come", () => {
    const matching = matchClusters({
      previous,
      centroids: [
        [0.5, 4],
        [4, 0.3],
        [-4, 0],
      ],
    });
    expect(matching).toEqual({
      clusters: [
        { name: "new", previous: 2, distance: 0.5 },
        { name: "loyal", previous: 0, distance: 0.3 },
        { name: "dormant", previous: 1, distance: 0 },
      ].map((cluster) => ({ ...cluster, distance: expect.closeTo(cluster.distance, 9) as number })),
      ended: [],
      stayed: null,
      moves: [],
    });
  });

  it("keep their names when all shift together, where the nearest one would take a wrong name", () => {
    const line = [0, 2, 4].map((at, place) => ({ name: `s${place}`, centroid: [at] }));
    const shifted = [[1.2], [3.2], [5.2]];
    expect(namesOf({ previous: line, centroids: shifted })).toEqual(["s0", "s1", "s2"]);
  });

  it("get a new name where none is near, and the one that is gone is named", () => {
    const matching = matchClusters({
      previous,
      centroids: [
        [4, 0],
        [0, 4],
        [0, -40],
      ],
      suggested: ["loyal", "new", "dormant"],
    });
    expect(matching.clusters.map(({ name }) => name)).toEqual(["loyal", "new", "dormant_2"]);
    expect(matching.clusters[2]).toEqual({ name: "dormant_2", previous: null, distance: null });
    expect(matching.ended).toEqual(["dormant"]);
  });

  it("get different new names where there are more of them than before", () => {
    const centroids = [
      [4, 0],
      [-4, 0],
      [0, 4],
      [0, -9],
      [9, 9],
    ];
    expect(namesOf({ previous, centroids })).toEqual([
      "loyal",
      "dormant",
      "new",
      "segment",
      "segment_2",
    ]);
    expect(namesOf({ previous, centroids, suggested: ["", "", "", "vip", "vip"] })).toEqual([
      "loyal",
      "dormant",
      "new",
      "vip",
      "vip_2",
    ]);
  });

  it("end where there are fewer of them", () => {
    const matching = matchClusters({ previous, centroids: [[-3.5, 0]] });
    expect(matching.clusters.map(({ name }) => name)).toEqual(["dormant"]);
    expect(matching.ended).toEqual(["loyal", "new"]);
  });

  it("do not change partners for the sake of a newcomer", () => {
    // "a" stands still and "b" ends; the newcomer is within reach of "a", and "a" within reach of "b".
    const line = [
      { name: "a", centroid: [0] },
      { name: "b", centroid: [4] },
    ];
    expect(namesOf({ previous: line, centroids: [[0], [-2.5]] })).toEqual(["a", "segment"]);
  });

  it("reach as far as is asked for", () => {
    const task = { previous, centroids: [[4, 3]] };
    expect(namesOf(task)).toEqual(["loyal"]);
    expect(namesOf({ ...task, reach: 0.5 })).toEqual(["segment"]);
  });

  it("take the only previous one, and none where there was none", () => {
    expect(namesOf({ previous: previous.slice(0, 1), centroids: [[90, 0]] })).toEqual(["loyal"]);
    expect(namesOf({ previous: [], centroids: [[1, 1]] })).toEqual(["segment"]);
    expect(matchClusters({ previous, centroids: [] })).toMatchObject({ clusters: [] });
  });

  it("of the same model keep all names in any order", () => {
    const places = fc.uniqueArray(fc.integer({ min: -20, max: 20 }), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(places, fc.nat(), (at, turn) => {
        const before = at.map((value, place) => ({
          name: `s${place}`,
          centroid: [value, value ** 2],
        }));
        const after = before.map((_, place) => before[(place + turn) % before.length]!);
        const names = namesOf({
          previous: before,
          centroids: after.map(({ centroid }) => centroid),
        });
        expect(names).toEqual(after.map(({ name }) => name));
      }),
      { seed: 1 },
    );
  });
});

describe("clusters matched by the rows that they share", () => {
  const centroids = [
    [0, 4],
    [4, 0],
    [-4, 0],
  ];
  const members = {
    before: [0, 0, 0, 0, 1, 1, 1, 2, 2, -1, -1, 2],
    after: [1, 1, 1, 2, 2, 2, 2, 0, 0, 0, -1, -1],
  };

  it("keep their names, and moves are counted", () => {
    expect(matchClusters({ previous, centroids, members })).toMatchObject({
      clusters: [{ name: "new" }, { name: "loyal" }, { name: "dormant" }],
      ended: [],
      stayed: 8,
      moves: [
        { from: "loyal", to: "dormant", rows: 1 },
        { from: "new", to: null, rows: 1 },
        { from: null, to: "new", rows: 1 },
      ],
    });
  });

  it("go by the rows also where centres say something else", () => {
    const swapped = [
      [4, 0],
      [-4, 0],
    ];
    const shared = { before: [0, 0, 1, 1], after: [1, 1, 0, 0] };
    const task = { previous: previous.slice(0, 2), centroids: swapped };
    expect(namesOf(task)).toEqual(["loyal", "dormant"]);
    expect(namesOf({ ...task, members: shared })).toEqual(["dormant", "loyal"]);
    expect(matchClusters({ ...task, members: shared })).toMatchObject({ stayed: 4, moves: [] });
  });

  it("get a new name where they share too little, and the rows are said to have moved there", () => {
    const shared = { before: [0, 0, 0, 0, 1, 1, 1, 1], after: [0, 1, 2, 3, 4, 4, 4, 4] };
    const five = Array.from({ length: 5 }, () => [0, 0]);
    const task = { previous: previous.slice(0, 2), centroids: five, members: shared };
    const matching = matchClusters(task);
    expect(matching.clusters.map(({ name }) => name)).toEqual([
      "segment",
      "segment_2",
      "segment_3",
      "segment_4",
      "dormant",
    ]);
    expect(matching.ended).toEqual(["loyal"]);
    expect(matching.stayed).toBe(4);
    expect(matching.moves[0]).toEqual({ from: "loyal", to: "segment", rows: 1 });
    expect(namesOf({ ...task, overlapMin: 0.2 })[0]).toBe("loyal");
  });

  it("throw where the rows are not the same", () => {
    const shared = { before: [0, 0], after: [0] };
    expect(() => matchClusters({ previous, centroids, members: shared })).toThrow(
      "2 places before cannot be compared with 1 after",
    );
  });
});

const feature = (name: "recencyDays" | "frequency", mean: number): ScaledFeature => ({
  name,
  missing: 0,
  transform: "log1p",
  mean,
  deviation: 2,
});

describe("a centre in another model's space", () => {
  it("is the same centre in that one's units, whatever the order of the features", () => {
    const from = [feature("recencyDays", 1), feature("frequency", 2)];
    const to = [feature("frequency", 1), feature("recencyDays", 3)];
    const moved = rescaled([0.5, 1], from, to);
    expect(moved[0]).toBeCloseTo(1.5, 9);
    expect(moved[1]).toBeCloseTo(-0.5, 9);
    expect(rescaled([0.5, 1], from, from)[0]).toBeCloseTo(0.5, 9);
  });

  it("stands at the mean of a feature that its own model lacks", () => {
    expect(rescaled([0.5], [feature("frequency", 1)], [feature("recencyDays", 1)])).toEqual([0]);
  });
});

it("segments keep their identity across retraining on shifted data", () => {
  const { rows, truth } = heaps({ rows: 900, width: 3, heaps: 5, apart: 4, seed: 4 });
  const later = rows.map((row) => row.map((value) => 1.1 * value + 0.6));
  const [before, after] = [rows, later].map((given, at) => {
    const fit = fitKMeans(pointsFrom(given), { k: 5, seed: at + 1 });
    if (fit.kind === "refused") throw new Error(fit.sentence);
    return fit.value.centroids;
  });
  const named = before!.map((centroid, place) => ({ name: `segment ${place}`, centroid }));
  const members = {
    before: assignPlaces(pointsFrom(rows), before!),
    after: assignPlaces(pointsFrom(later), after!),
  };
  const byCentre = matchClusters({ previous: named, centroids: after! });
  const byRows = matchClusters({ previous: named, centroids: after!, members });
  expect(byCentre.clusters).toEqual(byRows.clusters);
  expect(byRows.ended).toEqual([]);
  expect(byRows.stayed).toBeGreaterThan(0.98 * truth.length);
});
