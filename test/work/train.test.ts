import { join } from "node:path";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openModels, predict } from "../../src/core/models/predict.ts";
import { lostAgainst } from "../../src/core/models/train-common.ts";
import type { Score, TrainingResult } from "../../src/core/training.ts";
import type { PlaybookFiles } from "../../src/core/playbook.ts";
import { describeCustomer } from "../../src/core/customers/features.ts";
import { eventSchema, type Signal, signalSchema } from "../../src/core/signal.ts";
import { openFixtures, readFixtures, readFixtureTexts } from "../../src/work/fixtures.ts";
import { placeFeedback } from "../../src/work/place-feedback.ts";
import { readPlaybookFiles } from "../../src/work/publish.ts";
import {
  HISTORY_TASKS,
  tasksNamed,
  trainFromFixtures,
  trainHistory,
} from "../../src/work/train.ts";
import type { LabelledFeedback } from "../../src/core/text/labelled.ts";
import { lived } from "../core/customers/made.ts";

const HOME = join(import.meta.dirname, "..", "..");
const FOLDER = join(HOME, "fixtures");
const { signals, customers, feedback } = readFixtures(FOLDER);

const filesOf = (results: readonly TrainingResult[]): PlaybookFiles =>
  Object.assign({}, ...results.map(({ files }) => files));

