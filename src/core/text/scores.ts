/** How well a score ranks: shared by everything that gives one. */

/** Area under the ROC curve by ranks (Mann-Whitney), ties counted half; 0.5 when one class is empty. */
export const auc = (
  rows: readonly { readonly truth: boolean; readonly score: number }[],
): number => {
  const positives = rows.filter(({ truth }) => truth).length;
  const negatives = rows.length - positives;
  if (positives === 0 || negatives === 0) return 0.5;
  const sorted = rows.toSorted((left, right) => left.score - right.score);
  let rankSum = 0;
  for (let at = 0; at < sorted.length;) {
    let end = at;
    while (end < sorted.length && sorted[end]?.score === sorted[at]?.score) end += 1;
    const rank = (at + 1 + end) / 2;
    rankSum += rank * sorted.slice(at, end).filter(({ truth }) => truth).length;
    at = end;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
};
