/** `GET /v1/topics/emerging`: topics that the taxonomy does not have. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { type Attune, DEFAULT_TENANT } from "../work/attune.ts";
import { parsed } from "./parse.ts";

const querySchema = z.strictObject({
  weeks: z.coerce.number().int().min(1).max(104).default(8),
  textsMin: z.coerce.number().int().min(2).max(10_000).default(5),
});

/** Registers the route of emerging topics. */
export const topicRoutes = (server: FastifyInstance, attune: Attune): void => {
  server.get("/v1/topics/emerging", async (request) => ({
    topics: await attune.emergingTopics(
      DEFAULT_TENANT,
      parsed(querySchema, request.query, "query"),
    ),
  }));
};
