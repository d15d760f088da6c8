/**
 * The declaration of a history's columns: which column of somebody's file names the customer, the instant, the amount and so on.
 * It is written as one word (`customer=CustomerID,at=InvoiceDate`) or as a JSON object with the same names.
 */
import { z } from "zod";
import { type Checked, didYouMean, type Fault, faultsOf, faulty, quote, sound } from "../fault.ts";
import { EVENT_TYPE } from "../signal.ts";
import type { DateOrder } from "./cell-instant.ts";
import type { DecimalSign } from "./cell-number.ts";

/** What a column can be, in the order in which a refusal names them. */
export const ROLES = [
  "customer",
  "at",
  "amount",
  "type",
  "order",
  "product",
  "quantity",
  "price",
  "text",
] as const;
export type Role = (typeof ROLES)[number];

export interface HistoryColumns {
  /** Names of columns; `customer` and `at` are always there. */
  readonly columns: { readonly [role in Role]?: string | undefined };
  /** Which comes first in dates such as 01/02/2011; without it they are refused. */
  readonly dates?: DateOrder | undefined;
  readonly decimal: DecimalSign;
  /** Words of the type column → event type or `feedback`, beside the words that are always known. */
  readonly types: Readonly<Record<string, string>>;
}

/** Names that the short form knows; what a word of the type column means can only be said in a file. */
const NAMES: readonly string[] = [...ROLES, "dates", "decimal"];

const column = z.string().min(1, "is empty; name a column").optional();
const REQUIRED = 'is missing; say which column it is, such as "customer_id"';

const declarationSchema = z.strictObject({
  customer: z.string({ error: REQUIRED }).min(1, "is empty; name a column"),
  at: z.string({ error: REQUIRED }).min(1, "is empty; name a column"),
  amount: column,
  type: column,
  order: column,
  product: column,
  quantity: column,
  price: column,
  text: column,
  dates: z.enum(["dmy", "mdy"], { error: "is neither dmy nor mdy; choose one" }).optional(),
  decimal: z
    .enum(["point", "comma"], { error: "is neither point nor comma; choose one" })
    .default("point"),
  types: z
    .record(
      z.string(),
      z
        .string()
        .regex(EVENT_TYPE, 'is neither "feedback" nor an event type such as "order.completed"'),
    )
    .default({}),
});

const checked = (value: unknown, place: string): Checked<HistoryColumns> => {
  const parsed = declarationSchema.safeParse(value);
  if (!parsed.success) return faulty(faultsOf(parsed.error, place, [...NAMES, "types"]));
  const { dates, decimal, types, ...columns } = parsed.data;
  const lower = Object.entries(types).map(([word, type]) => [word.trim().toLowerCase(), type]);
  return sound({
    columns,
    dates,
    decimal,
    types: Object.fromEntries(lower) as HistoryColumns["types"],
  });
};

/** The declaration in the short form. Faults quote the piece; a name of a column with "," in it needs the JSON form. */
export const parseColumns = (text: string, place: string): Checked<HistoryColumns> => {
  const found = new Map<string, string>();
  const faults: Fault[] = [];
  for (const piece of text.split(",")) {
    const [name = "", ...rest] = piece.split("=");
    const key = name.trim();
    const fault = (sentence: string): void => void faults.push({ place, sentence });
    if (rest.length === 0)
      fault(
        `${quote(piece)} has no "="; write ROLE=COLUMN, and names of columns with a comma in a JSON file`,
      );
    else if (!NAMES.includes(key))
      fault(
        `${quote(key)} is not known${didYouMean(key, NAMES) || `; known: ${NAMES.join(", ")}`}`,
      );
    else if (found.has(key)) fault(`${quote(key)} stands twice; leave one of them out`);
    else found.set(key, rest.join("=").trim());
  }
  return faults.length > 0 ? faulty(faults) : checked(Object.fromEntries(found), place);
};

/** The declaration as the text of a JSON file. */
export const parseColumnsFile = (text: string, place: string): Checked<HistoryColumns> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return faulty([{ place, sentence: `is not JSON: ${(error as Error).message}` }]);
  }
  return checked(value, place);
};

/** One fault for each declared column that the file has not. */
export const missingColumns = (
  { columns }: HistoryColumns,
  known: readonly string[],
  place: string,
): readonly Fault[] =>
  ROLES.flatMap((role) => {
    const name = columns[role];
    if (name === undefined || known.includes(name)) return [];
    const hint = didYouMean(name, known) || `; it has ${known.join(", ")}`;
    return [{ place: `${place} › ${role}`, sentence: `there is no column ${quote(name)}${hint}` }];
  });
