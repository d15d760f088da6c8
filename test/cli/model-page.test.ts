import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { evaluationPage } from "../../src/cli/evaluation-page.ts";
import { modelPage } from "../../src/cli/model-page.ts";
import type { ModelMoves, ShownModel } from "../../src/cli/model-section.ts";
import { figure, intervalAsText } from "../../src/cli/words.ts";
import {
  MODEL_TASKS,
  type Model,
  modelPath,
  type ModelTask,
  readModel,
} from "../../src/core/models/model-file.ts";
import { HOME } from "../http/real.ts";
import { runCommand } from "./capture.ts";
import { depthOne, textOf, unbalanced } from "./markup.ts";

const shipped = (task: ModelTask): Model => {
  const read = readModel(task, readFileSync(join(HOME, modelPath(task)), "utf8"));
  if (read.kind === "faulty") throw new Error(`the shipped ${task} model is faulty`);
  return read.value;
};
const models = MODEL_TASKS.map(shipped);
const churn = shipped("churn");
const EVIL = `<img src=x onerror="alert(1)">&'`;

const moved = (isAlarm: boolean): ModelMoves => ({
  report: {
    isAlarm,
    alpha: 0.01,
    floor: 0.05,
    features: [
      {
        name: EVIL,
        psi: 0.31,
        statistic: 9,
        degrees: 4,
        pValue: 0.001,
        adjusted: 0.002,
        shifted: isAlarm,
      },
    ],
  },
  refusal: null,
});

const about: Readonly<Partial<Record<ModelTask, Omit<ShownModel, "model">>>> = {
  churn: { verdict: { kind: "promote", reasons: [] }, drift: moved(true) },
  spend: {
    verdict: { kind: "refuse", reasons: [{ code: "LEAK", sentence: `${EVIL} leaks` }] },
    comparedWith: EVIL,
    standing: EVIL,
    drift: { ...moved(false), isOfChampion: true },
  },
  segments: { drift: { report: null, refusal: EVIL } },
};

const html = modelPage({
  title: EVIL,
  models: models.map((model) => ({ model, ...about[model.task] })),
});

