/** Whether two JSON values are the same, whatever the order of their names. An absent name and an undefined one are the same. */

const sameLists = (left: readonly unknown[], right: readonly unknown[]): boolean => {
  if (left.length !== right.length) return false;
  for (let place = 0; place < left.length; place += 1)
    if (!sameJson(left[place], right[place])) return false;
  return true;
};

type Named = Readonly<Record<string, unknown>>;

const sameNamed = (left: Named, right: Named): boolean => {
  for (const name in left) if (!sameJson(left[name], right[name])) return false;
  for (const name in right)
    if (right[name] !== undefined && !Object.hasOwn(left, name)) return false;
  return true;
};

/** For JSON values alone: plain objects, lists, text, numbers, true, false, null. */
export const sameJson = (left: unknown, right: unknown): boolean => {
  if (left === right) return true;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null)
    return false;
  if (Array.isArray(left)) return Array.isArray(right) && sameLists(left, right);
  return !Array.isArray(right) && sameNamed(left as Named, right as Named);
};
