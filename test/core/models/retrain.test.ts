/** Training beside a model in force: segments keep their names, a champion is asked about rows that it has not seen. */
import { describe, expect, it } from "vitest";
import { readModel } from "../../../src/core/models/model-file.ts";
import { trainChurn } from "../../../src/core/models/train-churn.ts";
import { trainSegments } from "../../../src/core/models/train-segments.ts";
import { trainSpend } from "../../../src/core/models/train-spend.ts";
import type { TrainingResult } from "../../../src/core/training.ts";
import { context, cutoff, features, shopRows } from "./made.ts";
import { codeOf, mustBeFitted } from "./made-matrix.ts";

const rows = shopRows({ customers: 80, cutoffs: 6 });

const saved = <Task extends "segments" | "churn" | "spend">(task: Task, result: TrainingResult) => {
  const read = readModel(task, result.files[`models/${task}.json`] ?? "");
  if (read.kind === "faulty") throw new Error(JSON.stringify(read.faults));
  return read.value;
};

const reasonsOf = ({ verdict }: TrainingResult): string =>
  (verdict?.reasons ?? []).map(({ code, sentence }) => `${code} ${sentence}`).join("\n");

describe("segments trained again", () => {
  const first = mustBeFitted(trainSegments(rows, context));
  const before = saved("segments", first);

  it("are the same under their old names on the same customers, and say so", () => {
    const renamed = {
      ...before,
      clusters: before.clusters.map((one, at) => ({ ...one, name: `group ${at}` })),
    };
    const again = mustBeFitted(trainSegments(rows, context, renamed));
    const names = saved("segments", again).clusters.map(({ name }) => name);
    expect(new Set(names)).toEqual(new Set(renamed.clusters.map(({ name }) => name)));
    expect(again.report.notes).toContain(
      "Of 80 customers, 80 keep the segment that the previous model gave them.",
    );
    expect(reasonsOf(again)).toContain("those in force have");
  });

  it("name what is new, what has ended and who moved", () => {
    const [one] = before.clusters;
    const alone = { ...before, clusters: [{ ...one!, name: "everybody" }] };
    const { notes } = mustBeFitted(trainSegments(rows, context, alone)).report;
    expect(notes.join("\n")).toMatch(/New segments: .*\n\d+ went from everybody to/u);
    const more = {
      ...before,
      clusters: [
        ...before.clusters,
        { ...one!, name: "nowhere", centroid: one!.centroid.map(() => 50) },
        { ...one!, name: "anywhere", centroid: one!.centroid.map(() => -50) },
      ],
    };
    const { notes: told } = mustBeFitted(trainSegments(rows, context, more)).report;
    expect(told.join("\n")).toMatch(/nothing continues: .*nowhere/u);
  });

  it("are refused where customers were more separate before", () => {
    const blurred = rows.map((row, index) => ({
      ...row,
      features: {
        ...row.features,
        recencyDays: (index * 37) % 120,
        frequency: 1 + ((index * 53) % 12),
        monetary: (index * 71) % 400,
        tenureDays: 1 + ((index * 29) % 300),
        overdue: ((index * 41) % 60) / 10,
        daysSinceAppOpen: (index * 61) % 90,
      },
    }));
    const sharp = {
      ...before,
      features: before.features.filter(({ name }) => name === "recencyDays"),
      clusters: [
        { ...before.clusters[0]!, name: "here", centroid: [-3] },
        { ...before.clusters[0]!, name: "gone", centroid: [1] },
      ],
    };
    const told = mustBeFitted(trainSegments(blurred, context, sharp));
    expect(told.verdict?.kind).toBe("refuse");
    expect(reasonsOf(told)).toMatch(/WORSE_THAN_CHAMPION|UNSTABLE|NO_BETTER_THAN_BASELINE/u);
  });
});

const champion = (to: string) => {
  const model = saved("spend", mustBeFitted(trainSpend(rows, context)));
  return { ...model, card: { ...model.card, to } };
};

describe("a model of spend in force", () => {
  it("is compared as it is on rows that are later than all it has seen", () => {
    const told = reasonsOf(mustBeFitted(trainSpend(rows, context, champion(cutoff(0)))));
    expect(told).toContain("the model in force");
    expect(told).not.toContain("fitted again");
  });

  it("is stood in for by its kind where it has seen the rows that judge", () => {
    const told = reasonsOf(mustBeFitted(trainSpend(rows, context, champion(cutoff(9)))));
    expect(told).toContain("fitted again without the rows that it has seen");
  });

  it("is not missed where its kind took no part", () => {
    const own = champion(cutoff(9));
    const free = rows.map((row) => ({ ...row, features: { ...row.features, averageOrder: null } }));
    const { r, alpha, a, b } = { r: 1, alpha: 1, a: 1, b: 1 };
    const { format, task, requires, card, horizonDays } = own;
    const head = { format, task, requires, card, horizonDays };
    const buys = { ...head, kind: "purchases" as const, r, alpha, a, b, p: 6, q: 4, gamma: 15 };
    const told = mustBeFitted(trainSpend(free, context, buys));
    expect(reasonsOf(told)).not.toContain("the model in force");
    expect(told.report.notes.join(" ")).toContain("BG/NBD × gamma-gamma took no part");
  });
});

describe.each([
  ["churn", trainChurn],
  ["spend", trainSpend],
] as const)("training %s", (_task, train) => {
  it("is refused where no candidate can be fitted", () => {
    const alike = rows
      .filter((_, index) => index % 80 < 5)
      .map((row, index) => ({
        ...row,
        features: features({ recencyDays: 5, frequency: 1, averageOrder: 9 }),
        outcome: { orders: index % 2, spend: index % 2 },
      }));
    expect(["TOO_FEW", "CONSTANT"]).toContain(codeOf(train(alike, context)));
  });
});
