/** `POST /v1/customers/rebuild`: one page of customers folded again from their stored signals; a caller follows `next`. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { LIMITS } from "../core/limits.ts";
import { type Attune, DEFAULT_TENANT } from "../work/attune.ts";
import { parsed } from "./parse.ts";

const bodySchema = z.strictObject({
  write: z.boolean().default(false),
  after: z.string().max(LIMITS.idChars).default(""),
  limit: z
    .number()
    .int()
    .min(1, "is below 1")
    .max(100, "is above 100; follow next for more")
    .default(100),
});

/** Registers the route that folds customers again. */
export const customerRoutes = (server: FastifyInstance, attune: Attune): void => {
  server.post("/v1/customers/rebuild", async (request) =>
    attune.rebuildCustomers({
      tenant: DEFAULT_TENANT,
      ...parsed(bodySchema, request.body, "body"),
    }),
  );
};