describe("the fixtures", () => {
  it("are 200 customers, half of them Chinese, and a year of valid signals in time order", () => {
    expect(customers).toHaveLength(200);
    expect(customers.filter(({ traits }) => traits.locale?.startsWith("zh"))).toHaveLength(100);
    expect(signals.filter(({ kind }) => kind === "event").length).toBeGreaterThanOrEqual(6000);
    expect(signals.map(({ at }) => at)).toEqual(signals.map(({ at }) => at).toSorted());
    expect([signals[0]?.at.slice(0, 10), signals.at(-1)?.at.slice(0, 10)]).toEqual([
      "2025-10-01",
      "2026-09-30",
    ]);
    expect(new Set(signals.map(({ id }) => id)).size).toBe(signals.length);
    for (const one of feedback)
      expect(signalSchema.safeParse(one)).toEqual({ success: true, data: one });
  });

  it("hold every labelled text, said by somebody who reads its language", () => {
    const texts = readFileSync(join(FOLDER, "feedback.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as LabelledFeedback);
    expect(feedback.map(({ text }) => text).toSorted()).toEqual(
      texts.map(({ text }) => text).toSorted(),
    );
    const localeOf = new Map(customers.map(({ id, traits }) => [id, traits.locale ?? ""]));
    const saidBy = new Map(feedback.map(({ id, customerId }) => [id, customerId]));
    for (const { id, lang } of texts)
      expect(localeOf.get(saidBy.get(id) ?? "")?.startsWith("zh")).toBe(lang.startsWith("zh"));
  });

  it("are refused with every faulty line named", () => {
    const texts = {
      customers: '{"id":""}\n',
      events: 'x\n\n{"kind":"event"}\n',
      feedback: '{"id":"a"}',
      corpus: {},
    };
    expect(() => openFixtures(texts)).toThrow(
      /customers\.jsonl › line 1 › id: [\s\S]*events\.jsonl › line 1: is not a line of JSON[\s\S]*events\.jsonl › line 3 › at[\s\S]*feedback\.jsonl › line 1 › text/u,
    );
  });

  it("that cannot be read are named by their path", () => {
    expect(() => readFixtures(join(FOLDER, "nowhere"))).toThrow(
      /cannot read .*nowhere.*customers\.jsonl/u,
    );
  });
});

const line = (id: string, more: Partial<LabelledFeedback> = {}): LabelledFeedback => ({
  id,
  text: "where is it",
  lang: "en",
  channel: "app",
  labels: { sentiment: "negative", topics: ["delivery"], urgent: false },
  group: id,
  ...more,
});
const event = (id: string, customerId: string, type: string) =>
  eventSchema.parse({
    kind: "event",
    id,
    customerId,
    at: `2026-01-0${id.slice(1)}T10:00:00Z`,
    type,
  });

describe("placing feedback", () => {
  const people = [
    { id: "en1", locale: "en-GB" },
    { id: "zh1", locale: "zh-Hans-CN" },
  ];
  const events = [
    event("e1", "en1", "order.completed"),
    event("e2", "zh1", "parcel.delayed"),
    event("e3", "en1", "parcel.delayed"),
    event("e4", "en1", "parcel.delivered"),
    event("e9", "stranger", "order.completed"),
  ];

  it("puts a complaint about delivery after a late parcel, in the customer's language", () => {
    const [english, chinese] = placeFeedback(
      [line("f1"), line("f2", { lang: "zh", text: "还没到", rating: 1 })],
      people,
      events,
    );
    expect(english).toMatchObject({
      kind: "feedback",
      id: "f1",
      customerId: "en1",
      channel: "app",
    });
    expect((english?.at ?? "") > "2026-01-03T10:00:00.000Z").toBe(true);
    expect(english).not.toHaveProperty("rating");
    expect(chinese).toMatchObject({ customerId: "zh1", rating: 1 });
  });

  it("puts praise of a delivery after a parcel that came", () => {
    const [glad] = placeFeedback(
      [line("f1", { labels: { sentiment: "positive", topics: ["delivery"], urgent: false } })],
      people,
      events,
    );
    expect((glad?.at ?? "") > "2026-01-04T10:00:00.000Z").toBe(true);
  });

  it("uses every event once, then leaves a text out", () => {
    const many = placeFeedback(
      ["f1", "f2", "f3", "f4"].map((id) => line(id)),
      people,
      events,
    );
    expect(many.map(({ id }) => id)).toEqual(["f1", "f2", "f3"]);
  });

  it("never places a text after the last event, and places it the same way again", () => {
    const late = placeFeedback([line("f1", { lang: "zh" })], people, events.slice(0, 2));
    expect(late[0]?.at).toBe("2026-01-02T10:00:00.000Z");
    expect(placeFeedback([line("f1")], people, events)).toEqual(
      placeFeedback([line("f1")], people, events),
    );
  });
});

describe("training from signals", () => {
  it("gives the same bytes for the same signals in any order, and tells how far it is", async () => {
    const stages: string[] = [];
    const once = await trainHistory(HISTORY_TASKS, signals, {
      seed: 1,
      onProgress: (stage) => stages.push(stage),
    });
    const again = await trainHistory(HISTORY_TASKS, signals.toReversed(), { seed: 1 });
    expect(filesOf(again)).toEqual(filesOf(once));
    expect(once.map(({ report }) => report.task)).toEqual(["segments", "churn", "spend", "offers"]);
    expect(stages).toEqual(["history", "history", "segments", "churn", "spend", "offers", "done"]);
  }, 30_000);

  it("passes over offers where no order names a product, unless nothing else is asked for", async () => {
    const nameless = signals.map((signal): Signal =>
      signal.kind === "event" ? { ...signal, properties: { amount: 5 } } : signal,
    );
    const [churn, offers] = await trainHistory(["churn", "offers"], nameless, { seed: 1 });
    expect(churn?.report.task).toBe("churn");
    expect(offers?.files).toEqual({});
    expect(offers?.report.notes[0]).toMatch(/^Not trained: no order names a product/u);
    await expect(trainHistory(["offers"], nameless, { seed: 1 })).rejects.toMatchObject({
      code: "TRAINING_REFUSED",
    });
  }, 30_000);

  it.each<[string, readonly Signal[]]>([
    ["no signals", []],
    ["a day of signals", signals.slice(0, 5)],
    ["two months of signals", signals.filter(({ at }) => at < "2025-12-01")],
  ])("is refused for %s", async (_name, few) => {
    await expect(trainHistory(["churn"], few, { seed: 1 })).rejects.toMatchObject({
      code: "TRAINING_REFUSED",
    });
  });

  it("refuses files that cannot read feedback", async () => {
    await expect(
      trainFromFixtures(readFixtureTexts(FOLDER), ["spend"], { seed: 1, files: {} }),
    ).rejects.toMatchObject({ code: "TRAINING_REFUSED" });
    await expect(
      trainFromFixtures({ customers: "", events: "", feedback: "{}", corpus: {} }, ["text"], {
        seed: 1,
        files: readPlaybookFiles(HOME),
      }),
    ).rejects.toMatchObject({ code: "TRAINING_REFUSED" });
  });

  it("names what can be trained", () => {
    expect(tasksNamed("all")).toEqual(["text", "segments", "churn", "spend", "offers"]);
    expect(tasksNamed("churn")).toEqual(["churn"]);
    expect(() => tasksNamed("chrun")).toThrow(
      /"chrun" cannot be trained; choose text, segments, churn, spend, offers or all/u,
    );
  });
});

describe("the models that are shipped", () => {
  const shipped = readPlaybookFiles(HOME);

  it("are those of the fixtures as they stand: if not, run attune train all", async () => {
    const trained = filesOf(
      await trainFromFixtures(readFixtureTexts(FOLDER), HISTORY_TASKS, { seed: 1, files: shipped }),
    );
    for (const [path, text] of Object.entries(trained))
      expect([path, shipped[path]]).toEqual([path, text]);
  }, 30_000);

  it("beat their baselines on later months, or say that they do not", () => {
    for (const task of HISTORY_TASKS) {
      const { card } = JSON.parse(shipped[`models/${task}.json`] ?? "{}") as {
        card: { scores: readonly Score[]; notes: readonly string[] };
      };
      expect(
        card.scores.filter(({ estimator }) => estimator.startsWith("baseline")).length,
      ).toBeGreaterThanOrEqual(4);
      for (const loss of lostAgainst(card.scores)) expect(card.notes).toContain(loss);
    }
  });

  it("tell the behaviours of the fixtures apart", () => {
    const opened = openModels(shipped);
    if (opened.kind === "faulty") throw new Error(JSON.stringify(opened.faults));
    const churnOf = (behaviour: string): number => {
      const risks = customers
        .filter((customer) => customer.behaviour === behaviour)
        .map(({ id }) => lived(signals.filter(({ customerId }) => customerId === id)))
        .map(
          (customer) =>
            predict(describeCustomer(customer, "2026-10-01T00:00:00.000Z"), opened.value).churn
              ?.probability,
        )
        .filter((risk) => risk !== undefined);
      return risks.reduce((sum, risk) => sum + risk, 0) / risks.length;
    };
    expect(churnOf("churner")).toBeGreaterThan(0.6);
    expect(churnOf("steady_loyal")).toBeLessThan(0.2);
    expect(churnOf("app_browser")).toBeNaN();
  });
});
