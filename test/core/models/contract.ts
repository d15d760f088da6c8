/**
 * The contract of every estimator as tests: a row of the table says what an estimator is and how its data can be spoilt, `holds` checks the rest.
 * What does not apply to an estimator is answered with the reason, never left out.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectedCalibrationError } from "../../../src/core/models/calibration.ts";
import { type Random, randomFrom } from "../../../src/core/models/random.ts";
import type { Judged } from "../../../src/core/models/scores.ts";

export type Result<Model> =
  | { readonly kind: "fitted"; readonly value: Model }
  | { readonly kind: "refused"; readonly code: string; readonly sentence: string };

/** What a model is asked about: a row of three numbers, or what the row of the table makes of them. */
export type Three = readonly [number, number, number];

export interface Fault<Data> {
  readonly what: string;
  readonly code: string;
  readonly spoil: (good: Data) => Data;
}

/** Why the demand is not made. */
type Reason = string;

export interface Estimator<Data, Model> {
  /** The exported function; a variant stands behind a colon. */
  readonly name: string;
  /** Sound data; other seeds give other data of the same size. More rows where probabilities are judged. */
  readonly data: (seed: number, rows?: number) => Data;
  readonly fit: (data: Data) => Result<Model>;
  readonly ask: (model: Model, numbers: Three) => readonly number[];
  /** What an answer lies in, ends included. */
  readonly range: readonly [number, number];
  readonly faults: Readonly<
    Record<"empty" | "width" | "notFinite" | "label", readonly Fault<Data>[] | Reason> & {
      readonly others: readonly Fault<Data>[];
    }
  >;
  /** Calls with an option out of range: a RangeError or a refusal with RANGE. */
  readonly options: Readonly<Record<string, (data: Data) => unknown>> | Reason;
  /** Questions that are a bug of the caller: a RangeError. */
  readonly misasked: Readonly<Record<string, (model: Model) => unknown>> | Reason;
  /** The same data in another order, which must give the same bytes. */
  readonly shuffled: ((data: Data, random: Random) => Data) | Reason;
  /** The data in a very large or very small unit: answers stay finite, or it is refused. */
  readonly inUnit: ((data: Data, factor: number) => Data) | Reason;
  /** Probabilities for rows that the model has not seen, a thousand or more, with what happened. */
  readonly judged: ((model: Model) => readonly Judged[]) | Reason;
}

/** An estimator whose types only its own row knows. */
export interface Row {
  readonly name: string;
  readonly holds: () => void;
}

const fittedTo = <Model>(result: Result<Model>): Model => {
  if (result.kind === "refused") throw new Error(`${result.code}: ${result.sentence}`);
  return result.value;
};

const frozen = <T>(value: T): T => {
  if (typeof value === "object" && value !== null && !ArrayBuffer.isView(value))
    for (const part of Object.values(Object.freeze(value))) frozen(part);
  return value;
};

const reread = <Model>(model: Model): Model => JSON.parse(JSON.stringify(model)) as Model;

/** Writes the numbers of one data set over those of another, so that only a copy kept by an estimator could tell. */
const overwrite = (target: unknown, source: unknown): void => {
  if (typeof target !== "object" || target === null) return;
  const [into, from] = [target as Record<string, unknown>, source as Record<string, unknown>];
  for (const key of Object.keys(into)) {
    const value = from[key];
    if (typeof value === "object" && value !== null && typeof into[key] === "object")
      overwrite(into[key], value);
    else into[key] = value;
  }
};

const anyFinite = fc.oneof(
  fc.double({ min: -100, max: 100, noNaN: true }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, -0),
);

/** Rows of ordinary size. */
const asked = (count: number): readonly Three[] => {
  const random = randomFrom(99);
  const next = (): number => 6 * random() - 3;
  return Array.from({ length: count }, (): Three => [next(), next(), next()]);
};

const areWithin = (answers: readonly number[], [low, high]: readonly [number, number]): boolean =>
  answers.every((answer) => Number.isFinite(answer) && answer >= low && answer <= high);

const keepsItsWord = <Data, Model>({ data, fit, ask }: Estimator<Data, Model>): void => {
  it("gives the same bytes for the same data, and predicts the same from them", () => {
    const model = fittedTo(fit(data(3)));
    expect(JSON.stringify(fittedTo(fit(data(3))))).toBe(JSON.stringify(model));
    expect(reread(model)).toStrictEqual(model);
    const again = frozen(reread(model));
    for (const numbers of asked(20)) expect(ask(again, numbers)).toEqual(ask(model, numbers));
  });

  it("forgets an earlier fit and leaves its data alone", () => {
    const given = data(3);
    fit(given);
    expect(given).toStrictEqual(data(3));
    overwrite(given, data(4));
    expect(given).toStrictEqual(data(4));
    expect(JSON.stringify(fit(given))).toBe(JSON.stringify(fit(data(4))));
  });
};

/** What is demanded; nothing where a reason stands instead. */
const listed = <T>(given: readonly T[] | Reason): readonly T[] =>
  typeof given === "string" ? [] : given;

