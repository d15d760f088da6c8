/**
 * One spelling for what people type in many: NFKC, lower case, simplified Chinese, straight apostrophes, nothing invisible.
 * Offsets into the normalised text are not offsets into the original: go back through `originalSpan`.
 */

/** Half-open UTF-16 offsets. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The normalised text; `starts[i]`/`ends[i]` is the piece of the original that unit `i` came from. Null means unit for unit the same. */
export interface NormalText {
  readonly text: string;
  readonly starts: Int32Array | null;
  readonly ends: Int32Array | null;
}

/** Marks that one base character may carry; more are normalised apart, so that reordering them cannot take quadratic time (UAX #15 streams at 30). */
const MARKS_MAX = 30;
/** A character that unfolds to more units than this (U+FDFA becomes 18) stays as it is. */
const UNFOLD_MAX = 8;
/**
 * What one character may unfold to: letters and digits of one word, digits, or one mark again and again. Whatever else it means (㏞: v∕m, ㍿: four
 * Chinese characters, ½, ℃) it stays as it is: words are looked for in the unfolded text, and half a character of the original spells no word.
 */
const UNFOLDED =
  /^(?:(?!\p{Script=Han})\p{L}(?:(?!\p{Script=Han})[\p{L}\p{M}\p{N}])*|\p{N}+|\p{M}+|\.+|!+|\?+)$/u;

