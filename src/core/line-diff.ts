/** Two texts line by line: the longest common subsequence, by dynamic programming. For texts of templates; time and memory grow with the product of their lines. */

export interface DiffLine {
  readonly kind: "same" | "added" | "removed";
  readonly text: string;
}

/** Lengths of the longest common subsequence of what is left from each pair of places on. */
const lengthsOf = (left: readonly string[], right: readonly string[]): Uint32Array => {
  const width = right.length + 1;
  const lengths = new Uint32Array((left.length + 1) * width);
  for (let row = left.length - 1; row >= 0; row -= 1)
    for (let column = right.length - 1; column >= 0; column -= 1)
      lengths[row * width + column] =
        left[row] === right[column]
          ? 1 + (lengths[(row + 1) * width + column + 1] ?? 0)
          : Math.max(
              lengths[(row + 1) * width + column] ?? 0,
              lengths[row * width + column + 1] ?? 0,
            );
  return lengths;
};

/** Every line of both, in order; where lines were replaced the old ones come first. */
export const diffLines = (before: string, after: string): readonly DiffLine[] => {
  const left = before.split("\n");
  const right = after.split("\n");
  const width = right.length + 1;
  const lengths = lengthsOf(left, right);
  const lines: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < left.length || column < right.length) {
    const old = left[row];
    const young = right[column];
    if (old !== undefined && old === young) {
      lines.push({ kind: "same", text: old });
      row += 1;
      column += 1;
    } else if (
      old !== undefined &&
      (young === undefined ||
        (lengths[(row + 1) * width + column] ?? 0) >= (lengths[row * width + column + 1] ?? 0))
    ) {
      lines.push({ kind: "removed", text: old });
      row += 1;
    } else {
      lines.push({ kind: "added", text: young ?? "" });
      column += 1;
    }
  }
  return lines;
};