const entries = <T>(given: Readonly<Record<string, T>> | Reason): readonly [string, T][] =>
  typeof given === "string" ? [] : Object.entries(given);

/** One test with what is demanded, or none. */
const alone = <T>(given: T | Reason): readonly T[] => (typeof given === "string" ? [] : [given]);

const refusesFaults = <Data, Model>({ data, fit, faults }: Estimator<Data, Model>): void => {
  for (const [demand, given] of Object.entries(faults))
    it.each(listed(given).map(({ what, code, spoil }) => [what, code, spoil] as const))(
      `refuses data with a fault (${demand}): %s with %s`,
      (_what, code, spoil) => {
        const result = fit(spoil(data(3)));
        expect(result).toMatchObject({ kind: "refused", code });
        const { sentence } = result as { sentence: string };
        expect(sentence.length).toBeGreaterThan(20);
        expect(code === "NOT_FINITE" ? sentence : "finite").toMatch(/NaN|Infinity|finite/u);
      },
    );
};

/** RangeError when it throws one, else the code of its refusal. */
const answerTo = (call: () => unknown): string => {
  try {
    const { kind, code } = call() as Partial<Record<"kind" | "code", string>>;
    return kind === "refused" ? (code ?? "") : "fitted";
  } catch (error) {
    return error instanceof RangeError ? "RangeError" : String(error);
  }
};

const refusesCalls = <Data, Model>(own: Estimator<Data, Model>): void => {
  const { data, fit, options, misasked } = own;
  it.each(entries(options))("refuses the option %s", (_what, call) => {
    expect(["RANGE", "RangeError"]).toContain(answerTo(() => call(data(3))));
  });

  it.each(entries(misasked))("refuses to be asked about %s", (_what, call) => {
    const model = fittedTo(fit(data(3)));
    expect(() => call(model)).toThrow(RangeError);
  });
};

const UNITS = [1e-300, 1e-160, 1e-30, 1e30, 1e120, 1e160, 1e300] as const;

const staysFinite = <Data, Model>(own: Estimator<Data, Model>): void => {
  const { data, fit, ask, range, inUnit } = own;
  it("says something finite and possible of any finite numbers", () => {
    const model = fittedTo(fit(data(3)));
    const three = fc.tuple(anyFinite, anyFinite, anyFinite);
    const isWithin = (numbers: Three): boolean => areWithin(ask(model, numbers), range);
    expect(() => fc.assert(fc.property(three, isWithin), { numRuns: 200, seed: 5 })).not.toThrow();
  });

  it.each(alone(inUnit).flatMap((into) => UNITS.map((factor) => [factor, into] as const)))(
    "is finite or refused in units of %d",
    (factor, into) => {
      const result = fit(into(data(3), factor));
      const models = result.kind === "fitted" ? [result.value] : [];
      expect(models.map(reread)).toStrictEqual(models);
      const answers = models.flatMap((model) =>
        asked(10).flatMap((numbers) =>
          ask(model, numbers.map((value) => value * factor) as unknown as Three),
        ),
      );
      expect(answers.filter((answer) => !areWithin([answer], range))).toEqual([]);
    },
  );
};

/** The best possible probabilities had errors up to half as large on as many rows, in bins of equal width. */
const ERROR_MAX = 0.05;
const ROWS_JUDGED = 3000;

const isHonest = <Data, Model>(own: Estimator<Data, Model>): void => {
  const { data, fit, judged, shuffled } = own;
  it.each(alone(judged))("gives probabilities that can be taken at their word", (judge) => {
    const rows = judge(fittedTo(fit(data(3, ROWS_JUDGED))));
    expect(rows.length).toBeGreaterThanOrEqual(1000);
    const sum = (of: "probability" | "happened"): number =>
      rows.reduce((total, row) => total + row[of], 0) / rows.length;
    expect(Math.abs(sum("probability") - sum("happened"))).toBeLessThan(ERROR_MAX);
    expect(expectedCalibrationError(rows)).toBeLessThan(ERROR_MAX);
  });

  it.each(alone(shuffled))("does not depend on the order of the data", (inOrder) => {
    const orders = [1, 2, 3].map((seed) => inOrder(data(3), randomFrom(seed)));
    expect(new Set([data(3), ...orders].map((given) => JSON.stringify(fit(given)))).size).toBe(1);
  });
};

/** A row of the table. */
export const estimator = <Data, Model>(own: Estimator<Data, Model>): Row => ({
  name: own.name,
  holds: () => {
    describe(`the contract of ${own.name}`, () => {
      keepsItsWord(own);
      refusesFaults(own);
      refusesCalls(own);
      staysFinite(own);
      isHonest(own);
    });
  },
});

/** Items in an order that chance gives. */
export const inAnyOrder = <T>(items: readonly T[], random: Random): T[] =>
  items
    .map((item) => ({ item, key: random() }))
    .toSorted((left, right) => left.key - right.key)
    .map(({ item }) => item);
