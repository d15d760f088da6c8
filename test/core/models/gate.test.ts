import { describe, expect, it } from "vitest";
import { passGate, type Trial } from "../../../src/core/models/gate.ts";
import { leaksIn } from "../../../src/core/models/leakage.ts";
import { randomFrom } from "../../../src/core/models/random.ts";
import { rowLogLoss } from "../../../src/core/models/scores.ts";
import { trainChurn } from "../../../src/core/models/train-churn.ts";
import { context, features, shopRows } from "./made.ts";
import type { LabelledRow } from "../../../src/core/models/history-row.ts";

const random = randomFrom(7);
/** Customers whose truth is a probability; estimators see it more or less clearly. */
const truth = Array.from({ length: 400 }, () => 0.05 + 0.9 * random());
const happened = truth.map((chance) => (random() < chance ? 1 : 0));

const saying = (estimator: string, said: (chance: number) => number) => ({
  estimator,
  rows: truth.map((chance, index) => ({
    customerId: `c${index >> 1}`,
    said: said(chance),
    happened: happened[index] ?? 0,
  })),
});
const noisy = (chance: number): number => Math.min(0.95, Math.max(0.05, chance + (random() - 0.5)));

const honest = saying("honest", (chance) => chance);
const blurred = saying("blurred", noisy);
const constant = saying("baseline: constant", () => 0.5);
const recency = saying("baseline: recency alone", noisy);

const trial = (changes: Partial<Trial> = {}): Trial => ({
  challenger: honest,
  champion: null,
  baselines: [constant, recency],
  loss: rowLogLoss,
  lossName: "logLoss",
  leaks: [],
  calibrationError: 0.03,
  seed: 1,
  ...changes,
});

const codes = (changes: Partial<Trial>): readonly string[] =>
  passGate(trial(changes)).reasons.map(({ code }) => code);

describe("the promotion gate", () => {
  it("lets an honest model pass, and one that draws with the champion", () => {
    expect(passGate(trial()).kind).toBe("promote");
    expect(passGate(trial({ champion: honest })).kind).toBe("promote");
    expect(passGate(trial({ champion: blurred })).reasons[0]?.sentence).toContain(
      "against blurred: −",
    );
  });

  it("refuses a model that is worse than the champion beyond chance", () => {
    const verdict = passGate(
      trial({ challenger: blurred, champion: honest, baselines: [constant] }),
    );
    expect(verdict.kind).toBe("refuse");
    expect(verdict.reasons.map(({ code }) => code)).toContain("WORSE_THAN_CHAMPION");
    expect(verdict.reasons.map(({ sentence }) => sentence).join()).toMatch(
      /worse than honest in logLoss \(\+0\.\d+, 95 % interval/u,
    );
  });

  it("refuses a model that only draws with the constant, though its mean may be better", () => {
    const hardly = saying("hardly", (chance) => 0.5 + (chance - 0.5) * 0.001);
    expect(codes({ challenger: hardly, baselines: [constant] })).toEqual([
      "NO_BETTER_THAN_BASELINE",
    ]);
  });

  it("refuses what a baseline does as well, a leak, bad calibration and too little to tell, naming each", () => {
    expect(codes({ challenger: blurred, baselines: [constant, honest] })).toContain(
      "NO_BETTER_THAN_BASELINE",
    );
    expect(codes({ leaks: [{ feature: "returns", auc: 1 }], calibrationError: 0.2 })).toEqual([
      "LEAK",
      "MISCALIBRATED",
    ]);
    const few = { ...honest, rows: honest.rows.slice(0, 12) };
    expect(codes({ challenger: few, baselines: [] })).toEqual(["TOO_FEW"]);
    expect(
      passGate(trial({ leaks: [{ feature: "returns", auc: 0.999 }] })).reasons[0]?.sentence,
    ).toContain("returns alone tells the outcome (AUC 0.999)");
  });

  it("asks no calibration of amounts", () => {
    expect(codes({ calibrationError: null })).not.toContain("MISCALIBRATED");
  });
});

const labelOf = ({ outcome }: LabelledRow): number => (outcome.orders === 0 ? 1 : 0);

describe("the leak check", () => {
  const rows = shopRows({ customers: 60, cutoffs: 4 }).filter(
    (row): row is LabelledRow => row.outcome !== null,
  );

  it("names a feature that is the label, turned round or told by being missing", () => {
    const leaky = rows.map((row) => ({
      ...row,
      features: {
        ...row.features,
        absenceDays: -labelOf(row),
        parcelDelays: labelOf(row) === 1 ? null : 3,
      },
    }));
    const names = leaksIn(leaky, ["absenceDays", "parcelDelays", "frequency"], labelOf);
    expect(names.map(({ feature }) => feature).toSorted()).toEqual(["absenceDays", "parcelDelays"]);
  });

  it("names nothing where there is no leak, nor where only one outcome occurs", () => {
    expect(leaksIn(rows, ["recencyDays", "frequency"], labelOf)).toEqual([]);
    expect(leaksIn(rows, ["recencyDays"], () => 1)).toEqual([]);
  });
});

describe("training churn passes through the gate", () => {
  const fate = randomFrom(11);
  /** One customer in ten does otherwise than the days since the last order say: nothing that is known beforehand is surer. */
  const rows = shopRows({ customers: 120, cutoffs: 8 }).map((row) =>
    row.outcome === null || fate() < 0.9
      ? row
      : { ...row, outcome: { orders: row.outcome.orders === 0 ? 1 : 0, spend: 1 } },
  );
  const verdictOf = (given: typeof rows) => {
    const trained = trainChurn(given, context);
    if (trained.kind === "refused") throw new Error(trained.sentence);
    return trained.value.verdict;
  };

  it("which lets the honest one pass", () => {
    expect(verdictOf(rows)).toMatchObject({ kind: "promote" });
  });

  it("which refuses one that learnt shuffled labels", () => {
    const dice = randomFrom(3);
    const shuffled = rows.map((row) => ({
      ...row,
      outcome: row.outcome && { orders: dice() < 0.5 ? 0 : 1, spend: 1 },
    }));
    const verdict = verdictOf(shuffled);
    expect(verdict?.kind).toBe("refuse");
    expect(verdict?.reasons.map(({ code }) => code)).toContain("NO_BETTER_THAN_BASELINE");
  });

  it("which refuses one that learnt from the future, and names the column", () => {
    const leaked = rows.map((row) => ({
      ...row,
      features: { ...features(row.features as never), returns: row.outcome?.orders === 0 ? 1 : 0 },
    }));
    const verdict = verdictOf(leaked);
    expect(verdict?.reasons).toContainEqual({
      code: "LEAK",
      sentence: expect.stringContaining("returns alone tells the outcome") as string,
    });
  });
});
