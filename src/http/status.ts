/** `/v1/status`, `/v1/dead-letters` and `/health`: for operators. Health says that this process answers; it asks nobody else. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Attune } from "../work/attune.ts";
import { parsed, wholeText } from "./parse.ts";

const deadLettersSchema = z.strictObject({ limit: wholeText(1, 500).default(50) });

/** Registers the routes of operators. */
export const statusRoutes = (server: FastifyInstance, attune: Attune): void => {
  server.get("/health", () => ({ status: "ok" }));
  server.get("/v1/status", async () => attune.status());
  server.get("/v1/dead-letters", async (request) => {
    const { limit } = parsed(deadLettersSchema, request.query, "query");
    return { deadLetters: await attune.deadLetters(limit) };
  });
};
