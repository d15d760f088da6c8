/**
 * JSON text of a rule file → value, with line and column of the first thing that is wrong.
 * Stricter than JSON.parse: a name given twice is refused (the first would be lost without a word), so are names that reach a prototype and deep nesting.
 */
import { type Fault, quote } from "../fault.ts";
import { type Json, wellFormed } from "../json.ts";
import { PROTOTYPE_NAMES } from "./path.ts";

/** Where reading stands. `depthMax` counts lists and objects around a value. */
interface Cursor {
  readonly text: string;
  at: number;
  depth: number;
  readonly depthMax: number;
}

class Unreadable extends Error {
  readonly at: number;
  constructor(at: number, sentence: string) {
    super(sentence);
    this.at = at;
  }
}

const WHITE = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const WORD = /[A-Za-z_]+/y;
const WORDS: ReadonlyMap<string, Json> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

const take = (cursor: Cursor, pattern: RegExp): string => {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0] ?? "";
  cursor.at += found.length;
  return found;
};

const peek = (cursor: Cursor): string => {
  take(cursor, WHITE);
  return cursor.text.charAt(cursor.at);
};

const surprise = (cursor: Cursor, wanted: string): Unreadable => {
  const found = cursor.text.charAt(cursor.at);
  if (found === "") return new Unreadable(cursor.at, `the text ends where ${wanted} was expected`);
  if (found === "/" || found === "#")
    return new Unreadable(cursor.at, "JSON has no comments; put the remark into a description");
  if (found === "'")
    return new Unreadable(cursor.at, `${quote(found)} opens no text in JSON; use "`);
  return new Unreadable(cursor.at, `${quote(found)} stands where ${wanted} was expected`);
};

const readText = (cursor: Cursor): string => {
  const from = cursor.at;
  for (cursor.at += 1; cursor.at < cursor.text.length; cursor.at += 1) {
    const char = cursor.text.charAt(cursor.at);
    if (char < " ")
      throw new Unreadable(
        cursor.at,
        "a text runs past the end of its line; close it, or write \\n",
      );
    if (char === "\\") cursor.at += 1;
    else if (char === '"') {
      cursor.at += 1;
      const written = cursor.text.slice(from, cursor.at);
      try {
        return wellFormed(JSON.parse(written) as string);
      } catch {
        throw new Unreadable(
          from,
          `${quote(written)} has an unknown escape; write \\\\ for a backslash`,
        );
      }
    }
  }
  throw new Unreadable(from, "a text is opened and never closed");
};

const readAtom = (cursor: Cursor): Json => {
  const from = cursor.at;
  const number = take(cursor, NUMBER);
  if (number !== "") {
    const value = Number(number);
    if (Number.isFinite(value)) return value;
    throw new Unreadable(from, `${quote(number)} is too large for a number`);
  }
  const word = take(cursor, WORD);
  const value = WORDS.get(word);
  if (value !== undefined) return value;
  cursor.at = from;
  if (word !== "") throw new Unreadable(from, `${quote(word)} is not JSON; put text into quotes`);
  throw surprise(cursor, "a value");
};

/** Reads what stands between `open` and `close`, one `item` after another. */
const readItems = (cursor: Cursor, close: string, item: () => void): void => {
  if (cursor.depth >= cursor.depthMax)
    throw new Unreadable(cursor.at, `nested deeper than ${cursor.depthMax} levels; flatten it`);
  cursor.depth += 1;
  cursor.at += 1;
  let more = peek(cursor) !== close;
  while (more) {
    item();
    more = peek(cursor) === ",";
    if (!more) break;
    cursor.at += 1;
    if (peek(cursor) === close)
      throw new Unreadable(cursor.at, `a comma stands before ${quote(close)}; remove it`);
  }
  if (peek(cursor) !== close) throw surprise(cursor, `"," or ${quote(close)}`);
  cursor.at += 1;
  cursor.depth -= 1;
};

const readName = (cursor: Cursor, record: Readonly<Record<string, Json>>): string => {
  if (peek(cursor) !== '"') throw surprise(cursor, "a name in quotes");
  const from = cursor.at;
  const name = readText(cursor);
  if (PROTOTYPE_NAMES.has(name))
    throw new Unreadable(from, `the name ${quote(name)} is not allowed; rename it`);
  if (Object.hasOwn(record, name))
    throw new Unreadable(from, `the name ${quote(name)} is given twice; keep one`);
  if (peek(cursor) !== ":") throw surprise(cursor, '":"');
  cursor.at += 1;
  return name;
};

const readValue = (cursor: Cursor): Json => {
  const first = peek(cursor);
  if (first === '"') return readText(cursor);
  if (first === "[") {
    const list: Json[] = [];
    readItems(cursor, "]", () => list.push(readValue(cursor)));
    return list;
  }
  if (first !== "{") return readAtom(cursor);
  const record: Record<string, Json> = {};
  readItems(cursor, "}", () => {
    const name = readName(cursor, record);
    record[name] = readValue(cursor);
  });
  return record;
};

const lineAndColumn = (text: string, at: number): string => {
  const before = text.slice(0, at).split("\n");
  return `line ${before.length}, column ${(before.at(-1) ?? "").length + 1}`;
};

export type SourceRead =
  | { readonly kind: "sound"; readonly value: Json }
  | { readonly kind: "faulty"; readonly fault: Fault };

/** The value of JSON text, or its first fault with line and column, counted from 1 (columns in UTF-16 units). */
export const readSource = (written: string, place: string, depthMax: number): SourceRead => {
  const text = written.replace(/^\uFEFF/, "");
  const cursor: Cursor = { text, at: 0, depth: 0, depthMax };
  try {
    const value = readValue(cursor);
    if (peek(cursor) !== "") throw surprise(cursor, "the end of the file");
    return { kind: "sound", value };
  } catch (fault) {
    if (!(fault instanceof Unreadable)) throw fault;
    const where = `${place} › ${lineAndColumn(text, fault.at)}`;
    return { kind: "faulty", fault: { place: where, sentence: fault.message } };
  }
};
