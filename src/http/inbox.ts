/**
 * `/v1/customers/:id/inbox`: what a customer's app reads. A reader that passes the last `next` as `after` misses nothing and sees nothing twice.
 */
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { type Attune, DEFAULT_TENANT } from "../work/attune.ts";
import { idOf, parsed, wholeText } from "./parse.ts";

const pageSchema = z.strictObject({
  after: wholeText(0, Number.MAX_SAFE_INTEGER).default(0),
  limit: wholeText(1, 500).default(100),
});

const ackSchema = z.strictObject({
  seq: z
    .int("is not a whole number; send the seq of the last reply shown")
    .min(1, "is below 1; the first reply has seq 1"),
});

/** Registers the routes of inboxes. */
export const inboxRoutes = (server: FastifyInstance, attune: Attune): void => {
  server.get("/v1/customers/:id/inbox", async (request) => {
    const customer = { tenant: DEFAULT_TENANT, id: idOf(request.params) };
    const page = parsed(pageSchema, request.query, "query");
    const replies = await attune.inbox(customer, page);
    return { replies, next: replies.at(-1)?.seq ?? page.after };
  });
  server.post("/v1/customers/:id/inbox/ack", async (request) => {
    const customer = { tenant: DEFAULT_TENANT, id: idOf(request.params) };
    const { seq } = parsed(ackSchema, request.body, "body");
    return { acknowledged: await attune.acknowledge(customer, seq) };
  });
};
