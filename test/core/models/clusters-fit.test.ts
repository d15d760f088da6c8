/** How many clusters the package's fit finds. The contract is held in `fit.contract.test.ts`. */
import { describe, expect, it } from "vitest";
import { fitClusters } from "../../../src/core/models/clusters-fit.ts";
import type { Table } from "../../../src/core/models/fitted.ts";
import { randomFrom } from "../../../src/core/models/random.ts";
import { codeOf } from "./made-matrix.ts";

const heaps = (centres: readonly (readonly [number, number])[]): Table => {
  const random = randomFrom(2);
  return {
    columns: ["x", "y"],
    rows: centres.flatMap(([x, y]) =>
      Array.from({ length: 30 }, () => [x + random(), y + random()]),
    ),
  };
};

describe("clusters", () => {
  it("are as many as there are heaps, each with its rows", () => {
    const fit = fitClusters(
      heaps([
        [0, 0],
        [20, 0],
        [0, 20],
        [20, 20],
      ]),
      { seed: 1, counts: [3, 4, 5, 6] },
    );
    if (fit.kind === "refused") throw new Error(fit.sentence);
    expect(fit.value.centroids).toHaveLength(4);
    expect(
      [0, 1, 2, 3].map((place) => fit.value.places.filter((own) => own === place).length),
    ).toEqual([30, 30, 30, 30]);
    expect(fit.value.silhouette).toBeGreaterThan(0.9);
  });

  it("are refused when fewer rows differ than clusters are wanted", () => {
    const rows = Array.from({ length: 50 }, (_, index) => [index % 2, 0]);
    expect(codeOf(fitClusters({ columns: ["x", "y"], rows }, { seed: 1, counts: [3] }))).toBe(
      "CONSTANT",
    );
  });
});
