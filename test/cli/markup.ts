/** Reads HTML just well enough to tell whether every element is closed where it should be. */

const VOID = new Set(["meta", "br"]);

/** Names of elements that are closed in the wrong place or not at all; empty where the markup is balanced. */
export const unbalanced = (html: string): readonly string[] => {
  const open: string[] = [];
  const faults: string[] = [];
  const withoutStyle = html.replace(/<style>[^<]*<\/style>/u, "");
  for (const [tag, slash, name = ""] of withoutStyle.matchAll(/<(\/?)([a-z][a-z0-9]*)[^<>]*>/gu)) {
    if (VOID.has(name) || tag.endsWith("/>")) continue;
    if (slash !== "/") open.push(name);
    else if (open.pop() !== name) faults.push(name);
  }
  // What is left of "<" when tags are taken away was not escaped.
  const rest = withoutStyle.replaceAll(/<(?:!doctype html|\/?[a-z][^<>]*)>/gu, "");
  return [...faults, ...open, ...(/[<>]/u.test(rest) ? ["text"] : [])];
};

/** What a reader sees: text and the line breaks of cells. */
export const textOf = (html: string): string =>
  html
    .replace(/<style>[^<]*<\/style>/u, "")
    .replaceAll(/<[^<>]*>/gu, " ")
    .replaceAll(/&#(\d+);/gu, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll(/\s+/gu, " ");

/** How many `div` stand in the markup that are in no other `div`. */
export const depthOne = (html: string): number => {
  let depth = 0;
  let count = 0;
  for (const [, slash] of html.matchAll(/<(\/?)div\b/gu)) {
    if (slash === "/") depth -= 1;
    else {
      if (depth === 0) count += 1;
      depth += 1;
    }
  }
  return count;
};
