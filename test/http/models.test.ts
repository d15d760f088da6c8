import { afterEach, describe, expect, it } from "vitest";
import type { FastifyInstance } from "fastify";
import { AttuneError } from "../../src/errors.ts";
import { createServer } from "../../src/http/server.ts";
import type { Attune } from "../../src/work/attune.ts";
import { fakeAttune } from "./fake.ts";

let server: FastifyInstance | undefined;
afterEach(() => server?.close());

const ask = async (
  answers: Partial<Attune>,
  method: "GET" | "POST" | "PUT" | "DELETE",
  asked: { readonly url: string; readonly body?: object },
) => {
  server = createServer({ attune: fakeAttune(answers) });
  const { statusCode, body } = await server.inject({
    method,
    url: asked.url,
    headers: { host: "127.0.0.1" },
    ...(asked.body === undefined ? {} : { payload: asked.body }),
  });
  return { status: statusCode, body: JSON.parse(body) as Record<string, unknown> };
};

const promoteModel: Attune["promoteModel"] = async () => {
  throw new AttuneError("MODEL_REFUSED", "Model 1 was refused:", {
    faults: [{ place: "LEAK", sentence: "returns tells" }],
  });
};

describe("the routes of models", () => {
  it("list, and give files of the model in force or of one by its id", async () => {
    const asked: unknown[] = [];
    const modelFiles: Attune["modelFiles"] = async (_tenant, request) => {
      asked.push(request);
      return { "models/churn.json": "{}" };
    };
    const overview = { inForce: { churn: null }, trained: [], promotions: [] };
    expect(
      (await ask({ models: async () => overview }, "GET", { url: "/v1/models" })).body,
    ).toEqual(overview);
    await ask({ modelFiles }, "GET", { url: "/v1/models/churn/files" });
    const found = await ask({ modelFiles }, "GET", { url: "/v1/models/churn/files?id=abcd" });
    expect(found).toEqual({ status: 200, body: { files: { "models/churn.json": "{}" } } });
    expect(asked).toEqual([
      { task: "churn", id: undefined },
      { task: "churn", id: "abcd" },
    ]);
  });

  it("train with what was asked for, and with defaults", async () => {
    const asked: unknown[] = [];
    const retrain: Attune["retrain"] = async (_tenant, request) => {
      asked.push(request);
      return [];
    };
    await ask({ retrain }, "POST", { url: "/v1/models/training", body: { tasks: ["churn"] } });
    expect(asked).toEqual([{ tasks: ["churn"], seed: 1, promote: false }]);
  });

  it("answer a refusal with 409 and the gate's reasons", async () => {
    const { status, body } = await ask({ promoteModel }, "POST", {
      url: "/v1/models/churn/promotion",
      body: {},
    });
    expect(status).toBe(409);
    expect(body["error"]).toMatchObject({
      code: "MODEL_REFUSED",
      faults: [{ place: "LEAK", sentence: "returns tells" }],
    });
  });

  it.each([
    ["/v1/models/training", { tasks: [] }],
    ["/v1/models/training", { tasks: ["text"] }],
    ["/v1/models/churn/promotion", { id: "no id" }],
    ["/v1/models/churn/promotion", { forced: true }],
    ["/v1/models/weather/rollback", {}],
  ])("refuse %s with %j", async (url, body) => {
    expect((await ask({}, "POST", { url, body })).status).toBe(422);
  });
});

const SCHEDULE = {
  id: "retrain-churn",
  cron: "0 3 * * 0",
  timeZone: "UTC",
  nextAt: "2026-03-01T03:00:00.000Z",
  tasks: ["churn"],
  seed: 1,
  promote: false,
};

describe("the routes of schedules", () => {
  it("list, plan and end", async () => {
    const asked: unknown[] = [];
    const answers: Partial<Attune> = {
      retrainSchedules: async () => [SCHEDULE],
      scheduleRetraining: async (tenant, request) => {
        asked.push([tenant, request]);
        return SCHEDULE;
      },
      endRetrainSchedule: async (tenant, id) => {
        asked.push([tenant, id]);
        return SCHEDULE;
      },
    };
    const url = "/v1/models/schedules";
    expect(await ask(answers, "GET", { url })).toEqual({
      status: 200,
      body: { schedules: [SCHEDULE] },
    });
    const body = { cron: "0 3 * * 0", timeZone: "Asia/Tokyo", tasks: ["churn"], promote: true };
    expect(await ask(answers, "PUT", { url, body })).toEqual({ status: 200, body: SCHEDULE });
    expect(await ask(answers, "DELETE", { url: `${url}/retrain-churn` })).toEqual({
      status: 200,
      body: { ended: SCHEDULE },
    });
    expect(asked).toEqual([
      ["default", body],
      ["default", "retrain-churn"],
    ]);
  });

  it.each([
    [{}],
    [{ cron: 3 }],
    [{ cron: "@daily", every: "day" }],
    [{ cron: "@daily", tasks: "churn" }],
  ])("refuse to plan %j", async (body) => {
    const { status } = await ask({}, "PUT", { url: "/v1/models/schedules", body });
    expect(status).toBe(422);
  });
});
