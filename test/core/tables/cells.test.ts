/** Instants and numbers as shops write them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readInstant } from "../../../src/core/tables/cell-instant.ts";
import { readCellNumber } from "../../../src/core/tables/cell-number.ts";

const iso = (cell: string, dates?: "dmy" | "mdy"): string => {
  const ms = readInstant(cell, dates);
  return typeof ms === "string" ? ms : new Date(ms).toISOString();
};

describe("an instant", () => {
  it.each([
    ["2011-02-01", "2011-02-01T00:00:00.000Z"],
    ["2011-2-1", "2011-02-01T00:00:00.000Z"],
    ["2011/02/01 9:30", "2011-02-01T09:30:00.000Z"],
    ["2011.02.01, 09:30:15", "2011-02-01T09:30:15.000Z"],
    ["2011-02-01T09:30:15.25Z", "2011-02-01T09:30:15.250Z"],
    ["2011-02-01 09:30:15.123456+02:00", "2011-02-01T07:30:15.123Z"],
    ["2011-02-01 09:30 -0530", "2011-02-01T15:00:00.000Z"],
    ["2011-02-01 09:30 UTC", "2011-02-01T09:30:00.000Z"],
    ["2011-02-01 12:05 am", "2011-02-01T00:05:00.000Z"],
    ["2011-02-01 12:05 PM", "2011-02-01T12:05:00.000Z"],
    ["20110201", "2011-02-01T00:00:00.000Z"],
    ["1296552615", "2011-02-01T09:30:15.000Z"],
    ["1296552615.5", "2011-02-01T09:30:15.500Z"],
    ["1296552615250", "2011-02-01T09:30:15.250Z"],
    ["2012-02-29", "2012-02-29T00:00:00.000Z"],
  ])("%s", (cell, expected) => {
    expect(iso(cell)).toBe(expected);
  });

  it.each([
    ["01/02/2011", "dmy", "2011-02-01T00:00:00.000Z"],
    ["01/02/2011", "mdy", "2011-01-02T00:00:00.000Z"],
    ["12/1/10 8:26", "mdy", "2010-12-01T08:26:00.000Z"],
    ["1.12.99 08:26:05", "dmy", "1999-12-01T08:26:05.000Z"],
    ["31-12-68", "dmy", "2068-12-31T00:00:00.000Z"],
    ["2011-02-01", "dmy", "2011-02-01T00:00:00.000Z"],
  ] as const)("%s as %s", (cell, dates, expected) => {
    expect(iso(cell, dates)).toBe(expected);
  });

  it.each([
    ["01/02/2011", undefined, /"01\/02\/2011" may be read in two ways; declare dates=dmy/u],
    ["25/12/2011", undefined, /may be read in two ways/u],
    ["25/12/2011", "mdy", /is no day or no time of day that exists read as mdy; accepted: 2011/u],
    ["2011-02-30", undefined, /"2011-02-30" is no day or no time/u],
    ["2011-13-01", undefined, /is no day/u],
    ["20110431", undefined, /is no day/u],
    ["2011-02-01 24:00", undefined, /is no day or no time/u],
    ["2011-02-01 13:00 PM", undefined, /no time/u],
    ["2011-02-01 0:30 am", undefined, /no time/u],
    ["2011-02-01 10:60", undefined, /no time/u],
    ["2011-02-01 10:00:61", undefined, /no time/u],
    ["2011-02-01 noon", undefined, /no time/u],
    [
      "Dec 1, 2010",
      undefined,
      /"Dec 1, 2010" is no date that is read here; accepted: 2011-02-01,/u,
    ],
    ["12345", undefined, /is no date/u],
    ["1969-12-31", undefined, /outside of the years 1970 to 2099; correct the year/u],
    ["2100-01-01", undefined, /outside of the years/u],
  ] as const)("%s as %s is refused", (cell, dates, sentence) => {
    expect(iso(cell, dates)).toMatch(sentence);
  });

  it("written in any accepted way is the same instant", () => {
    const second = fc.integer({ min: 1e9, max: 4e9 });
    fc.assert(
      fc.property(second, (seconds) => {
        const text = new Date(seconds * 1000).toISOString();
        const [day = "", clock = ""] = text.slice(0, 19).split("T");
        const [year, month, date] = day.split("-");
        const cells = [text, `${day} ${clock}`, String(seconds), String(seconds * 1000)];
        expect([
          ...cells.map((cell) => iso(cell)),
          iso(`${date}/${month}/${year} ${clock}`, "dmy"),
        ]).toEqual(Array.from({ length: 5 }, () => text));
      }),
    );
  });
});

describe("a number", () => {
  it.each([
    ["12.5", 12.5],
    ["-3", -3],
    ["+3.", 3],
    [".5", 0.5],
    ["1,234.50", 1234.5],
    ["1,234,567", 1234567],
    ["£ 12.50", 12.5],
    ["12.50 €", 12.5],
    ["-$5", -5],
    ["(12.50)", -12.5],
    ["\u22127", -7],
    ["1e3", 1000],
  ])("%s", (cell, expected) => {
    expect(readCellNumber(cell, "point")).toBe(expected);
  });

  it.each([
    ["12,5", 12.5],
    ["1.234,50", 1234.5],
    ["1.234", 1234],
    ["7", 7],
  ])("%s with a decimal comma", (cell, expected) => {
    expect(readCellNumber(cell, "comma")).toBe(expected);
  });

  it.each([
    [
      "12,5",
      "point",
      /"12,5" is no number; write it like 1234\.50 or 1,234\.50, or declare decimal=comma/u,
    ],
    [
      "12.50",
      "comma",
      /"12\.50" is no number; write it like 1234,50 or 1\.234,50, or declare decimal=point/u,
    ],
    ["free", "point", /is no number/u],
    [".", "point", /is no number/u],
    ["(-5)", "point", /is no number/u],
    ["2000000000", "point", /is beyond 1,000,000,000 and looks like a slip/u],
    ["1e999", "point", /is beyond/u],
  ] as const)("%s with a decimal %s is refused", (cell, decimal, sentence) => {
    expect(readCellNumber(cell, decimal)).toMatch(sentence);
  });
});
