import { describe, expect, it } from "vitest";
import { randomFrom, sample } from "../../../src/core/models/random.ts";

const draw = (seed: number) => Array.from({ length: 5 }, randomFrom(seed));

describe("seeded chance", () => {
  it("repeats itself for a seed and differs between seeds", () => {
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it("is spread over 0 to 1", () => {
    const random = randomFrom(1);
    const bins = Array.from({ length: 10 }, () => 0);
    for (let index = 0; index < 10_000; index += 1) {
      const bin = Math.floor(random() * 10);
      bins[bin] = (bins[bin] ?? 0) + 1;
    }
    for (const count of bins) expect(Math.abs(count - 1000)).toBeLessThan(150);
  });

  it("samples so many items, in order, or all where there are not more", () => {
    const items = Array.from({ length: 100 }, (_, index) => index);
    const some = sample(items, 10, randomFrom(3));
    expect(some).toHaveLength(10);
    expect(some).toEqual(some.toSorted((left, right) => left - right));
    expect(sample(items, 100, randomFrom(3))).toEqual(items);
  });
});
