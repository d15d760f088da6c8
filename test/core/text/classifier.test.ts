import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromBase64, toBase64 } from "../../../src/core/base64.ts";
import {
  bestThreshold,
  calibrate,
  calibrationError,
  plattLine,
} from "../../../src/core/text/calibrate.ts";
import { marginReader, probabilities, sigmoid } from "../../../src/core/text/classifier.ts";
import { readClassifier, writeClassifier } from "../../../src/core/text/classifier-file.ts";
import { readExamples } from "../../../src/core/text/examples.ts";
import { fitClassifier } from "../../../src/core/text/fit-classifier.ts";
import { gramCounter, TASK_GRAM } from "../../../src/core/text/grams.ts";

const counter = gramCounter(TASK_GRAM);
const TEXTS = [
  ["the parcel is late", "late"],
  ["my parcel came late again", "late"],
  ["late delivery", "late"],
  ["so late", "late"],
  ["great shoes", "great"],
  ["these shoes are great", "great"],
  ["great fit", "great"],
  ["simply great", "great"],
  ["快递太慢了", "late"],
  ["鞋子很好看", "great"],
] as const;

const CARD = { sources: [], seed: 1, command: "c", scores: [], weaknesses: [] };

const fitted = (labels: readonly string[] = ["great", "late"], kind: "one" | "several" = "one") => {
  const examples = readExamples(
    TEXTS.map(([text]) => text),
    {
      gramsOf: (text) => counter.count(text),
      denseNames: ["length"],
      densify: (text, into) => {
        into[0] = text.length / 20;
      },
    },
  );
  return fitClassifier(examples, Int32Array.from(TEXTS.keys()), {
    tasks: [
      {
        name: "t",
        labels,
        kind,
        targets: labels.map((label) =>
          Int8Array.from(TEXTS, ([, own]) => (own === label ? 1 : -1)),
        ),
        cost: 1,
        balance: 0,
        usesDense: true,
      },
    ],
    options: { seed: 1, rowsMax: 1_000, share: 1, textsMin: 1 },
  });
};

const NONE = new Float64Array(1);

describe("a classifier", () => {
  it("learns what it was shown, in both languages", () => {
    const model = fitted();
    const margins = marginReader(model);
    for (const [text, label] of TEXTS) {
      const [head] = model.heads;
      const chances = probabilities(head!, margins.read(counter.count(text), NONE).values);
      expect(chances[0]! + chances[1]!).toBeCloseTo(1, 9);
      expect(chances[0]! > 0.5 ? "great" : "late").toBe(label);
    }
  });

  it("is the same after writing and reading, byte for byte and margin for margin", () => {
    const model = fitted();
    const text = writeClassifier(model, CARD);
    const read = readClassifier(text, "m");
    if (read.kind === "faulty") throw new Error(JSON.stringify(read.faults));
    expect(writeClassifier(read.value.model, CARD)).toBe(text);
    expect(writeClassifier(fitted(), CARD)).toBe(text);
    for (const [line] of TEXTS) {
      const before = [...marginReader(model).read(counter.count(line), NONE).values];
      const after = [...marginReader(read.value.model).read(counter.count(line), NONE).values];
      for (const [index, margin] of before.entries()) expect(after[index]).toBeCloseTo(margin, 4);
    }
  });

  it("sums exactly what one multiplication after the other gives, also over many grams", () => {
    const model = fitted();
    const text = TEXTS.map(([line]) => line)
      .join(" ")
      .repeat(60);
    const grams = gramCounter(TASK_GRAM).count(text);
    const { values, scale } = marginReader(model).read(grams, NONE);
    const slow = [0, 0];
    for (let at = 0; at < grams.size; at += 1) {
      const row = model.rowOf[grams.slots[at]!]!;
      if (row < 0) continue;
      const count = grams.counts[at]!;
      const tf = count === 1 ? 1 : 1 + Math.log(count);
      const value = Math.min(1023, Math.round(tf * model.factors[row]! * 64));
      for (const column of [0, 1]) slow[column]! += value * model.weights[row * 2 + column]!;
    }
    for (const column of [0, 1])
      expect(values[column]).toBeCloseTo(
        slow[column]! * scale * model.scales[column]! + model.bias[column]!,
        9,
      );
  });

  it("keeps at most as many grams as it may, and still tells its labels apart", () => {
    const examples = readExamples(
      TEXTS.map(([text]) => text),
      {
        gramsOf: (text) => counter.count(text),
        denseNames: [],
        densify: () => {},
      },
    );
    const small = fitClassifier(examples, Int32Array.from(TEXTS.keys()), {
      tasks: [
        {
          name: "t",
          labels: ["great", "late"],
          kind: "one",
          targets: ["great", "late"].map((label) =>
            Int8Array.from(TEXTS, ([, own]) => (own === label ? 1 : -1)),
          ),
          cost: 1,
          balance: 0.5,
          usesDense: false,
          ratios: 0.5,
        },
      ],
      options: { seed: 1, rowsMax: 40, share: 1, textsMin: 1 },
    });
    expect(small.factors).toHaveLength(40);
    const right = TEXTS.filter(([text, label]) => {
      const { values } = marginReader(small).read(
        gramCounter(TASK_GRAM).count(text),
        new Float64Array(0),
      );
      return (values[0]! > values[1]! ? "great" : "late") === label;
    });
    expect(right.length).toBeGreaterThanOrEqual(8);
  });
});

