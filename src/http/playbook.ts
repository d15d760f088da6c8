/** `PUT /v1/playbook`: publishes the files of a playbook, as a whole or not at all. `GET /v1/playbooks/:name`: the files of a stored one. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { type Attune, DEFAULT_TENANT } from "../work/attune.ts";
import { parsed } from "./parse.ts";

/** Bytes of one playbook as JSON; text models are the largest part. */
export const BODY_BYTES = 64 * 1024 * 1024;

const NOT_A_PATH = 'is not a file of a playbook; name it like "rules/delivery.json"';

/** Files of a playbook, path → text. */
export const filesSchema = z.record(
  z.string().regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*){0,8}$/u, NOT_A_PATH),
  z.string("is not text; send the content of the file"),
  {
    error: ({ code }) =>
      code === "invalid_key" ? NOT_A_PATH : "is not an object of path and text",
  },
);

const publishSchema = z.strictObject({ files: filesSchema });

const nameSchema = z.object({ name: z.string().max(64) });

/** Registers the routes of playbooks. */
export const playbookRoutes = (server: FastifyInstance, attune: Attune): void => {
  server.put("/v1/playbook", { bodyLimit: BODY_BYTES }, async (request) =>
    attune.publish(DEFAULT_TENANT, parsed(publishSchema, request.body, "body").files),
  );
  server.get("/v1/playbooks/:name", async (request) =>
    attune.playbookNamed(DEFAULT_TENANT, parsed(nameSchema, request.params, "path").name),
  );
};
