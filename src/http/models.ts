/** `/v1/models`: what was trained, what is in force, training now and by a schedule, promotion and the way back. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { MODEL_TASKS } from "../core/models/model-file.ts";
import { type Attune, DEFAULT_TENANT } from "../work/attune.ts";
import { idOf, parsed } from "./parse.ts";

const idSchema = z.string().regex(/^[0-9a-f]{4,64}$/u, "is no id of a model; see GET /v1/models");
const paramsSchema = z.object({ task: z.enum(MODEL_TASKS) });
const querySchema = z.strictObject({ id: idSchema.optional() });
const trainingSchema = z.strictObject({
  tasks: z.array(z.enum(MODEL_TASKS)).min(1),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
  promote: z.boolean().default(false),
});
const promotionSchema = z.strictObject({
  id: idSchema.optional(),
  force: z.boolean().default(false),
});

const scheduleSchema = z.strictObject({
  cron: z.string(),
  timeZone: z.string().optional(),
  tasks: z.array(z.string()).optional(),
  seed: z.number().optional(),
  promote: z.boolean().optional(),
});

/** What a schedule may hold is checked where it is planned. */
const scheduleRoutes = (server: FastifyInstance, attune: Attune): void => {
  server.get("/v1/models/schedules", async () => ({
    schedules: await attune.retrainSchedules(DEFAULT_TENANT),
  }));
  server.put("/v1/models/schedules", async (request) =>
    attune.scheduleRetraining(DEFAULT_TENANT, parsed(scheduleSchema, request.body, "body")),
  );
  server.delete("/v1/models/schedules/:id", async (request) => ({
    ended: await attune.endRetrainSchedule(DEFAULT_TENANT, idOf(request.params)),
  }));
};

/** Registers the routes of models. */
export const modelRoutes = (server: FastifyInstance, attune: Attune): void => {
  server.get("/v1/models", async () => attune.models(DEFAULT_TENANT));
  server.get("/v1/models/drift", async () => ({ drift: await attune.drift(DEFAULT_TENANT) }));
  server.get("/v1/models/:task/files", async (request) => {
    const { task } = parsed(paramsSchema, request.params, "path");
    const { id } = parsed(querySchema, request.query, "query");
    return { files: await attune.modelFiles(DEFAULT_TENANT, { task, id }) };
  });
  server.post("/v1/models/training", async (request) => ({
    models: await attune.retrain(DEFAULT_TENANT, parsed(trainingSchema, request.body, "body")),
  }));
  server.post("/v1/models/:task/promotion", async (request) => {
    const { task } = parsed(paramsSchema, request.params, "path");
    const body = parsed(promotionSchema, request.body, "body");
    return attune.promoteModel(DEFAULT_TENANT, { task, ...body });
  });
  server.post("/v1/models/:task/rollback", async (request) =>
    attune.rollBackModel(DEFAULT_TENANT, parsed(paramsSchema, request.params, "path").task),
  );
  scheduleRoutes(server, attune);
};
