import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { modelPath, type ModelTask } from "../../src/core/models/model-file.ts";
import { AttuneError } from "../../src/errors.ts";
import type { Attune } from "../../src/work/attune.ts";
import { modelIdOf } from "../../src/work/models.ts";
import { fakeAttune } from "../http/fake.ts";
import { HOME } from "../http/real.ts";
import { runCommand } from "./capture.ts";
import { textOf, unbalanced } from "./markup.ts";

const folder = mkdtempSync(join(tmpdir(), "attune-stored-"));
afterAll(() => rmSync(folder, { recursive: true }));

const EVIL = `<script>alert("1")</script>`;

const filesOf = (task: ModelTask, changed: object = {}): Record<string, string> => {
  const text = readFileSync(join(HOME, modelPath(task)), "utf8");
  return { [modelPath(task)]: JSON.stringify({ ...JSON.parse(text), ...changed }) };
};
const champion = filesOf("churn");
const challenger = filesOf("churn", { horizonDays: 61 });
const [CHAMPION, CHALLENGER] = [modelIdOf(champion), modelIdOf(challenger)];
const products = JSON.parse(filesOf("offers")[modelPath("offers")] ?? "") as { products: string[] };
const offers = filesOf("offers", { products: [EVIL, ...products.products.slice(1)] });

const report = { task: "churn", rows: 1200, seed: 1, scores: [], notes: [] };
const trainedWith = (against: string | null, kind: "promote" | "refuse") => ({
  task: "churn",
  id: CHALLENGER,
  trainedAt: "2026-11-26T01:00:00.000Z",
  report,
  verdict: { kind, against, reasons: [{ code: "COMPARED", sentence: `better than ${EVIL}` }] },
  isInForce: false,
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
      pValue: 0.03,
      adjusted: 0.04,
      shifted: true,
    },
  ],
};

const attune = (answers: Partial<Attune> = {}, against: string | null = CHAMPION): Attune =>
  fakeAttune({
    models: async () => ({
      inForce: { churn: CHAMPION, offers: modelIdOf(offers) },
      trained: [trainedWith(against, "promote")],
      promotions: [],
    }),
    modelFiles: async (_tenant, { task, id }) => {
      if (task === "offers") return offers;
      if (id === undefined || CHAMPION.startsWith(id)) return champion;
      if (CHALLENGER.startsWith(id)) return challenger;
      throw new AttuneError("NOT_FOUND", "there is none");
    },
    drift: async () => [{ task: "churn", report: moved, refusal: null }],
    ...answers,
  });

