/**
 * How wide text is on a terminal: a Chinese character or an emoji takes two columns, a combining mark none.
 * `String.length` counts neither; whatever is aligned or wrapped for a terminal asks here.
 */

const MARK = /[\p{Mn}\p{Me}\p{Cf}]/u;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]/u;

const columnsOfCharacter = (character: string): number => {
  if (WIDE.test(character)) return 2;
  return MARK.test(character) ? 0 : 1;
};

const CONTROL = /(?!\n)\p{Cc}/gu;

/** `text` without control characters other than line breaks: what a customer wrote must not steer the terminal of whoever reads it. */
export const printable = (text: string): string =>
  text.replaceAll("\r\n", "\n").replaceAll("\t", " ").replaceAll(CONTROL, "");

/** Columns that `text` takes in one line. */
export const columnsOf = (text: string): number => {
  let columns = 0;
  for (const character of text) columns += columnsOfCharacter(character);
  return columns;
};

/** `text` in at most `columns` columns, with `…` where it was cut; line breaks become spaces. */
export const clip = (text: string, columns: number): string => {
  const line = printable(text).replaceAll(/\s+/gu, " ").trim();
  if (columnsOf(line) <= columns) return line;
  let used = 0;
  let kept = "";
  for (const character of line) {
    used += columnsOfCharacter(character);
    if (used > columns - 1) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
};

const CLOSING = "[，。、！？；：）》」』”’…,.!?;:)]";

/** Pieces between which a line may break: words up to a "-" or "/" in them, single wide characters, spaces. Closing punctuation stays with what it closes. */
const PIECES = new RegExp(
  `\\s+|${WIDE.source}${CLOSING}*|(?:(?!${WIDE.source})[^\\s\\-/])+[-/]?${CLOSING}*|[-/]`,
  "gu",
);

const chopped = (piece: string, columns: number): readonly string[] => {
  if (columnsOf(piece) <= columns) return [piece];
  const characters = Array.from(piece);
  return Array.from({ length: Math.ceil(characters.length / columns) }, (_, index) =>
    characters.slice(index * columns, (index + 1) * columns).join(""),
  );
};

const wrapLine = (line: string, columns: number): readonly string[] => {
  const lines: string[] = [];
  let current = "";
  for (const piece of (line.match(PIECES) ?? []).flatMap((found) => chopped(found, columns))) {
    if (columnsOf(current) + columnsOf(piece.trim()) > columns) {
      lines.push(current.trimEnd());
      current = piece.trimStart();
    } else current += piece;
  }
  return [...lines, current.trimEnd()];
};

/** `text` in lines of at most `columns` columns (2 or more): broken at spaces in English, between characters in Chinese. */
export const wrapColumns = (text: string, columns: number): string =>
  printable(text)
    .trim()
    .split("\n")
    .flatMap((line) => wrapLine(line, columns))
    .join("\n");

/** `text` followed by spaces up to `columns` columns. */
export const padColumns = (text: string, columns: number): string =>
  text + " ".repeat(Math.max(0, columns - columnsOf(text)));
