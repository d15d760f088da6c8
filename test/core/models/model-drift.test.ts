import { describe, expect, it } from "vitest";
import type { Features } from "../../../src/core/feature.ts";
import { modelDrift, type WatchedModel } from "../../../src/core/models/model-drift.ts";
import { readModel } from "../../../src/core/models/model-file.ts";
import { randomFrom } from "../../../src/core/models/random.ts";
import { trainChurn } from "../../../src/core/models/train-churn.ts";
import { trainSegments } from "../../../src/core/models/train-segments.ts";
import type { Watched } from "../../../src/core/models/watch.ts";
import { trainSpend } from "../../../src/core/models/train-spend.ts";
import { context, cutoff, shopRows } from "./made.ts";

const rows = shopRows({ customers: 300, cutoffs: 6 });

/** Other customers of the same shop, at one instant. */
const customersOf = (seed: number): readonly Features[] =>
  shopRows({ customers: 300, cutoffs: 1, seed }).map((row) => row.features);

const topicsOf = (seed: number, share: number): readonly string[] => {
  const random = randomFrom(seed);
  return Array.from({ length: 400 }, () => (random() < share ? "delivery" : "other"));
};

const given = {
  ...context,
  watched: {
    customers: rows.filter(({ at }) => at === cutoff(5)).map((row) => row.features),
    topics: topicsOf(1, 0.3),
  },
};

const TRAINED = { segments: trainSegments, churn: trainChurn, spend: trainSpend } as const;
type Task = keyof typeof TRAINED;

const modelOf = (task: Task): WatchedModel => {
  const trained = TRAINED[task](rows, given);
  if (trained.kind === "refused") throw new Error(trained.sentence);
  const read = readModel(task, trained.value.files[`models/${task}.json`] ?? "");
  if (read.kind === "faulty") throw new Error(JSON.stringify(read.faults));
  return read.value;
};

const shiftedIn = (model: WatchedModel, watched: Watched): readonly string[] => {
  const drift = modelDrift(model, watched);
  if (drift.kind === "refused") throw new Error(drift.sentence);
  return drift.value.features.filter(({ shifted }) => shifted).map(({ name }) => name);
};

describe.each(["segments", "churn", "spend"] as const)("drift of the %s model", (task) => {
  const model = modelOf(task);

  it("is none for other customers of the same shop, in at most 5 of 100 looks", () => {
    const alarms = Array.from({ length: 30 }, (_, look) =>
      shiftedIn(model, { customers: customersOf(100 + look), topics: topicsOf(look + 50, 0.3) }),
    ).filter((names) => names.length > 0);
    expect(alarms.length).toBeLessThanOrEqual(1);
  });

  it("names the feature that moved, and the prediction with it", () => {
    const customers = customersOf(3).map((customer) =>
      customer.recencyDays === null
        ? customer
        : {
            ...customer,
            recencyDays: customer.recencyDays + 80,
            overdue: (customer.overdue ?? 0) + 4,
          },
    );
    const names = shiftedIn(model, { customers, topics: topicsOf(9, 0.3) });
    expect(names).toEqual(expect.arrayContaining(["recencyDays", "prediction"]));
    expect(names).not.toContain("topic");
  });

  it("names topics that moved, and passes them over where there is no feedback", () => {
    expect(shiftedIn(model, { customers: customersOf(4), topics: topicsOf(9, 0.7) })).toEqual([
      "topic",
    ]);
    expect(shiftedIn(model, { customers: customersOf(4), topics: [] })).toEqual([]);
  });

  it("cannot be told of a model without a reference", () => {
    const { reference: _reference, ...card } = model.card;
    expect(modelDrift({ ...model, card }, given.watched)).toMatchObject({
      kind: "refused",
      code: "EMPTY",
    });
  });
});
