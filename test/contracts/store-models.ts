/** Part of the store's contract. Trained models, and which was put in force when. */
import { expect, test } from "vitest";
import type { Store, TrainedModel } from "../../src/core/ports.ts";
import { fresh } from "./store-kit.ts";

const trained = (changes: Partial<TrainedModel> = {}): TrainedModel => ({
  task: "churn",
  files: { "models/churn.json": "流失 {}" },
  report: { task: "churn", rows: 3, seed: 1, scores: [], notes: ["\u2028 note"] },
  verdict: { kind: "refuse", against: null, reasons: [{ code: "LEAK", sentence: "x" }] },
  ...changes,
});

const before = (text: string) => ({ "models/churn.json": text });

export const modelTests = (opened: () => Store): void => {
  test("a trained model comes back as it was, newest training first, and only to its tenant", async () => {
    const [tenant, other] = [fresh("tenant"), fresh("tenant")];
    const [first, second] = [trained(), trained({ files: { "models/churn.json": "2" } })];
    await opened().addModel(tenant, "one", first);
    await opened().addModel(tenant, "two", second);
    const { files: _files, ...listed } = first;
    const models = await opened().models(tenant);
    expect(models.map(({ id }) => id)).toEqual(["two", "one"]);
    expect(models[1]).toMatchObject({ ...listed, id: "one" });
    expect(models[0]?.trainedAt).toMatch(/^\d{4}-\d{2}-\d{2}T.*Z$/u);
    expect(await opened().modelFiles(tenant, "churn", "one")).toEqual(first.files);
    expect(await opened().modelFiles(tenant, "spend", "one")).toBeUndefined();
    expect(await opened().modelFiles(other, "churn", "one")).toBeUndefined();
    expect(await opened().models(other)).toEqual([]);
  });

  test("the same model trained again is listed once, as the newest, with the newest verdict", async () => {
    const tenant = fresh("tenant");
    await opened().addModel(tenant, "one", trained());
    await opened().addModel(tenant, "two", trained());
    const verdict = { kind: "promote", against: "x", reasons: [] } as const;
    await opened().addModel(tenant, "one", trained({ verdict }));
    const models = await opened().models(tenant);
    expect(models.map(({ id }) => id)).toEqual(["one", "two"]);
    expect(models[0]?.verdict).toEqual(verdict);
  });

  test("promotions are taken back one after the other, like a stack", async () => {
    const [tenant, task] = [fresh("tenant"), "churn"];
    expect(await opened().filesBefore(tenant, task)).toBeUndefined();
    await opened().addPromotion(tenant, { task, kind: "promotion", id: "a", previous: {} });
    await opened().addPromotion(tenant, {
      task,
      kind: "promotion",
      id: "b",
      previous: before("a"),
    });
    await opened().addPromotion(tenant, {
      task: "spend",
      kind: "promotion",
      id: "s",
      previous: { "models/spend.json": "s" },
    });
    expect(await opened().filesBefore(tenant, task)).toEqual(before("a"));
    await opened().addPromotion(tenant, { task, kind: "rollback", id: "a", previous: before("b") });
    expect(await opened().filesBefore(tenant, task)).toEqual({});
    await opened().addPromotion(tenant, {
      task,
      kind: "promotion",
      id: "c",
      previous: before("a"),
    });
    expect(await opened().filesBefore(tenant, task)).toEqual(before("a"));
    for (const id of ["a", ""])
      await opened().addPromotion(tenant, { task, kind: "rollback", id, previous: {} });
    expect(await opened().filesBefore(tenant, task)).toBeUndefined();
    const kinds = (await opened().promotions(tenant)).map(({ task: own, kind, id }) => [
      own,
      kind,
      id,
    ]);
    expect(kinds.slice(0, 2)).toEqual([
      ["churn", "rollback", ""],
      ["churn", "rollback", "a"],
    ]);
    expect(kinds).toHaveLength(7);
  });
};
