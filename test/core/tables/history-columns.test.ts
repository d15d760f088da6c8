import { describe, expect, it } from "vitest";
import {
  type HistoryColumns,
  missingColumns,
  parseColumns,
  parseColumnsFile,
} from "../../../src/core/tables/history-columns.ts";

const place = "--columns";

const soundOf = (parsed: ReturnType<typeof parseColumns>): HistoryColumns => {
  if (parsed.kind === "faulty") throw new Error(JSON.stringify(parsed.faults));
  return parsed.value;
};

const sentences = (parsed: ReturnType<typeof parseColumns>): readonly string[] =>
  parsed.kind === "sound" ? [] : parsed.faults.map((fault) => `${fault.place}: ${fault.sentence}`);

describe("a declaration of columns", () => {
  it("in one word names columns, blanks around names and = inside of them allowed", () => {
    const text = "customer= Customer ID ,at=When,amount=a=b,dates=mdy,decimal=comma";
    expect(soundOf(parseColumns(text, place))).toEqual({
      columns: { customer: "Customer ID", at: "When", amount: "a=b" },
      dates: "mdy",
      decimal: "comma",
      types: {},
    });
  });

  it("in a file may say what the words of the type column mean", () => {
    const text = JSON.stringify({
      customer: "c",
      at: "t",
      type: "k",
      types: { " Kauf": "order.completed" },
    });
    expect(soundOf(parseColumnsFile(text, "columns.json"))).toEqual({
      columns: { customer: "c", at: "t", type: "k" },
      decimal: "point",
      types: { kauf: "order.completed" },
    });
  });

  it.each([
    ["customer=c,at=t,amuont=x", /"amuont" is not known; did you mean "amount"\?/u],
    ["customer=c,at=t,zzzzzzzz=x", /"zzzzzzzz" is not known; known: customer, at, amount/u],
    ["customer=c,at=t,Total", /"Total" has no "="; write ROLE=COLUMN/u],
    ["customer=c,at=t,at=u", /"at" stands twice/u],
    ["customer=c", /--columns › at: is missing; say which column/u],
    ["at=t", /--columns › customer: is missing/u],
    ["customer=,at=t", /customer: is empty; name a column/u],
    ["customer=c,at=t,amount=", /amount: is empty; name a column/u],
    ["customer=c,at=t,dates=ymd", /dates: is neither dmy nor mdy/u],
    ["customer=c,at=t,decimal=x", /decimal: is neither point nor comma/u],
  ])("%s is refused", (text, sentence) => {
    expect(sentences(parseColumns(text, place)).join("\n")).toMatch(sentence);
  });

  it("is refused with all its faults", () => {
    expect(sentences(parseColumns("x,custmer=c,at=t,at=t", place))).toHaveLength(3);
  });

  it.each([
    ["{", /^columns\.json: is not JSON/u],
    ["[]", /is a list; give an object/u],
    ['{"customer":"c","at":"t","prize":"p"}', /"prize" is not known; did you mean "price"\?/u],
    [
      '{"customer":"c","at":"t","types":{"a":"Order Done"}}',
      /types\.a: is neither "feedback" nor/u,
    ],
  ])("as the file %s is refused", (text, sentence) => {
    expect(sentences(parseColumnsFile(text, "columns.json")).join("\n")).toMatch(sentence);
  });

  it("is held against the columns of the file, with the nearest one or all of them", () => {
    const declared = soundOf(parseColumns("customer=CustomerId,at=Bought,amount=Sum", place));
    expect(missingColumns(declared, ["CustomerID", "Bought", "Total"], "a.csv")).toEqual([
      {
        place: "a.csv › customer",
        sentence: 'there is no column "CustomerId"; did you mean "CustomerID"?',
      },
      {
        place: "a.csv › amount",
        sentence: 'there is no column "Sum"; it has CustomerID, Bought, Total',
      },
    ]);
  });
});
