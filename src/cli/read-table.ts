/** Tables from files: CSV with any of the usual separators, or JSON lines. What cells mean is found out later; here is only what stands where. */
import { readFileSync } from "node:fs";
import { CsvError, parse } from "csv-parse/sync";
import { quote } from "../core/fault.ts";
import { cellOf, type RawTable } from "../core/tables/table.ts";
import { AttuneError } from "../errors.ts";
import { readWhole } from "./files.ts";

const SEPARATORS = [",", ";", "\t", "|"] as const;

const faulty = (path: string, sentence: string): AttuneError =>
  new AttuneError("INPUT_INVALID", `${path} ${sentence}.`);

/** The separator that parts the header most often; names of columns in quotes may hold others. */
export const separatorOf = (header: string): string => {
  const bare = header.replaceAll(/"[^"]*"/gu, "");
  const counts = SEPARATORS.map((separator) => bare.split(separator).length);
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ",";
};

const checkHeader = (path: string, columns: readonly string[]): void => {
  const empty = columns.findIndex((name) => name === "");
  if (empty >= 0) throw faulty(path, `has no name for column ${empty + 1}; name every column`);
  const twice = columns.find((name, place) => columns.indexOf(name) !== place);
  if (twice !== undefined) throw faulty(path, `names the column ${quote(twice)} twice`);
};

const readCsv = (text: string, path: string): RawTable => {
  const [header = ""] = text.split(/\r?\n/u, 1);
  let records: string[][];
  try {
    records = parse(text, {
      bom: true,
      delimiter: separatorOf(header),
      skip_empty_lines: true,
      relax_quotes: true,
    });
  } catch (error) {
    if (error instanceof CsvError) throw faulty(path, `is no table: ${error.message}`);
    throw error;
  }
  const [names = [], ...rows] = records;
  const columns = names.map((name) => name.trim());
  checkHeader(path, columns);
  return { columns, rows: rows.map((row) => row.map(cellOf)) };
};

/** A value of JSON as a cell. */
export const textOf = (value: unknown): string => {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
};

const readJsonLines = (text: string, path: string): RawTable => {
  const columns: string[] = [];
  const placeOf = new Map<string, number>();
  const found: (readonly [number, string][])[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      throw faulty(path, `is no JSON at line ${index + 1}: ${(error as Error).message}`);
    }
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw faulty(path, `has no object at line ${index + 1}: ${quote(value)}`);
    found.push(
      Object.entries(value).map(([name, cell]): [number, string] => {
        const place = placeOf.get(name) ?? columns.push(name) - 1;
        placeOf.set(name, place);
        return [place, textOf(cell)];
      }),
    );
  }
  return {
    columns,
    rows: found.map((cells) => {
      const row: string[] = columns.map(() => "");
      for (const [place, cell] of cells) row[place] = cell;
      return row.map(cellOf);
    }),
  };
};

/** The table in a file (`-` is standard input). Throws FILE_UNREADABLE, or INPUT_INVALID with the line. */
export const readTable = (path: string): RawTable => {
  const text = path === "-" ? readFileSync(0, "utf8") : readWhole(path);
  const isJson = /\.(?:jsonl|ndjson)$/u.test(path) || /^\s*\{/u.test(text);
  const table = isJson ? readJsonLines(text, path) : readCsv(text, path);
  if (table.rows.length === 0) throw faulty(path, "has no rows");
  return table;
};
