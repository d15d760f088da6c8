/** `/v1/playbook`: publishing the files of a playbook, as a whole or not at all; the history of what was in force, the way back, and canaries; the files of a stored one. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { type Attune, DEFAULT_TENANT } from "../work/attune.ts";
import { parsed } from "./parse.ts";

/** Bytes of one playbook as JSON; text models are the largest part. */
export const BODY_BYTES = 64 * 1024 * 1024;

const NOT_A_PATH = 'is not a file of a playbook; name it like "rules/delivery.json"';

const noteShape = {
  by: z.string().max(100).optional(),
  message: z.string().max(500).optional(),
};
const rollbackSchema = z.strictObject({
  to: z
    .string()
    .regex(/^[0-9a-f]{4,64}$/u, "is no hash of a playbook; see GET /v1/playbook/history")
    .optional(),
  ...noteShape,
});
const endSchema = z.strictObject({ how: z.enum(["promote", "abort"]) });
const historySchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(20),
});

/** Files of a playbook, path → text. */
export const filesSchema = z.record(
  z.string().regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*){0,8}$/u, NOT_A_PATH),
  z.string("is not text; send the content of the file"),
  {
    error: ({ code }) =>
      code === "invalid_key" ? NOT_A_PATH : "is not an object of path and text",
  },
);

const publishSchema = z.strictObject({
  percent: z
    .number()
    .gt(0, "is not above 0; a canary needs some customers")
    .lt(100, "is not below 100; leave percent out to publish for all")
    .optional(),
  ...noteShape,
  files: filesSchema,
});

const nameSchema = z.object({ name: z.string().max(64) });

/** Registers the routes of playbooks. */
export const playbookRoutes = (server: FastifyInstance, attune: Attune): void => {
  server.put("/v1/playbook", { bodyLimit: BODY_BYTES }, async (request) => {
    const { files, ...rest } = parsed(publishSchema, request.body, "body");
    return attune.publish(DEFAULT_TENANT, files, rest);
  });
  server.get("/v1/playbook/history", async (request) => {
    const { limit } = parsed(historySchema, request.query, "query");
    return { publications: await attune.publications(DEFAULT_TENANT, limit) };
  });
  server.post("/v1/playbook/rollback", async (request) =>
    attune.rollBackPlaybook(DEFAULT_TENANT, parsed(rollbackSchema, request.body ?? {}, "body")),
  );
  server.get("/v1/playbook/canary", async () => ({
    canary: await attune.canary(DEFAULT_TENANT),
  }));
  server.post("/v1/playbook/canary/end", async (request) =>
    attune.endCanary(DEFAULT_TENANT, parsed(endSchema, request.body, "body").how),
  );
  server.get("/v1/playbooks/:name", async (request) =>
    attune.playbookNamed(DEFAULT_TENANT, parsed(nameSchema, request.params, "path").name),
  );
};
