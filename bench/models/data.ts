/**
 * Made-up tables of eight columns, the same from the same seed, kept as files of doubles so that every contestant and every child process
 * reads the same numbers. Rows beyond the asked count are for scoring and are never fitted.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Random, randomFrom } from "../../src/core/models/random.ts";

export const WIDTH = 8;
/** Centres of the blobs; clusters are asked for as many. */
export const BLOBS = 8;
/** Rows for scoring. */
const HELD_OUT = 50_000;

/** `apart` and `overlapped` are blobs for k-means; `customers` has labels 0 and 1 and amounts. */
export type DataKind = "apart" | "overlapped" | "customers";

/** Rows one behind another, `WIDTH` numbers each. */
export interface DataPart {
  readonly values: Float64Array;
  readonly labels: Float64Array;
  readonly amounts: Float64Array;
}

export interface DataSet {
  readonly kind: DataKind;
  readonly rows: number;
  /** Path of the files without `.values`, `.labels`, `.amounts`. */
  readonly train: string;
  readonly test: string;
}

const gauss = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

/** Standard deviation of the centres, in standard deviations of a blob. */
const DISTANCES = { apart: 10, overlapped: 1 } as const;

const blobs = (kind: "apart" | "overlapped", rows: number, random: Random): DataPart => {
  const centres = Float64Array.from(
    { length: BLOBS * WIDTH },
    () => gauss(random) * DISTANCES[kind],
  );
  const values = new Float64Array(rows * WIDTH);
  for (let row = 0; row < rows; row += 1) {
    const centre = Math.floor(random() * BLOBS) * WIDTH;
    for (let column = 0; column < WIDTH; column += 1)
      values[row * WIDTH + column] = (centres[centre + column] as number) + gauss(random);
  }
  return { values, labels: new Float64Array(0), amounts: new Float64Array(0) };
};

/** Six normal columns and two counts of 0 … 39; the label hangs on a sum and a product, the amount on a sum. */
const customers = (rows: number, random: Random): DataPart => {
  const values = new Float64Array(rows * WIDTH);
  const labels = new Float64Array(rows);
  const amounts = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) {
    const at = row * WIDTH;
    for (let column = 0; column < WIDTH; column += 1)
      values[at + column] = column < 6 ? gauss(random) : Math.floor(random() * 40);
    const [a, b, c, , , , count] = values.subarray(at, at + WIDTH) as unknown as readonly number[];
    const odds = (a as number) - (b as number) * (c as number) + (count as number) / 20 - 2;
    labels[row] = random() < 1 / (1 + Math.exp(-odds)) ? 1 : 0;
    amounts[row] = 50 + 3 * (a as number) - (b as number) + (count as number) / 4 + gauss(random);
  }
  return { values, labels, amounts };
};

const doublesIn = (path: string): Float64Array => {
  const bytes = readFileSync(path);
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
};

const PARTS = ["values", "labels", "amounts"] as const;

const write = (path: string, part: DataPart): void => {
  for (const name of PARTS) {
    const { buffer, byteOffset, byteLength } = part[name];
    writeFileSync(`${path}.${name}`, new Uint8Array(buffer, byteOffset, byteLength));
  }
};

const rowsOf = (part: DataPart, from: number, to: number): DataPart => ({
  values: part.values.subarray(from * WIDTH, to * WIDTH),
  labels: part.labels.subarray(from, to),
  amounts: part.amounts.subarray(from, to),
});

export const readPart = (path: string): DataPart => ({
  values: doublesIn(`${path}.values`),
  labels: doublesIn(`${path}.labels`),
  amounts: doublesIn(`${path}.amounts`),
});

export interface DataFolder {
  readonly folder: string;
  /** Made where it is asked for the first time. */
  readonly setOf: (kind: DataKind, rows: number) => DataSet;
  readonly close: () => void;
}

const SEED = 1;

export const openDataFolder = (): DataFolder => {
  const folder = mkdtempSync(join(tmpdir(), "attune-bench-"));
  return {
    folder,
    setOf: (kind, rows) => {
      const path = join(folder, `${kind}-${rows}`);
      const set = { kind, rows, train: `${path}.train`, test: `${path}.test` };
      if (existsSync(`${set.train}.values`)) return set;
      const heldOut = kind === "customers" ? HELD_OUT : 0;
      const random = randomFrom(SEED);
      const made =
        kind === "customers" ? customers(rows + heldOut, random) : blobs(kind, rows, random);
      write(set.train, rowsOf(made, 0, rows));
      write(set.test, rowsOf(made, rows, rows + heldOut));
      return set;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
};
