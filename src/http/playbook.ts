/** `PUT /v1/playbook`: publishes the files of a playbook, as a whole or not at all. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { type Attune, DEFAULT_TENANT } from "../work/attune.ts";
import { parsed } from "./parse.ts";

/** Bytes of one playbook as JSON; text models are the largest part. */
const BODY_BYTES = 64 * 1024 * 1024;

const NOT_A_PATH = 'is not a file of a playbook; name it like "rules/delivery.json"';

const publishSchema = z.strictObject({
  files: z.record(
    z.string().regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*){0,8}$/u, NOT_A_PATH),
    z.string("is not text; send the content of the file"),
    {
      error: ({ code }) =>
        code === "invalid_key" ? NOT_A_PATH : "is not an object of path and text",
    },
  ),
});

/** Registers the route of the playbook. */
export const playbookRoutes = (server: FastifyInstance, attune: Attune): void => {
  server.put("/v1/playbook", { bodyLimit: BODY_BYTES }, async (request) =>
    attune.publish(DEFAULT_TENANT, parsed(publishSchema, request.body, "body").files),
  );
};
