/** Amounts and quantities as shops write them in files: signs of currency, thousands, brackets for what is owed. */
import { AMOUNT_MAX } from "../customers/history.ts";
import { quote } from "../fault.ts";

/** What parts whole money from its hundredths. */
export type DecimalSign = "point" | "comma";

const PLAIN = /^-?\d+(?:\.\d+)?$/u;
const POINT = /^[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)?(?:\.\d*)?(?:e[+-]?\d{1,3})?$/iu;
const COMMA = /^[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+)?(?:,\d*)?(?:e[+-]?\d{1,3})?$/iu;

/** Without currency and blanks; `(5)` is −5, as in accounts. */
const bareOf = (cell: string): string => {
  const bare = cell.replaceAll(/[\p{Sc}\s]/gu, "").replace("\u2212", "-");
  const owed = /^\((?<inside>[^()-]+)\)$/u.exec(bare)?.groups?.["inside"];
  return owed === undefined ? bare : `-${owed}`;
};

const parse = (bare: string, decimal: DecimalSign): number => {
  const pattern = decimal === "comma" ? COMMA : POINT;
  if (!/\d/u.test(bare) || !pattern.test(bare)) return Number.NaN;
  return Number(
    decimal === "comma" ? bare.replaceAll(".", "").replace(",", ".") : bare.replaceAll(",", ""),
  );
};

/** The number of a cell without blanks around it, at most `AMOUNT_MAX` either way, or the sentence that refuses it. */
export const readCellNumber = (cell: string, decimal: DecimalSign): number | string => {
  const isPlain = decimal === "point" && PLAIN.test(cell);
  const value = isPlain ? Number(cell) : parse(bareOf(cell), decimal);
  if (Number.isNaN(value)) {
    const [example, other] = decimal === "comma" ? ["1.234,50", "point"] : ["1,234.50", "comma"];
    return `${quote(cell)} is no number; write it like 1234${decimal === "comma" ? "," : "."}50 or ${example}, or declare decimal=${other}`;
  }
  return Math.abs(value) > AMOUNT_MAX
    ? `${quote(cell)} is beyond ${AMOUNT_MAX.toLocaleString("en")} and looks like a slip; correct it`
    : value;
};