describe("calibration", () => {
  it("makes margins into frequencies", () => {
    const margins = Array.from({ length: 2_000 }, (_, index) => (index % 200) / 20 - 5);
    const holds = margins.map(
      (margin, index) => (index * 7_919) % 1_000 < 1_000 * sigmoid(2 * margin - 1),
    );
    const { slope, offset } = plattLine(margins, holds);
    expect(slope).toBeGreaterThan(1.6);
    expect(slope).toBeLessThan(2.4);
    expect(offset).toBeGreaterThan(-1.5);
    expect(offset).toBeLessThan(-0.5);
  });

  it("never turns a label round that the margins say nothing about", () => {
    expect(plattLine([1, 2, 3, 4], [true, false, false, false]).slope).toBeGreaterThan(0);
  });

  it("finds the threshold with the largest F1", () => {
    const chances = [0.9, 0.8, 0.7, 0.3, 0.2];
    expect(bestThreshold(chances, [true, true, true, false, false])).toBeCloseTo(0.5, 9);
    expect(bestThreshold(chances, [true, false, false, false, false])).toBeCloseTo(0.85, 9);
  });

  it("cools a head that is too sure, and leaves its choice alone", () => {
    const model = fitted();
    const held = {
      margins: Float64Array.from({ length: 80 }, (_, at) => (at % 2 === 0 ? 3 : -3)),
      truths: Int8Array.from({ length: 80 }, (_, at) => {
        const isFirst = Math.floor(at / 2) % 10 < 7;
        return (at % 2 === 0) === isFirst ? 1 : -1;
      }),
      width: 2,
    };
    const [head] = calibrate(model, [held]).heads;
    const chances = probabilities(head!, Float64Array.from([3, -3]));
    expect(chances[0]).toBeLessThan(0.8);
    expect(head!.scopeFrom).toBe(3);
  });

  it("measures how far confidence is from accuracy", () => {
    const said = Array.from({ length: 100 }, (_, index) => ({
      confidence: 0.85,
      right: index < 65,
    }));
    expect(calibrationError(said)).toBeCloseTo(0.2, 9);
    expect(calibrationError([])).toBe(0);
  });
});

describe("base64", () => {
  it("gives back any bytes", () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = toBase64(bytes);
        expect(text).toBe(Buffer.from(bytes).toString("base64"));
        expect(fromBase64(text)).toEqual(new Uint8Array(bytes));
      }),
    ));
  it.each(["a", "ab=c", "!!!!", "é===", "ab c"])("refuses %j", (text) =>
    expect(fromBase64(text)).toBeNull(),
  );
});
