/**
 * Cuts a text into the clauses that may hold an opinion of their own: at punctuation and before "but" and its like.
 * "Delivery late, but the lady was lovely" is two clauses with two aspects.
 */
import type { Mark } from "./marks.ts";
import type { Span } from "./normalise.ts";
import type { Token } from "./tokens.ts";

/** More clauses than this are not judged one by one: the rest of the text joins the last. */
const CLAUSES_MAX = 200;
/** Shorter pieces join the one before. */
const LETTERS_MIN = 3;

const isSoft = (token: Token): boolean =>
  token.text === "、" || token.text === "~" || token.text === "~~";

/** Worth of a token in letters: a Han character says as much as two. */
const worth = (token: Token): number =>
  token.kind === "mark" ? 0 : token.kind === "han" ? token.text.length * 2 : token.text.length;

/** Spans of the normalised text, in order, without overlaps. Linear time. */
export const clausesOf = (tokens: readonly Token[], marks: readonly Mark[]): readonly Span[] => {
  const clauses: Span[] = [];
  let contrast = 0;
  let [from, to, letters] = [-1, 0, 0];
  const close = (): void => {
    if (from < 0) return;
    const before = clauses.at(-1);
    if (before !== undefined && (letters < LETTERS_MIN || clauses.length >= CLAUSES_MAX))
      clauses[clauses.length - 1] = { from: before.from, to };
    else clauses.push({ from, to });
    [from, letters] = [-1, 0];
  };
  for (const token of tokens) {
    while ((marks[contrast]?.from ?? Infinity) < token.from) contrast += 1;
    const mark = marks[contrast];
    if (mark?.from === token.from && mark.role.kind === "contrast") close();
    if (token.kind === "mark" && !isSoft(token)) {
      close();
      continue;
    }
    if (from < 0) from = token.from;
    to = token.to;
    letters += worth(token);
  }
  close();
  return clauses;
};