const PLAIN = /^[\0-\x7f]*$/u;
const MARK = /^\p{M}/u;
/** Soft hyphen, zero-width characters, directions, variation selectors. */
const INVISIBLE = /\u00ad|[\u200b-\u200f]|\u2060|[\ufe00-\ufe0f]|\ufeff/gu;
const APOSTROPHE = /^[`\u2018\u2019\u02bc\u00b4]$/u;

/** Typed for an apostrophe by some keyboards. */
const BACKTICK = 0x60;

const isHanUnit = (code: number): boolean => code >= 0x4e00 && code <= 0x9fff;

const firstChar = (piece: string): string => String.fromCodePoint(piece.codePointAt(0) ?? 0);

/** Whether a character, whose normal form is `normal`, stays as it is. */
const isKept = (char: string, normal: string): boolean =>
  normal !== firstChar(normal) && (normal.length > UNFOLD_MAX || !UNFOLDED.test(normal));

/** The normal form of a character that marks after it cannot melt into: apostrophes, Han, what stays as it is; null for any other. */
const solid = (char: string, simplified: ReadonlyMap<string, string>): string | null => {
  if (APOSTROPHE.test(char)) return "'";
  const normal = char.normalize("NFKC").toLowerCase();
  const simple = simplified.get(normal);
  if (simple !== undefined) return simple;
  return isKept(char, normal) ? char.toLowerCase() : null;
};

const folded = (piece: string, simplified: ReadonlyMap<string, string>): string => {
  const visible = piece.replace(INVISIBLE, "");
  if (visible === "") return "";
  const first = firstChar(visible);
  const base = solid(first, simplified);
  if (base === null) return visible.normalize("NFKC").toLowerCase();
  return base + visible.slice(first.length).normalize("NFKC").toLowerCase();
};

/**
 * End of the piece at `from`: a character with the marks that follow it, or jamo that make one syllable.
 * Marks beyond the first plane stand alone: composing them would serve no customer, and reordering them tears their halves apart.
 */
const pieceEnd = (text: string, from: number): number => {
  const first = text.codePointAt(from) ?? 0;
  let to = from + (first > 0xffff ? 2 : 1);
  if (first > 0xffff && MARK.test(String.fromCodePoint(first))) return to;
  for (let marks = 0; marks < MARKS_MAX && to < text.length; marks += 1) {
    const code = text.charCodeAt(to);
    const joins = code >= 0x300 && (isJamo(code) || MARK.test(String.fromCharCode(code)));
    if (!joins || (code >= 0x4e00 && code <= 0xd7ff)) break;
    to += 1;
  }
  return to;
};

/** Vowel and final jamo, half-width voice marks: they melt into what stands before them. */
const isJamo = (code: number): boolean =>
  (code >= 0x1160 && code <= 0x11ff) || code === 0xff9e || code === 0xff9f;

/** Units that never melt into what stands before them: ASCII, Latin, Han, their punctuation and full-width forms. */
const beginsPiece = (code: number): boolean =>
  code < 0x300 ||
  isHanUnit(code) ||
  (code >= 0x3000 && code <= 0x3029) ||
  (code >= 0xff01 && code <= 0xff5e);

/** What a unit that stands alone becomes: 0 is not known yet, `SEVERAL_UNITS` means that the answer is not one unit. */
type UnitTable = Uint16Array;

const SEVERAL_UNITS = 0xffff;

/** A memo per table of simplified characters: it changes how fast an answer comes, never which. */
const unitTables = new WeakMap<ReadonlyMap<string, string>, UnitTable>();

const unitTableOf = (simplified: ReadonlyMap<string, string>): UnitTable => {
  const known = unitTables.get(simplified);
  if (known !== undefined) return known;
  const table = new Uint16Array(0x10000);
  for (let code = 0; code < 0x80; code += 1)
    table[code] = code === BACKTICK ? 0x27 : String.fromCharCode(code).toLowerCase().charCodeAt(0);
  unitTables.set(simplified, table);
  return table;
};

const loneUnit = (
  code: number,
  table: UnitTable,
  simplified: ReadonlyMap<string, string>,
): number => {
  const char = String.fromCharCode(code);
  const piece = isHanUnit(code) ? (simplified.get(char) ?? char) : folded(char, simplified);
  const unit = piece.length === 1 ? piece.charCodeAt(0) : SEVERAL_UNITS;
  table[code] = unit;
  return unit;
};

/** How characters are folded. */
interface Fold {
  readonly simplified: ReadonlyMap<string, string>;
  readonly table: UnitTable;
}

/** What the unit at `from` becomes; `SEVERAL_UNITS` if it has marks, is half a character or unfolds. */
const unitAt = (text: string, from: number, { simplified, table }: Fold): number => {
  if (from + 1 < text.length && !beginsPiece(text.charCodeAt(from + 1))) return SEVERAL_UNITS;
  const code = text.charCodeAt(from);
  const known = table[code] ?? 0;
  return known === 0 ? loneUnit(code, table, simplified) : known;
};

/** The normalised form of a text whose every unit becomes one unit; null for any other. */
const unitForUnit = (text: string, simplified: ReadonlyMap<string, string>): string | null => {
  const fold = { simplified, table: unitTableOf(simplified) };
  let normal = "";
  let kept = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = unitAt(text, at, fold);
    if (unit === SEVERAL_UNITS) return null;
    if (unit === text.charCodeAt(at)) continue;
    normal += text.slice(kept, at) + String.fromCharCode(unit);
    kept = at + 1;
  }
  return normal + text.slice(kept);
};

/** A normalised text that grows piece by piece. */
interface Draft {
  text: string;
  readonly starts: number[];
  readonly ends: number[];
}

/** Adds what the original's units `from … to` became. */
const put = (draft: Draft, normal: string, { from, to }: Span): void => {
  draft.text += normal;
  for (let unit = 0; unit < normal.length; unit += 1) {
    draft.starts.push(from);
    draft.ends.push(to);
  }
};

/** A piece cut into as many parts as may be, so that the parts become one after the other what it becomes: marks that do not melt stand apart. */
const partsOf = (
  piece: string,
  whole: string,
  simplified: ReadonlyMap<string, string>,
): readonly string[] => {
  if (whole.length < 2 || piece.length < 2) return [piece];
  if (whole === piece) return Array.from(piece);
  const parts: string[] = [];
  let from = 0;
  for (let at = firstChar(piece).length; at < piece.length; at += 1) {
    const isCut =
      folded(piece.charAt(at), simplified) !== "" &&
      folded(piece.slice(0, at), simplified) + folded(piece.slice(at), simplified) === whole;
    if (!isCut) continue;
    parts.push(piece.slice(from, at));
    from = at;
  }
  parts.push(piece.slice(from));
  const joined = parts.map((part) => folded(part, simplified)).join("");
  return joined === whole ? parts : [piece];
};

/** Adds the piece at `from`; gives its end. */
const putPiece = (
  draft: Draft,
  original: string,
  at: { readonly from: number; readonly fold: Fold },
): number => {
  const { from, fold } = at;
  const unit = unitAt(original, from, fold);
  if (unit !== SEVERAL_UNITS) {
    put(draft, String.fromCharCode(unit), { from, to: from + 1 });
    return from + 1;
  }
  const to = pieceEnd(original, from);
  const piece = original.slice(from, to);
  const normal = folded(piece, fold.simplified);
  let start = from;
  for (const part of partsOf(piece, normal, fold.simplified)) {
    const own = part === piece ? normal : folded(part, fold.simplified);
    put(draft, own, { from: start, to: start + part.length });
    start += part.length;
  }
  return to;
};

/** The normalised form of `text`; `simplified` maps one traditional character to one simplified character. Linear time. */
export const normalise = (text: string, simplified: ReadonlyMap<string, string>): NormalText => {
  const same =
    PLAIN.test(text) && !text.includes("`") ? text.toLowerCase() : unitForUnit(text, simplified);
  if (same !== null) return { text: same, starts: null, ends: null };
  const fold = { simplified, table: unitTableOf(simplified) };
  const draft: Draft = { text: "", starts: [], ends: [] };
  for (let from = 0; from < text.length;) from = putPiece(draft, text, { from, fold });
  return {
    text: draft.text,
    starts: new Int32Array(draft.starts),
    ends: new Int32Array(draft.ends),
  };
};

/** Where a span of the normalised text stands in the original. An empty span stays empty. */
export const originalSpan = (normal: NormalText, span: Span): Span => {
  if (normal.starts === null || normal.ends === null) return span;
  if (span.to <= span.from) {
    const at = normal.starts[span.from] ?? normal.ends.at(-1) ?? 0;
    return { from: at, to: at };
  }
  return { from: normal.starts[span.from] ?? 0, to: normal.ends[span.to - 1] ?? 0 };
};