let pages = 0;
/** Runs the command with `--html` and reads the page. */
const pageOf = async (args: readonly string[], own: Attune = attune()) => {
  pages += 1;
  const path = join(folder, `${pages}.html`);
  const run = await runCommand({ args: [...args, "--html", path], attune: own });
  if (!existsSync(path)) return { ...run, path, text: "" };
  const html = readFileSync(path, "utf8");
  expect(unbalanced(html)).toEqual([]);
  expect(html).not.toMatch(/NaN|undefined|\[object|<script/u);
  return { ...run, path, text: textOf(html) };
};

describe("attune models show --html", () => {
  it("of the model in force says so and how its columns moved, with the p-value of all together", async () => {
    const { exit, out, path, text } = await pageOf(["models", "show", "churn"]);
    expect(exit).toBe(0);
    expect(out).toContain(`wrote ${path}`);
    expect(text).toContain(`Model ${CHAMPION.slice(0, 12)} is in force.`);
    expect(text).toContain("Drift since it was trained ▲ alarm");
    expect(text).toContain("overdue 0.3100 0.0400 yes");
    expect(text).not.toContain("may be promoted");
  });

  it("of a model that waits has the gate's verdict and what moved since the champion was trained", async () => {
    const { text } = await pageOf(["models", "show", "churn", CHALLENGER.slice(0, 8)]);
    expect(text).toContain(`Model ${CHALLENGER.slice(0, 12)}, trained on 2026-11-26, is not in`);
    expect(text).toContain(
      `✓ may be promoted Compared with ${CHAMPION.slice(0, 12)}, in force when it was trained. COMPARED better than ${EVIL}`,
    );
    expect(text).toContain("Drift since the model in force was trained");
  });

  it.each([
    [
      "ef".repeat(32),
      `Compared with efefefefefef, in force when it was trained. ${CHAMPION.slice(0, 12)} is in force now: train again`,
    ],
    [
      null,
      `When it was trained, no churn model was in force. ${CHAMPION.slice(0, 12)} is in force now: train again`,
    ],
  ])("says where the verdict is about another champion (%s)", async (against, sentence) => {
    const { text } = await pageOf(["models", "show", "churn", CHALLENGER], attune({}, against));
    expect(text).toContain(sentence);
  });

  it("says that none is in force any more", async () => {
    const own = attune({
      models: async () => ({
        inForce: { churn: null },
        trained: [trainedWith(CHAMPION, "refuse")],
        promotions: [],
      }),
      drift: async () => [],
    });
    const { text } = await pageOf(["models", "show", "churn", CHALLENGER], own);
    expect(text).toContain("None is in force now: train again");
    expect(text).toContain("✗ refused by the gate");
    expect(text).not.toContain("Drift since");
  });

  it("of offers asks for no drift and escapes names of products", async () => {
    const own = attune({
      drift: async () => {
        throw new Error("nobody asks");
      },
    });
    const { exit, text } = await pageOf(["models", "show", "offers"], own);
    expect(exit).toBe(0);
    expect(text).toContain(EVIL);
    expect(text).toContain("The strongest rules");
  });

  it("writes the page where drift cannot be told, and says why", async () => {
    const own = attune({
      drift: async () => {
        throw new AttuneError("TRAINING_REFUSED", "there are no signals to compare");
      },
    });
    expect((await pageOf(["models", "show", "churn"], own)).text).toContain(
      "Drift since it was trained there are no signals to compare",
    );
  });

  it("writes nothing where the store fails", async () => {
    const own = attune({
      drift: async () => {
        throw new AttuneError("STORE_UNREACHABLE", "the store is gone");
      },
    });
    const { exit, err, text } = await pageOf(["models", "show", "churn"], own);
    expect([exit === 0, text]).toEqual([false, ""]);
    expect(err).toContain("the store is gone");
  });

  it("writes the page beside --json too", async () => {
    const { out, text } = await pageOf(["models", "show", "churn", "--json"]);
    expect(JSON.parse(out)).toMatchObject({ task: "churn" });
    expect(text).toContain("The churn model");
  });

  it("names what is wrong with a model that is none or cannot be read", async () => {
    const none = attune({ modelFiles: async () => ({}) });
    expect((await pageOf(["models", "show", "churn"], none)).err).toContain("There is no model");
    const broken = attune({ modelFiles: async () => ({ "models/churn.json": "{" }) });
    expect((await pageOf(["models", "show", "churn"], broken)).err).toContain("cannot be read");
  });
});

describe("attune models compare --html", () => {
  it("puts challenger and champion side by side, with drift of the champion", async () => {
    const { exit, out, path, text } = await pageOf(["models", "compare", "churn"]);
    expect(exit).toBe(0);
    expect(out).toContain(`wrote ${path}`);
    expect(text).toContain(
      `churn: challenger ${CHALLENGER.slice(0, 12)} beside champion ${CHAMPION.slice(0, 12)}`,
    );
    expect(text).toContain("At a glance");
    expect(text.match(/✓ may be promoted/gu)).toHaveLength(1);
    expect(text.match(/Drift since it was trained/gu)).toHaveLength(1);
    expect(text).not.toContain("Drift since the model in force");
  });

  it.each([null, "ef".repeat(32)])(
    "shows the challenger alone where there is no champion to show (%s)",
    async (against) => {
      const { text } = await pageOf(["models", "compare", "churn"], attune({}, against));
      expect(text).toContain(`challenger ${CHALLENGER.slice(0, 12)}, no champion`);
      expect(text).not.toContain("At a glance");
    },
  );
});

const trains = (asked: string[]): Partial<Attune> => ({
  drift: async () => {
    asked.push("drift");
    return [{ task: "churn", report: moved, refusal: null }];
  },
  retrain: async (_tenant, { tasks }) => {
    asked.push("retrain");
    return tasks.map((task) => ({
      ...trainedWith(CHAMPION, "promote"),
      task,
      id: task === "churn" ? CHALLENGER : modelIdOf(offers),
      isPromoted: false,
    }));
  },
});

describe("attune train --store --html", () => {
  it("shows what was trained with the verdict, and what had moved before", async () => {
    const asked: string[] = [];
    const { exit, out, path, text } = await pageOf(
      ["train", "churn", "--store"],
      attune(trains(asked)),
    );
    expect([exit, asked]).toEqual([0, ["drift", "retrain"]]);
    expect(out).toContain(`wrote ${path}`);
    expect(text).toContain(`Compared with ${CHAMPION.slice(0, 12)}`);
    expect(text).toContain("Drift since the model in force was trained");
  });

  it("names the page in JSON, and asks for no drift where only offers are trained", async () => {
    const asked: string[] = [];
    const { out, path } = await pageOf(
      ["train", "offers", "--store", "--json"],
      attune(trains(asked)),
    );
    expect(JSON.parse(out)).toMatchObject({ files: [path], models: [{ task: "offers" }] });
    expect(asked).toEqual(["retrain"]);
  });

  it("without --html asks for no drift", async () => {
    const asked: string[] = [];
    await runCommand({ args: ["train", "churn", "--store"], attune: attune(trains(asked)) });
    expect(asked).toEqual(["retrain"]);
  });
});
