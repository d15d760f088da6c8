/** Invented rows for drift: forty columns that hang together, among them duplicates, heavy ties, a constant, missing values and topics. */
import type { DriftColumn } from "../../../src/core/models/drift.ts";
import { type Random, randomFrom } from "../../../src/core/models/random.ts";
import { normalFrom } from "./made-matrix.ts";

const TOPICS = ["delivery", "refund", "quality", "app", "praise", "price"];

/** Where the plant is laid: how many standard deviations column 3 moves, and how much likelier the second topic gets. */
export interface Plant {
  readonly move?: number;
  readonly topic?: number;
}

const numberColumn = (index: number, normals: Float64Array, random: Random): (number | null)[] =>
  Array.from(normals, (value) => {
    if (index % 10 === 5) return Math.max(0, Math.floor(value * 2));
    if (index % 10 === 6) return random() < 0.2 ? null : Math.exp(value);
    if (index === 7) return 12;
    return index % 10 === 8 ? Math.round(value * 10) / 10 : value;
  });

/** 38 columns of numbers with correlations of one half, a copy of column 3, and one of topics. */
export const driftColumns = (rows: number, seed: number, plant: Plant = {}): DriftColumn[] => {
  const random = randomFrom(seed * 7919 + 13);
  const shared = Float64Array.from({ length: rows }, () => normalFrom(random));
  const columns = Array.from({ length: 38 }, (_, index): DriftColumn => {
    const move = index === 3 ? (plant.move ?? 0) : 0;
    const normals = shared.map((own) => (own + normalFrom(random)) * Math.SQRT1_2 + move);
    return { name: `f${index}`, kind: "number", values: numberColumn(index, normals, random) };
  });
  const values = Array.from(shared, (own) => {
    if (random() < (plant.topic ?? 0)) return "refund";
    return random() < 0.05 ? null : TOPICS[Math.floor(random() ** (own > 0 ? 1.5 : 1.1) * 6)]!;
  });
  const third = columns[3]!;
  const copy = { ...third, name: "copy of f3" } as DriftColumn;
  return [...columns, copy, { name: "topic", kind: "category", values }];
};
