import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Attune } from "../../src/work/attune.ts";
import type { ModelsOverview } from "../../src/work/models.ts";
import { fakeAttune } from "../http/fake.ts";
import { HOME } from "../http/real.ts";
import { runCommand } from "./capture.ts";

const ID = "ab".repeat(32);
const OTHER = "cd".repeat(32);
const churn = readFileSync(join(HOME, "models/churn.json"), "utf8");

const verdict = {
  kind: "refuse",
  against: OTHER,
  reasons: [{ code: "WORSE_THAN_CHAMPION", sentence: "it is worse" }],
} as const;
const report = {
  task: "churn",
  rows: 1200,
  seed: 1,
  scores: [{ estimator: "logistic", metric: "auc", value: 0.9, low: 0.85, high: 0.95 }],
  notes: ["a note"],
};
const overview: ModelsOverview = {
  inForce: { churn: OTHER, spend: null },
  trained: [
    {
      task: "churn",
      id: ID,
      trainedAt: "2026-11-26T01:00:00.000Z",
      report,
      verdict,
      isInForce: false,
    },
  ],
  promotions: [{ task: "churn", kind: "rollback", id: "", at: "2026-11-25T01:00:00.000Z" }],
};
const attune = (answers: Partial<Attune> = {}): Attune =>
  fakeAttune({
    models: async () => overview,
    modelFiles: async () => ({ "models/churn.json": churn }),
    ...answers,
  });

describe("attune models", () => {
  it("list names what is in force, what was trained and why it may not be promoted", async () => {
    const { exit, out } = await runCommand({ args: ["models", "list"], attune: attune() });
    expect(exit).toBe(0);
    expect(out).toContain(`churn: ${OTHER.slice(0, 12)} is in force`);
    expect(out).toContain(`${ID.slice(0, 12)}  2026-11-26  logistic auc 0.9 (0.85 … 0.95)`);
    expect(out).toContain("refused: WORSE_THAN_CHAMPION");
    expect(out).toContain("2026-11-25 rolled back to no model");
    expect(out).toContain("spend: no model is in force");
  });

  it("show tells the card, and --json the whole model", async () => {
    const { out } = await runCommand({ args: ["models", "show", "churn"], attune: attune() });
    expect(out).toMatch(/churn · \w+: [\d,]+ rows of 2025-10-01 to 2026-/u);
    expect(out).toContain("what it looks at: ");
    const json = await runCommand({
      args: ["models", "show", "churn", "--json"],
      attune: attune(),
    });
    expect(JSON.parse(json.out)).toEqual(JSON.parse(churn));
  });

  it("compare ends with 1 where the gate refused, and says why", async () => {
    const run = { args: ["models", "compare", "churn", "abab"], attune: attune() };
    const { exit, out } = await runCommand(run);
    expect(exit).toBe(1);
    expect(out).toContain("challenger abababababab");
    expect(out).toContain("champion cdcdcdcdcdcd");
    expect(out).toContain("WORSE_THAN_CHAMPION: it is worse");
    const json = await runCommand({ ...run, args: [...run.args, "--json"] });
    expect(JSON.parse(json.out)).toMatchObject({ id: ID, verdict, champion: { seed: 1 } });
  });

  it("compare says so where nothing was trained", async () => {
    const { exit, err } = await runCommand({
      args: ["models", "compare", "spend"],
      attune: attune(),
    });
    expect(exit).toBe(1);
    expect(err).toContain('No model for "spend" was trained here');
  });

  it("promote and rollback write the file into a folder that playbooks are published from", async () => {
    const folder = mkdtempSync(join(tmpdir(), "attune-models-"));
    mkdirSync(join(folder, "rules"));
    mkdirSync(join(folder, "models"));
    const receipt = {
      task: "churn",
      id: ID,
      playbook: "f".repeat(64),
      files: { "models/churn.json": "new" },
    };
    const asked: unknown[] = [];
    const own = attune({
      promoteModel: async (_tenant, request) => {
        asked.push(request);
        return receipt;
      },
      rollBackModel: async () => ({ ...receipt, id: null, files: {} }),
    });
    const promoted = await runCommand({
      args: ["models", "promote", "churn", "--force"],
      attune: own,
      folder,
    });
    expect(promoted.exit).toBe(0);
    expect(promoted.out).toContain("model abababababab for churn is in force");
    expect(readFileSync(join(folder, "models/churn.json"), "utf8")).toBe("new");
    expect(asked).toEqual([{ task: "churn", id: undefined, force: true }]);
    const back = await runCommand({
      args: ["models", "rollback", "churn", "--json"],
      attune: own,
      folder,
    });
    expect(JSON.parse(back.out)).toEqual({
      task: "churn",
      id: null,
      playbook: "f".repeat(64),
      written: [],
    });
    rmSync(folder, { recursive: true });
  });
});

const retrain: Attune["retrain"] = async (_tenant, { tasks }) =>
  tasks.map((task) => ({
    task,
    id: ID,
    report: { ...report, task },
    verdict,
    isPromoted: false,
  }));

describe("attune train --store", () => {
  it("trains the tasks asked for and ends with 1 where the gate refused", async () => {
    const { exit, out } = await runCommand({
      args: ["train", "churn", "--store"],
      attune: attune({ retrain }),
    });
    expect(exit).toBe(1);
    expect(out).toContain("abababababab: refused");
    const all = await runCommand({
      args: ["train", "all", "--store", "--json"],
      attune: attune({ retrain }),
    });
    const { models } = JSON.parse(all.out) as { models: { task: string }[] };
    expect(models.map(({ task }) => task)).toEqual(
      expect.arrayContaining(["segments", "churn", "spend"]),
    );
  });

  it("refuses what is not trained from the store", async () => {
    const { exit, err } = await runCommand({
      args: ["train", "text", "--store"],
      attune: attune({ retrain }),
    });
    expect(exit).toBe(2);
    expect(err).toContain('"text" is not trained from the store');
  });
});

const moved = {
  isAlarm: true,
  alpha: 0.01,
  floor: 0.05,
  features: [
    {
      name: "overdue",
      psi: 0.31,
      statistic: 9,
      degrees: 4,
      pValue: 1e-9,
      adjusted: 1e-8,
      shifted: true,
    },
    {
      name: "returns",
      psi: 0.01,
      statistic: 1,
      degrees: 4,
      pValue: 0.9,
      adjusted: 1,
      shifted: false,
    },
  ],
};

const drifting: Attune["drift"] = async () => [
  { task: "churn", report: moved, refusal: null },
  { task: "spend", report: null, refusal: "the spend model has no reference" },
];
const still: Attune["drift"] = async () => [
  { task: "churn", report: { ...moved, isAlarm: false }, refusal: null },
];

describe("attune models drift", () => {
  it("marks what moved and ends with 1 on an alarm", async () => {
    const { exit, out } = await runCommand({
      args: ["models", "drift"],
      attune: attune({ drift: drifting }),
    });
    expect(exit).toBe(1);
    expect(out).toMatch(/overdue .* 0\.31 .*< 0\.0001 .*shifted/u);
    expect(out).toMatch(/returns .* 0\.01 .* 1 /u);
    expect(out).toContain("spend: the spend model has no reference");
  });

  it("ends with 0 where nothing moved", async () => {
    const { exit, out } = await runCommand({
      args: ["models", "drift", "--json"],
      attune: attune({ drift: still }),
    });
    expect([exit, Object.keys(JSON.parse(out) as object)]).toEqual([0, ["drift"]]);
  });
});