describe("the page of models", () => {
  it("is one well-formed file that calls nothing outside and runs nothing", () => {
    expect(unbalanced(html)).toEqual([]);
    expect(html).not.toMatch(/NaN|undefined|Infinity|\[object/u);
    expect(html).not.toMatch(/https?:|\/\/|<script|<img|<link|url\(|@import/u);
    const ids = [...html.matchAll(/ id="([^"]+)"/gu)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of html.matchAll(/href="#([^"]+)"/gu)) expect(ids).toContain(target);
  });

  it("is in light and dark, and fits a phone", () => {
    expect(html).toContain("@media(prefers-color-scheme:dark)");
    expect(html).toContain('content="width=device-width,initial-scale=1"');
    expect(html.match(/<table/gu)).toHaveLength(
      html.match(/<div class="wide" role="region" tabindex="0"/gu)?.length ?? 0,
    );
  });

  it.each(models.map((model) => ({ task: model.task, model })))(
    "has every figure, note and fact of the card of $task",
    ({ task, model }) => {
      const [, rest = ""] = html.split(`<section id="${task}">`);
      const text = textOf(rest.split("</section>")[0] ?? "");
      const { card } = model;
      for (const score of card.scores)
        for (const shown of [score.estimator, figure(score.value, 4), intervalAsText(score, 4)])
          expect(text).toContain(shown);
      for (const { estimator } of card.choice ?? []) expect(text).toContain(estimator);
      for (const note of card.notes) expect(text).toContain(note.replaceAll("`", " ").slice(0, 30));
      for (const fact of [card.rows.toLocaleString("en"), card.command, card.data.slice(0, 12)])
        expect(text).toContain(fact);
      expect(rest).not.toContain(card.data);
    },
  );

  it("says what each model predicts and what the gate said of it", () => {
    const text = textOf(html);
    expect(text).toMatch(/Puts each customer into one of \d segments, from \d features/u);
    expect(text).toContain("orders nothing in the next 60 days");
    expect(text).toContain("expected to spend in the next 60 days");
    expect(text).toContain("✓ may be promoted");
    expect(text).toContain(`✗ refused by the gate ${EVIL} LEAK ${EVIL} leaks`);
    expect(html.match(/class="verdict/gu)).toHaveLength(4);
  });

  it("shows the segments with their sizes, sentences and centres in units of the features", () => {
    const segments = shipped("segments");
    if (segments.task !== "segments") throw new Error("no segments");
    const text = textOf(html);
    for (const { name, sentence, size } of segments.clusters) {
      expect(text).toContain(`${name} · ${size} customer`);
      expect(text).toContain(sentence);
    }
  });

  it("says whether something moved, since when, and why that cannot be told", () => {
    const [, segments = "", churnText = "", spend = "", offers = ""] = html
      .split("<section ")
      .map(textOf);
    expect(segments).toContain(`Drift since it was trained ${EVIL}`);
    expect(churnText).toContain("Drift since it was trained ▲ alarm");
    expect(churnText).toContain("at most 1 of 100 looks");
    expect(spend).toContain("Drift since the model in force was trained ✓ no alarm");
    expect(offers).not.toContain("Drift");
  });

  it("shows hit rates and the mean reciprocal rank of offers beside popularity, and its strongest rule", () => {
    const offers = textOf(html.split('<section id="offers">')[1] ?? "");
    expect(offers).toMatch(/estimator hit@1 ↑ hit@3 ↑ MRR@10 ↑ coverage@3 ↑ blend \(this model\)/u);
    expect(offers).toMatch(/baseline: popularity( 0\.\d{3}){4}/u);
    expect(offers).toMatch(/→ \S+ \d\.\d\d × \(\d+ %\)/u);
  });

  it("puts two models of a task side by side, with ids of their own", () => {
    const page = modelPage({
      title: "Two",
      isComparison: true,
      models: [
        { model: churn, role: "challenger" },
        { model: churn, role: "champion" },
      ],
    });
    expect(unbalanced(page)).toEqual([]);
    const ids = [...page.matchAll(/ id="([^"]+)"/gu)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(page).toContain('<div class="beside"><section id="churn-challenger">');
    expect(textOf(page)).toContain("At a glance");
    // Sections line up only while each has as many blocks as the style says.
    const [, rows = 0] = /grid-row:span (\d+)/u.exec(page) ?? [];
    const [, section = ""] = page.split('<section id="churn-champion">');
    expect(depthOne(section.split("</section>")[0] ?? "")).toBe(Number(rows));
  });

  it("of one model without calibration, gain and importance has no chart of them and no links", () => {
    const { calibration: _c, gain: _g, importance: _i, choice: _h, ...card } = churn.card;
    const bare = {
      ...churn,
      card: { ...card, scores: card.scores.slice(0, 1), notes: [] },
    } as Model;
    const page = modelPage({ title: "Bare", models: [{ model: bare }] });
    expect(unbalanced(page)).toEqual([]);
    expect(page.match(/<figure/gu)).toHaveLength(1);
    expect(page).not.toMatch(
      /Calibration:|Gain:|What the model looks at|<nav|class="verdict|To know|How it was chosen|What it does/u,
    );
  });

  it("of no scores at all, or a metric and an estimator it does not know, still stands", () => {
    const none = { ...churn, card: { ...churn.card, scores: [] } } as Model;
    expect(unbalanced(modelPage({ title: "None", models: [{ model: none }] }))).toEqual([]);
    const scores = [
      { estimator: "tree", metric: "lift", value: 2 },
      { estimator: "other", metric: "auc", value: 0.5 },
    ];
    const odd = modelPage({
      title: "Odd",
      models: [{ model: { ...churn, card: { ...churn.card, scores } } }],
    });
    expect(textOf(odd)).toContain("Measured on rows that the model was not fitted on.");
    expect(textOf(odd)).toContain("tree (this model) 2.000 – other – 0.500");
  });
});

describe("the page of an evaluation", () => {
  it("stands in the same frame, well-formed, with texts escaped", () => {
    const page = evaluationPage({
      model: EVIL,
      evaluation: {
        n: 1,
        accuracy: 0,
        macroF1: 0,
        calibrationError: 0,
        coverage: 1,
        perLabel: [{ label: EVIL, precision: 0, recall: 0, f1: 0, support: 1 }],
      },
      answers: [{ text: EVIL, truth: [EVIL], said: ["other"], confidence: 0.9, inScope: true }],
    });
    expect(unbalanced(page)).toEqual([]);
    expect(page).not.toMatch(/<img|https?:/u);
    expect(page).toContain("@media(prefers-color-scheme:dark)");
  });
});

describe("attune train --html", () => {
  const folder = mkdtempSync(join(tmpdir(), "attune-page-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it("writes the page beside the model and names it", async () => {
    const path = join(folder, "page.html");
    const { exit, out } = await runCommand({
      args: ["train", "segments", "--out", folder, "--html", path],
    });
    expect(exit).toBe(0);
    expect(out).toContain(`wrote ${join(folder, "segments.json")}, ${path}`);
    const page = readFileSync(path, "utf8");
    expect(unbalanced(page)).toEqual([]);
    expect(page).toContain('<section id="segments">');
    expect(page).toContain('class="verdict');
  });

  it.each([
    [["text"], "and not text"],
    [["language"], "leave it out of train language"],
    [["table"], "leave it out of train table"],
    [["text", "--task", "team"], "leave it out of train text --task"],
  ])("is refused with %j before anything is trained", async (args, sentence) => {
    const path = join(folder, "none.html");
    const { exit, err } = await runCommand({ args: ["train", ...args, "--html", path] });
    expect(exit).toBe(2);
    expect(err).toContain(sentence);
  });
});
