/**
 * One line of a shop's file, read by the declaration of its columns: who, when, and what it was (an order, another event, something said).
 * A line is refused as a whole with all its faults; one that names no customer is no fault, because nobody can be learnt from it.
 */
import { didYouMean, quote } from "../fault.ts";
import { wellFormed } from "../json.ts";
import { LIMITS } from "../limits.ts";
import { EVENT_TYPE, idSchema } from "../signal.ts";
import { readInstant } from "./cell-instant.ts";
import { readCellNumber } from "./cell-number.ts";
import type { HistoryColumns, Role } from "./history-columns.ts";
import { type Cell, cellOf } from "./table.ts";

/** What shops call it → what it is here; lower case. */
const WORDS: Readonly<Record<string, string>> = {
  order: "order.completed",
  purchase: "order.completed",
  sale: "order.completed",
  return: "order.returned",
  refund: "order.returned",
  feedback: "feedback",
};

/** What a line says. Numbers that it does not name are NaN. */
export interface ReadLine {
  readonly kind: "read";
  readonly customer: string;
  readonly atMs: number;
  /** Event type; null where the line is nothing but feedback. */
  readonly type: string | null;
  readonly order: Cell;
  /** Of the whole line; negative for what came back. */
  readonly money: number;
  readonly quantity: number;
  readonly product: Cell;
  readonly text: string | null;
}

/** What is wrong with a cell. */
export interface CellFault {
  readonly role: Role;
  readonly sentence: string;
}

export type LineRead =
  | ReadLine
  | { readonly kind: "nobody" }
  | { readonly kind: "refused"; readonly faults: readonly CellFault[] };

/** The text of a column in this line; empty where the line has none. */
export type CellText = (column: string) => string;

interface Reading {
  readonly declaration: HistoryColumns;
  readonly cell: (role: Role) => Cell;
  readonly faults: CellFault[];
}

const refuse = ({ faults }: Reading, role: Role, sentence: string): void =>
  void faults.push({ role, sentence });

const numberOf = (reading: Reading, role: Role): number => {
  const cell = reading.cell(role);
  if (cell === null) return Number.NaN;
  const value = readCellNumber(cell, reading.declaration.decimal);
  if (typeof value === "number") return value;
  refuse(reading, role, value);
  return Number.NaN;
};

const atOf = (reading: Reading): number => {
  const cell = reading.cell("at");
  const value =
    cell === null
      ? "is empty; every line needs the instant at which it happened"
      : readInstant(cell, reading.declaration.dates);
  if (typeof value === "number") return value;
  refuse(reading, "at", value);
  return Number.NaN;
};

/** A text that must not be longer than `most` characters. */
const textOf = (reading: Reading, role: Role, most: number): Cell => {
  const cell = reading.cell(role);
  if (cell === null) return null;
  if (cell.length > most) refuse(reading, role, `is longer than ${most} characters; cut it`);
  return wellFormed(cell);
};

/** The event type that a word stands for, `feedback`, or undefined where no column says. */
const typeOf = (reading: Reading): string | undefined => {
  const { columns, types } = reading.declaration;
  if (columns.type === undefined) return undefined;
  const cell = reading.cell("type");
  if (cell === null) {
    refuse(reading, "type", "is empty; say what happened");
    return undefined;
  }
  const word = cell.toLowerCase();
  for (const known of [types, WORDS]) if (Object.hasOwn(known, word)) return known[word];
  if (EVENT_TYPE.test(cell)) return cell;
  const hint =
    didYouMean(cell, [...Object.keys(types), ...Object.keys(WORDS)]) ||
    `; write an event type such as "order.completed", one of ${Object.keys(WORDS).join(", ")}, or say what it means under "types" in a JSON declaration`;
  refuse(reading, "type", `${quote(cell)} is no event type${hint}`);
  return undefined;
};

interface Named {
  readonly money: number;
  readonly quantity: number;
  readonly order: Cell;
  readonly product: Cell;
  readonly text: Cell;
}

const moneyOf = (reading: Reading, quantity: number): number => {
  const amount = numberOf(reading, "amount");
  const price = numberOf(reading, "price");
  return Number.isNaN(amount) ? price * (Number.isNaN(quantity) ? 1 : quantity) : amount;
};

/** Without a type, a line is an order unless all that it has is a text. */
const isOrder = ({ declaration: { columns } }: Reading, named: Named): boolean => {
  if (!Number.isNaN(named.money)) return true;
  if (columns.amount ?? columns.price) return named.text === null;
  if (columns.order ?? columns.product ?? columns.quantity)
    return (
      named.text === null ||
      named.order !== null ||
      named.product !== null ||
      !Number.isNaN(named.quantity)
    );
  return columns.text === undefined;
};

const eventOf = (reading: Reading, named: Named): string | null => {
  const { columns } = reading.declaration;
  const type = typeOf(reading);
  const event = type ?? (isOrder(reading, named) ? "order.completed" : null);
  if (event === null || event === "feedback") {
    if (named.text === null) refuse(reading, "text", "is empty; feedback needs what was said");
    return null;
  }
  const priced = columns.amount ?? columns.price;
  if (event.startsWith("order.") && priced !== undefined && Number.isNaN(named.money))
    refuse(
      reading,
      columns.amount === undefined ? "price" : "amount",
      "is empty; every order needs an amount, or leave the column undeclared",
    );
  return event;
};

/** Reads one line. */
export const readHistoryLine = (declaration: HistoryColumns, text: CellText): LineRead => {
  const { columns } = declaration;
  const faults: CellFault[] = [];
  const cell = (role: Role): Cell => {
    const column = columns[role];
    return column === undefined ? null : cellOf(text(column));
  };
  const customer = cell("customer");
  if (customer === null) return { kind: "nobody" };
  const reading: Reading = { declaration, cell, faults };
  const id = idSchema.safeParse(customer);
  if (!id.success) refuse(reading, "customer", id.error.issues[0]?.message ?? "");
  const atMs = atOf(reading);
  const quantity = numberOf(reading, "quantity");
  const named: Named = {
    quantity,
    money: moneyOf(reading, quantity),
    order: cell("order"),
    product: textOf(reading, "product", LIMITS.nameChars),
    text: textOf(reading, "text", LIMITS.textChars),
  };
  // What is missing is only told of a line whose cells can be read.
  const type = faults.length > 0 ? null : eventOf(reading, named);
  return faults.length > 0
    ? { kind: "refused", faults }
    : { kind: "read", customer, atMs, type, ...named };
};
