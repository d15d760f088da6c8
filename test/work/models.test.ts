import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { decideGroup } from "../../src/work/decide.ts";
import { readFixtures } from "../../src/work/fixtures.ts";
import { localAttune } from "../../src/work/local.ts";
import { idInForce, modelIdOf } from "../../src/work/models.ts";
import type { RetrainedModel } from "../../src/work/retrain.ts";
import { incoming } from "../builders.ts";
import { join } from "node:path";
import { deciderOf, FILES, fresh, HOME, openRoom, type Room, SHIPPED } from "./room.ts";

/** Training reads a year of a shop in a thread that first has to be opened, on cores that other suites use too. */
vi.setConfig({ testTimeout: 180_000 });

let room: Room;
let trained: readonly RetrainedModel[];
const stages = new Set<string>();

const attune = () => localAttune(room);
const modelOf = (task: string): RetrainedModel => {
  const found = trained.find((model) => model.task === task);
  if (found === undefined) throw new Error(`${task} was not trained`);
  return found;
};

/** A shop whose signals are decided, so that there is something to train from. */
beforeAll(async () => {
  room = await openRoom();
  await room.store.publish("default", SHIPPED);
  const { signals } = readFixtures(join(HOME, "fixtures"));
  const events = signals.filter(({ kind }) => kind === "event");
  for (let from = 0; from < events.length; from += 500)
    await decideGroup(
      deciderOf(room),
      events.slice(from, from + 500).map((signal) => incoming(signal, { clock: "signal" })),
    );
  trained = await attune().retrain(
    "default",
    { tasks: ["segments", "churn", "spend"], seed: 1, promote: false },
    (stage) => void stages.add(stage),
  );
}, 180_000);
afterAll(() => room.stop());

describe("training from the store", () => {
  it("gives every model an id by its content, its report and the gate's verdict, and puts nothing in force", async () => {
    expect(trained.map(({ task }) => task)).toEqual(["segments", "churn", "spend"]);
    for (const { task, id, report, verdict, isPromoted } of trained) {
      const files = await attune().modelFiles("default", { task, id });
      expect(modelIdOf(files)).toBe(id);
      expect(report.scores.length).toBeGreaterThan(3);
      expect(verdict.against).toBe(idInForce(FILES, task));
      expect(isPromoted).toBe(false);
    }
    expect(await room.store.livePlaybookHash("default")).toBe(SHIPPED.hash);
    expect(stages).toContain("churn");
  });

  it("gives the same models again for the same signals and seed", async () => {
    const again = await attune().retrain("default", { tasks: ["spend"], seed: 1, promote: false });
    expect(again[0]?.id).toBe(modelOf("spend").id);
    const { trained: listed } = await attune().models("default");
    expect(listed.filter(({ task }) => task === "spend")).toHaveLength(1);
    expect(listed[0]?.task).toBe("spend");
  });

  it("is refused where nothing is stored, and the reason reaches the caller from the thread", async () => {
    const tenant = fresh("tenant");
    await expect(
      attune().retrain(tenant, { tasks: ["churn"], seed: 1, promote: false }),
    ).rejects.toMatchObject({ code: "TRAINING_REFUSED" });
  });
});

describe("drift", () => {
  it("is told for every model in force, by what is stored: this shop got no feedback", async () => {
    const drift = await attune().drift("default");
    expect(drift.map(({ task }) => task)).toEqual(["segments", "churn", "spend"]);
    const shifted = drift.flatMap(({ report }) =>
      (report?.features ?? []).filter((one) => one.shifted).map(({ name }) => name),
    );
    expect(shifted.toSorted()).toEqual([
      "complaints90",
      "negativeFeedback",
      "rollingSentiment",
      "sentimentTrend",
    ]);
  });
});

describe("a promotion", () => {
  it("makes a new playbook with that one file, is listed, and is taken back", async () => {
    const { id } = modelOf("churn");
    const receipt = await attune().promoteModel("default", {
      task: "churn",
      id: id.slice(0, 8),
      force: false,
    });
    expect(receipt).toMatchObject({ task: "churn", id });
    const live = await room.store.livePlaybook("default");
    expect(live?.hash).toBe(receipt.playbook);
    expect({ ...live?.files, "models/churn.json": "" }).toEqual({
      ...FILES,
      "models/churn.json": "",
    });
    const overview = await attune().models("default");
    expect(overview.inForce["churn"]).toBe(id);
    expect(overview.trained.find((model) => model.id === id)?.isInForce).toBe(true);
    const back = await attune().rollBackModel("default", "churn");
    expect(back.playbook).toBe(SHIPPED.hash);
    expect((await attune().models("default")).promotions.map(({ kind }) => kind)).toEqual([
      "rollback",
      "promotion",
    ]);
    await expect(attune().rollBackModel("default", "churn")).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  it("is refused with the gate's reasons, unless it is forced", async () => {
    const tenant = fresh("tenant");
    await room.store.publish(tenant, SHIPPED);
    const files = await attune().modelFiles("default", { task: "spend", id: modelOf("spend").id });
    const id = modelIdOf(files);
    await room.store.addModel(tenant, id, {
      task: "spend",
      files,
      report: modelOf("spend").report,
      verdict: {
        kind: "refuse",
        against: idInForce(FILES, "spend"),
        reasons: [{ code: "LEAK", sentence: "monetary alone tells the outcome" }],
      },
    });
    const request = { task: "spend", force: false };
    await expect(attune().promoteModel(tenant, request)).rejects.toMatchObject({
      code: "MODEL_REFUSED",
      faults: [{ place: "LEAK", sentence: "monetary alone tells the outcome" }],
    });
    expect(await room.store.livePlaybookHash(tenant)).toBe(SHIPPED.hash);
    const forced = await attune().promoteModel(tenant, { ...request, force: true });
    expect(await room.store.livePlaybookHash(tenant)).toBe(forced.playbook);
  });

  it("is refused when the model was compared with another one than is in force now", async () => {
    const tenant = fresh("tenant");
    await room.store.publish(tenant, SHIPPED);
    const files = await attune().modelFiles("default", { task: "spend", id: modelOf("spend").id });
    await room.store.addModel(tenant, modelIdOf(files), {
      task: "spend",
      files,
      report: modelOf("spend").report,
      verdict: { kind: "promote", against: "f".repeat(64), reasons: [] },
    });
    await expect(attune().promoteModel(tenant, { task: "spend", force: false })).rejects.toThrow(
      /was compared with ffffffffffff, but/u,
    );
  });

  it.each([
    ["a task that has no model", { task: "text" }, "USAGE"],
    ["an id that is not known", { task: "churn", id: "0000" }, "NOT_FOUND"],
  ])("of %s says so", async (_name, asked, code) => {
    await expect(
      attune().promoteModel("default", { force: false, ...asked }),
    ).rejects.toMatchObject({ code });
  });
});
