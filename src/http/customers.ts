/** `/v1/customers`: why a customer got an answer or none, and customers folded again from their stored signals, a page at a time. */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { LIMITS } from "../core/limits.ts";
import { type Attune, DEFAULT_TENANT } from "../work/attune.ts";
import { idOf, parsed, wholeText } from "./parse.ts";

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

const whySchema = z.strictObject({
  since: z
    .string()
    .refine((text) => !Number.isNaN(Date.parse(text)), {
      error: 'is not an instant; write it like "2026-09-01" or "2026-09-01T12:00:00Z"',
    })
    .optional(),
  rule: z.string().max(LIMITS.idChars).optional(),
  limit: wholeText(1, 500).default(20),
});

/** Registers the routes of customers. */
export const customerRoutes = (server: FastifyInstance, attune: Attune): void => {
  server.get("/v1/customers/:id/why", async (request) => {
    const { since, rule, limit } = parsed(whySchema, request.query, "query");
    return attune.why(
      { tenant: DEFAULT_TENANT, id: idOf(request.params) },
      {
        limit,
        ...(since === undefined ? {} : { since }),
        ...(rule === undefined ? {} : { rule }),
      },
    );
  });
  server.post("/v1/customers/rebuild", async (request) =>
    attune.rebuildCustomers({
      tenant: DEFAULT_TENANT,
      ...parsed(bodySchema, request.body, "body"),
    }),
  );
};
