import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { PersonalDatum } from "../../../src/core/analysis.ts";
import { normalise, type Span } from "../../../src/core/text/normalise.ts";
import { findPersonalData } from "../../../src/core/text/personal-data.ts";
import { leastCpuMs } from "../../cpu-time.ts";
import { shippedReader } from "./shipped.ts";

/** A line of personal-data.jsonl: all values are invented and stand in the text word for word. */
interface Line {
  readonly text: string;
  readonly lang: "en" | "zh";
  readonly planted: readonly { readonly kind: PersonalDatum["kind"]; readonly value: string }[];
  readonly decoys: readonly string[];
  /** Finders may be improved on "tune" only. */
  readonly use: "tune" | "test";
}

const lines = readFileSync(new URL("personal-data.jsonl", import.meta.url), "utf8")
  .trim()
  .split("\n")
  .map((line): Line => JSON.parse(line) as Line);

const reader = shippedReader();
const find = (text: string): readonly PersonalDatum[] =>
  findPersonalData(text, normalise(text, reader.simplified), reader.settings.personalData).map(
    ({ datum }) => datum,
  );

const plantedSpans = ({ text, planted }: Line): readonly PersonalDatum[] => {
  let at = 0;
  return planted.map(({ kind, value }) => {
    const from = text.indexOf(value, at);
    at = from + value.length;
    return { kind, from, to: at };
  });
};

const MONEY: ReadonlySet<string> = new Set(["card", "bank_account"]);
const overlap = (left: Span, right: Span): boolean => left.from < right.to && right.from < left.to;
/** A card read as a bank account is found; how often is counted apart. */
const meets = (left: PersonalDatum, right: PersonalDatum): boolean =>
  overlap(left, right) &&
  (left.kind === right.kind || (MONEY.has(left.kind) && MONEY.has(right.kind)));

const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

interface Figures {
  readonly precision: number;
  readonly recall: number;
  /** Share of the planted values that are hidden to the last character. */
  readonly hidden: number;
  /** Share of the decoys that no finding touches. */
  readonly spared: number;
  /** Share of what was found that is a card for an account or the reverse. */
  readonly confused: number;
}

const figures = (some: readonly Line[]): Figures => {
  const read = some.map((line) => ({ line, data: find(line.text), spans: plantedSpans(line) }));
  const spans = read.flatMap(({ data: there, spans: planted }) =>
    planted.map((span) => ({ span, met: there.filter((datum) => meets(datum, span)), there })),
  );
  const data = read.flatMap(({ data: there, spans: planted }) =>
    there.map((datum) => ({ datum, planted })),
  );
  const decoys = read.flatMap(({ line, data: there }) =>
    line.decoys.map((value) => ({
      from: line.text.lastIndexOf(value),
      to: line.text.lastIndexOf(value) + value.length,
      false: there.filter((datum) => !plantedSpans(line).some((span) => meets(datum, span))),
    })),
  );
  const found = spans.filter(({ met }) => met.length > 0);
  return {
    precision: share(
      data.filter(({ datum, planted }) => planted.some((span) => meets(datum, span))).length,
      data.length,
    ),
    recall: share(found.length, spans.length),
    hidden: share(
      spans.filter(({ span, there }) =>
        there.some(({ from, to }) => from <= span.from && to >= span.to),
      ).length,
      spans.length,
    ),
    spared: share(
      decoys.filter((decoy) => !decoy.false.some((datum) => overlap(datum, decoy))).length,
      decoys.length,
    ),
    confused: share(
      found.filter(({ span, met }) => met.every(({ kind }) => kind !== span.kind)).length,
      found.length,
    ),
  };
};

const count = (some: readonly Line[]): { readonly planted: number; readonly decoys: number } => ({
  planted: some.reduce((sum, line) => sum + line.planted.length, 0),
  decoys: some.reduce((sum, line) => sum + line.decoys.length, 0),
});

describe("personal data among decoys", () => {
  it("has as many planted values as decoys, in each language and half", () => {
    expect(count(lines)).toEqual({ planted: 500, decoys: 500 });
    for (const lang of ["en", "zh"])
      for (const use of ["tune", "test"])
        expect(count(lines.filter((line) => line.lang === lang && line.use === use))).toEqual({
          planted: 125,
          decoys: 125,
        });
    for (const { text, planted, decoys } of lines)
      for (const value of [...planted.map((datum) => datum.value), ...decoys])
        expect(text).toContain(value);
  });

  it.each([
    ["the half that tuned nothing", lines.filter(({ use }) => use === "test")],
    ["that half in English", lines.filter(({ use, lang }) => use === "test" && lang === "en")],
    ["that half in Chinese", lines.filter(({ use, lang }) => use === "test" && lang === "zh")],
    ["all lines", lines],
    ["all lines in English", lines.filter(({ lang }) => lang === "en")],
    ["all lines in Chinese", lines.filter(({ lang }) => lang === "zh")],
  ])("is found with precision and recall from 0.98 in %s", (_, some) => {
    const got = figures(some);
    expect(got.precision).toBeGreaterThanOrEqual(0.98);
    expect(got.recall).toBeGreaterThanOrEqual(0.98);
    expect(got.hidden).toBeGreaterThanOrEqual(0.95);
    expect(got.spared).toBeGreaterThanOrEqual(0.98);
    expect(got.confused).toBeLessThanOrEqual(0.02);
  });
});

describe("time", () => {
  it.each([
    ["$1 "],
    ["12 high street "],
    ["中山路1号"],
    ["a@b"],
    ["1-"],
    ["123-"],
    ["订单"],
    ["号"],
    ["村1组"],
    ["account number 1234 "],
    ["gb29 "],
    ["Rose, LS1 4AB "],
    ["x (at) "],
    ["020 7946 0018 "],
  ])("is linear for 20,000 characters of %j", (unit) => {
    const text = unit.repeat(Math.ceil(20_000 / unit.length)).slice(0, 20_000);
    const normal = normalise(text, reader.simplified);
    const run = (): unknown => findPersonalData(text, normal, reader.settings.personalData);
    expect(leastCpuMs(run, 20)).toBeLessThan(20);
  });
});
