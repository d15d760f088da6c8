import * as fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { FEATURES, type FeatureName } from "../../../src/core/feature.ts";
import { writeModel } from "../../../src/core/models/model-file.ts";
import {
  type Models,
  openModels,
  predict,
  predictValues,
} from "../../../src/core/models/predict.ts";
import { writeOffers } from "../../../src/core/models/offers-file.ts";
import { offersModel } from "./made-offers.ts";
import { clusters, features, regression, tree } from "./made.ts";

const open = (files: Record<string, string>): Models => {
  const opened = openModels(files);
  if (opened.kind === "faulty") throw new Error(JSON.stringify(opened.faults));
  return opened.value;
};

const models = open({
  "models/segments.json": writeModel(clusters()),
  "models/churn.json": writeModel(tree()),
  "models/spend.json": writeModel(regression()),
});

describe("a segment", () => {
  it("is the one with the nearest centre, explained by what is most typical of it", () => {
    const { segment } = predict(features({ tenureDays: 5, recencyDays: 10, frequency: 6 }), models);
    expect(segment?.name).toBe("loyal");
    expect(segment?.distance).toBeCloseTo(Math.abs(2 - (Math.log1p(6) - 1) / 0.5), 4);
    expect(segment?.reasons).toEqual([
      { feature: "recencyDays", value: 10, sentence: "recencyDays is 10; loyal is around 10" },
      { feature: "frequency", value: 6, sentence: "frequency is 6; loyal is around 6.39" },
    ]);
  });

  it("takes what is not known as the model says", () => {
    const { segment } = predict(features({ tenureDays: 5 }), models);
    expect(segment?.name).toBe("dormant");
    expect(segment?.reasons[0]).toEqual({
      feature: "recencyDays",
      value: 99,
      sentence: "recencyDays is not known (taken as 99); dormant is around 99",
    });
  });

  it("is the first of two that are equally near", () => {
    const twin = {
      ...clusters(),
      clusters: clusters().clusters.map((cluster) => ({ ...cluster, centroid: [0, 0] })),
    };
    expect(
      predict(features({ tenureDays: 1 }), open({ "models/segments.json": writeModel(twin) }))
        .segment?.name,
    ).toBe("loyal");
  });
});

describe("a churn probability", () => {
  it.each([
    [
      { recencyDays: 41.4, overdue: 9 },
      0.1,
      [
        "recencyDays 41.4 is below 41.5",
        "0 of 8 times, such a customer ordered nothing in the next 60 days",
      ],
    ],
    [
      { recencyDays: 41.5, overdue: 2 },
      0.9,
      [
        "recencyDays 41.5 is at least 41.5",
        "overdue 2 is at least 0",
        "17 of 18 times, such a customer ordered nothing in the next 60 days",
      ],
    ],
    [
      { recencyDays: 50 },
      0.5,
      [
        "recencyDays 50 is at least 41.5",
        "overdue is not known, which counts as below 0",
        "2 of 4 times, such a customer ordered nothing in the next 60 days",
      ],
    ],
  ])("of %o is %d, by the tests passed", (known, probability, sentences) => {
    const { churn } = predict(features(known), models);
    expect(churn?.probability).toBe(probability);
    expect(churn?.reasons.map(({ sentence }) => sentence)).toEqual(sentences);
  });
});

const at = (frequency: number) =>
  predict(features({ frequency, recencyDays: 0 }), models).spend?.amount;

describe("an expected spend", () => {
  it("starts at the average customer and adds what every feature contributes", () => {
    const { spend } = predict(features({ frequency: 6, recencyDays: 0 }), models);
    expect(spend).toEqual({
      amount: 171,
      reasons: [
        {
          feature: "averageCustomer",
          value: 100,
          sentence: "an average customer spends 100 in 60 days",
        },
        { feature: "frequency", value: 30, sentence: "frequency is 6: +30" },
        { feature: "recencyDays", value: 41, sentence: "recencyDays is 0: +41" },
      ],
    });
  });

  it("does not follow a value further than training saw", () => {
    expect(at(1e9)).toBe(at(10));
  });

  it("is never below the floor, though the reasons say how far below it would be", () => {
    const { spend } = predict(
      features({ frequency: -1 }),
      open({ "models/spend.json": writeModel({ ...regression(), intercept: -10 }) }),
    );
    expect(spend?.amount).toBe(0);
    expect(spend?.reasons.reduce((sum, { value }) => sum + value, 0)).toBeLessThan(0);
    expect(spend?.reasons.at(-1)?.sentence).toMatch(/^recencyDays is not known: −/u);
  });

  it("is the sum of its reasons unless it is raised to the floor", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        (frequency, recencyDays) => {
          const { spend } = predict(features({ frequency, recencyDays }), models);
          const sum = (spend?.reasons ?? []).reduce((total, { value }) => total + value, 0);
          expect(spend?.amount).toBeCloseTo(Math.max(0, sum), 3);
        },
      ),
    );
  });
});

