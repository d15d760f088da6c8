/** How far two clusterings of the same rows agree, whatever they call their clusters. */

const pairs = (count: number): number => (count * (count - 1)) / 2;

/** Labels of any kind numbered 0, 1, … in order of appearance. */
const numbered = (labels: ArrayLike<number>): { codes: Int32Array; sizes: number[] } => {
  const known = new Map<number, number>();
  const sizes: number[] = [];
  const codes = new Int32Array(labels.length);
  for (let row = 0; row < labels.length; row += 1) {
    const label = labels[row] as number;
    let code = known.get(label);
    if (code === undefined) {
      code = known.size;
      known.set(label, code);
      sizes.push(0);
    }
    codes[row] = code;
    sizes[code] = (sizes[code] as number) + 1;
  }
  return { codes, sizes };
};

const sumOfPairs = (sizes: Iterable<number>): number => {
  let sum = 0;
  for (const size of sizes) sum += pairs(size);
  return sum;
};

/**
 * Adjusted Rand index (Hubert and Arabie 1985): 1 for equal clusterings, about 0 for independent ones, at least −0.5. Symmetric.
 * 1 where neither clustering tells anything apart or both tell everything apart.
 * @throws RangeError if the labels are not as many on both sides.
 */
export const adjustedRandIndex = (left: ArrayLike<number>, right: ArrayLike<number>): number => {
  if (left.length !== right.length)
    throw new RangeError(`${left.length} labels cannot be compared with ${right.length}`);
  const [one, two] = [numbered(left), numbered(right)];
  const both = new Map<number, number>();
  for (let row = 0; row < left.length; row += 1) {
    const cell = (one.codes[row] as number) * two.sizes.length + (two.codes[row] as number);
    both.set(cell, (both.get(cell) ?? 0) + 1);
  }
  const together = sumOfPairs(both.values());
  const [inLeft, inRight] = [sumOfPairs(one.sizes), sumOfPairs(two.sizes)];
  const all = pairs(left.length);
  const expected = all === 0 ? 0 : inLeft * (inRight / all);
  const most = (inLeft + inRight) / 2;
  return most === expected ? 1 : (together - expected) / (most - expected);
};
