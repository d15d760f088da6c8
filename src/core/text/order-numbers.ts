/**
 * Numbers of orders, parcels, tickets and invoices in a normalised text: announced by a word or "#", or in a carrier's own form.
 * A bare number is nobody's order number; nor is a date, a year or a product after the word "order".
 */
import { type FoundValue, readAll } from "./found-value.ts";
import { ORDER } from "./hints.ts";

const NOUN =
  "order|booking|tracking|ticket|invoice|reference|ref|case|parcel|shipment|confirmation|reservation|consignment|awb|waybill|rma";
const WORD = "number|no\\.?|nr\\.?|num|id|code|ref";
const HAN_NOUN =
  "订单|单号|运单|快递单|物流单|编号|流水号|工单|预订号|预定号|确认号|发票|发票号|快递|退货单|售后单|取件码";
const GROUPED = String.raw`\d{3,6}(?: \d{3,6}){2,5}(?![a-z\d-])|\d{4} \d{4}(?![ -]?[a-z\d])`;
const NAME = String.raw`(?=[a-z\d/-]{0,23}\d)[a-z\d](?:[a-z\d]|[-/](?=[a-z\d])){3,27}(?![a-z\d])`;

const ANNOUNCED = new RegExp(
  String.raw`(?:(?:${NOUN})(?:s(?= ))?(?: ?(?:${WORD}))?(?:[ :#=(]{1,3}|(?: is|:)? #?)|(?:${HAN_NOUN})(?:号码|编号|号|尾号)?[ :：是为#(]{0,3})(${GROUPED}|${NAME})`,
  "gu",
);
const HASHED = /(?<![a-z\d&/])#((?:[a-z]{1,4}-?)?\d{4,20}(?:-\d{1,10}){0,3})(?![a-z\d])/gu;
/** UPS, SF, JD, YTO, ZTO and others, and the postal union's S10. */
const CARRIER =
  /(?<![a-z\d-])(?:1z[a-z\d]{16}|sf\d{12,15}|jd[a-z]{0,2}\d{10,15}|yt\d{13}|zt\d{12,14}|[a-z]{2}\d{9}[a-z]{2})(?![a-z\d])/gu;

const DATE = /^(?:19|20)\d{2}[-/]\d{1,2}[-/]\d{1,2}$/u;
const YEAR = /^(?:19|20)\d{2}$/u;
const DIGITS_MIN = 3;

/** `order 4k-hdmi-cable`, `order 2x-large`: a product. */
const isNumber = (name: string): boolean =>
  name.replace(/\D/gu, "").length >= DIGITS_MIN &&
  !DATE.test(name) &&
  !YEAR.test(name) &&
  !/[a-z]{5,}/u.test(name);

/** "order 1500 units", "order 2000元": how many or how much. */
const COUNTS = /^ ?(?:units?|pieces?|pcs|items?|copies|of them|元|块|个|件|份|美元|台|箱)/u;

/** "in order 2019 …", "border 1234", "disorder". */
const isPartOfWord = (text: string, at: number): boolean =>
  /^[a-z]/u.test(text[at] ?? "") &&
  (/[a-z]/u.test(text[at - 1] ?? "") || text.slice(Math.max(0, at - 3), at) === "in ");

const numberOf = (text: string, match: RegExpExecArray): FoundValue | null => {
  const name = match[1] ?? match[0];
  const to = match.index + match[0].length;
  if (!isNumber(name) || COUNTS.test(text.slice(to, to + 8)) || isPartOfWord(text, match.index))
    return null;
  const value = name.replaceAll(" ", "").toUpperCase();
  return { kind: "order_number", value, from: to - name.length, to };
};

/** Order numbers of a text with digits, in no particular order; they may overlap. Linear time. */
export const findOrderNumbers = (text: string, hints: number): readonly FoundValue[] => {
  const read = (match: RegExpExecArray): FoundValue | null => numberOf(text, match);
  const found: FoundValue[] = [];
  if ((hints & ORDER) > 0) found.push(...readAll(text, ANNOUNCED, read));
  if (text.includes("#")) found.push(...readAll(text, HASHED, read));
  if (/\d{8}/u.test(text)) found.push(...readAll(text, CARRIER, read));
  return found;
};
