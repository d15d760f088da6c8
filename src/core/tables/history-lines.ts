/**
 * A shop's file as signals, line by line: orders put together, other events and feedback as they stand.
 * Nothing is dropped without being counted: lines that name no customer, refused lines with their place, signals by type.
 */
import type { Fault } from "../fault.ts";
import type { Feedback, Signal } from "../signal.ts";
import type { HistoryColumns } from "./history-columns.ts";
import { type CellText, readHistoryLine, type ReadLine } from "./history-line.ts";
import { idOfLine, openHistoryOrders } from "./history-orders.ts";

/** Refused lines that are told with their faults; all are counted. */
const REFUSED_TOLD = 20;

/** What was found in a file. */
export interface HistoryFound {
  readonly signals: readonly Signal[];
  /** Lines with something on them, refused ones among them. */
  readonly lines: number;
  readonly withoutCustomer: number;
  readonly refused: number;
  /** All faults of the first refused lines. */
  readonly faults: readonly Fault[];
}

/** Takes the lines of one file. */
export interface HistoryLines {
  /** `number` is the place in the file, from 1. */
  add(number: number, text: CellText): void;
  /** A line that has no cells to read. */
  refuse(number: number, sentence: string): void;
  finish(): HistoryFound;
}

/** Counts lines and keeps the first refusals. */
export interface LineTally {
  lines: number;
  withoutCustomer: number;
  refused: number;
  readonly faults: Fault[];
}

export const emptyTally = (): LineTally => ({
  lines: 0,
  withoutCustomer: 0,
  refused: 0,
  faults: [],
});

/** Counts a refused line, and keeps its faults if it is among the first. */
export const tellRefused = (tally: LineTally, faults: readonly Fault[]): void => {
  tally.refused += 1;
  if (tally.refused <= REFUSED_TOLD) tally.faults.push(...faults);
};

const isOfOrder = (line: ReadLine): line is ReadLine & { readonly type: string } =>
  line.type === "order.completed" || line.type === "order.returned";

const instantOf = ({ atMs }: ReadLine): string => new Date(atMs).toISOString();

const feedbackOf = (line: ReadLine, text: string, number: number): Feedback => ({
  kind: "feedback",
  id: `${idOfLine(number)}-text`,
  customerId: line.customer,
  at: instantOf(line),
  text,
  channel: "unknown",
});

const eventOf = (line: ReadLine, type: string, number: number): Signal => ({
  kind: "event",
  id: idOfLine(number),
  customerId: line.customer,
  at: instantOf(line),
  type,
});

/** Begins to take the lines of `file`, which is what refusals call it. */
export const openHistoryLines = (declaration: HistoryColumns, file: string): HistoryLines => {
  const tally = emptyTally();
  const orders = openHistoryOrders();
  const others: Signal[] = [];
  /** Every customer's id once: each line brings a text of its own. */
  const customers = new Map<string, string>();
  const said = new Set<string>();

  /** A comment on an order stands on each of its lines in many files, and was made once. */
  const isRepeated = ({ customer, order, text }: ReadLine): boolean => {
    if (order === null) return false;
    const key = JSON.stringify([customer, order, text]);
    if (said.has(key)) return true;
    said.add(key);
    return false;
  };
  const take = (line: ReadLine, number: number): void => {
    if (isOfOrder(line)) orders.add(line, number);
    else if (line.type !== null) others.push(eventOf(line, line.type, number));
    if (line.text !== null && !isRepeated(line)) others.push(feedbackOf(line, line.text, number));
  };
  return {
    add: (number, text) => {
      tally.lines += 1;
      const line = readHistoryLine(declaration, text);
      if (line.kind === "nobody") tally.withoutCustomer += 1;
      else if (line.kind === "refused")
        tellRefused(
          tally,
          line.faults.map(({ role, sentence }) => ({
            place: `${file} › line ${number} › ${declaration.columns[role] ?? role}`,
            sentence,
          })),
        );
      else {
        const customer = customers.get(line.customer) ?? line.customer;
        customers.set(customer, customer);
        take({ ...line, customer }, number);
      }
    },
    refuse: (number, sentence) => {
      tally.lines += 1;
      tellRefused(tally, [{ place: `${file} › line ${number}`, sentence }]);
    },
    finish: () => ({ ...tally, signals: [...orders.finish(), ...others] }),
  };
};