describe("predictions", () => {
  it("are absent where a required feature is not known, and where there is no model", () => {
    expect(predict(features(), models)).toEqual({});
    expect(Object.keys(predict(features({ recencyDays: 1 }), models))).toEqual(["churn"]);
    expect(predict(features({ recencyDays: 1, frequency: 1, tenureDays: 1 }), {})).toEqual({});
  });

  it("are plain, finite and repeatable whatever the features are", () => {
    const known = fc.record(
      Object.fromEntries(
        Object.keys(FEATURES).map((name) => [
          name,
          fc.double({ min: -1e12, max: 1e12, noNaN: true }).map((value) => value + 0),
        ]),
      ) as Record<FeatureName, fc.Arbitrary<number>>,
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(known, (some) => {
        const said = predict(features(some), models);
        expect(JSON.parse(JSON.stringify(said))).toEqual(said);
        expect(predict(features(some), models)).toEqual(said);
      }),
    );
  });
});

const imports = (path: string): readonly string[] =>
  [...readFileSync(path, "utf8").matchAll(/from "([^"]+)"/gu)].map(([, name = ""]) => name);

describe("the packages that train", () => {
  const folder = join(import.meta.dirname, "..", "..", "..", "src", "core", "models");
  it("are not loaded by whoever only predicts", () => {
    const seen = new Set<string>();
    const visit = (path: string): readonly string[] => {
      if (seen.has(path)) return [];
      seen.add(path);
      return imports(path).flatMap((name) =>
        name.startsWith(".") ? visit(join(dirname(path), name)) : [name],
      );
    };
    const packages = visit(join(folder, "predict.ts"));
    expect(packages).toContain("zod");
    expect(packages.filter((name) => name.startsWith("ml-"))).toEqual([]);
  });

  it("are each imported by one file", () => {
    const users = readdirSync(folder)
      .filter((name) => name.endsWith(".ts"))
      .flatMap((name) =>
        imports(join(folder, name))
          .filter((used) => used.startsWith("ml-"))
          .map((used) => `${used} ${name}`),
      );
    expect(users.toSorted()).toEqual([
      "ml-cart tree-fit.ts",
      "ml-kmeans clusters-fit.ts",
      "ml-regression regression-fit.ts",
    ]);
  });
});

describe("the values alone", () => {
  const known = fc.option(fc.double({ min: -1e6, max: 1e9, noNaN: true }), { nil: null });
  const names = Object.keys(FEATURES) as FeatureName[];

  it("are those of the predictions with reasons, for any features", () => {
    fc.assert(
      fc.property(
        fc.array(known, { minLength: names.length, maxLength: names.length }),
        (values) => {
          const given = features(
            Object.fromEntries(names.map((name, place) => [name, values[place] ?? null])),
          );
          const { segment, churn, spend, offers } = predict(given, models, ["tea"]);
          expect(predictValues(given, models, ["tea"])).toEqual({
            segment: segment?.name ?? null,
            churn: churn?.probability ?? null,
            spend: spend?.amount ?? null,
            offers: offers?.map(({ product }) => product) ?? null,
          });
        },
      ),
    );
  });

  it("hold the offers of a model that is there, from what the customer has", () => {
    const offering = open({ "models/offers.json": writeOffers(offersModel()) });
    expect(predictValues(features(), offering, ["tea"]).offers).toEqual(["tea", "mug", "soap"]);
    expect(predictValues(features(), offering).offers).toEqual(["soap", "tea", "cake"]);
    expect(predict(features(), offering, ["tea"]).offers?.[0]?.product).toBe("tea");
  });

  it("are null where there is no model", () => {
    expect(predictValues(features({ tenureDays: 5 }), {})).toEqual({
      segment: null,
      churn: null,
      spend: null,
      offers: null,
    });
  });
});
