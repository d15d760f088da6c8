/**
 * `/v1/signals`: what a CRM backend sends, how far it is, and why it was decided so.
 * A signal is stored before it is acknowledged; good ones are taken although their neighbours are refused.
 */
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { LIMITS } from "../core/limits.ts";
import { quote } from "../core/fault.ts";
import { AttuneError } from "../errors.ts";
import {
  type Attune,
  DEFAULT_TENANT,
  type EnqueueReceipt,
  type EnqueueRequest,
} from "../work/attune.ts";
import { errorBody } from "./answer.ts";
import { idOf, parsed } from "./parse.ts";

/** Bytes of one request: `LIMITS.batchSignals` texts of full length in Chinese, with room for their properties. */
const BODY_BYTES = 16 * 1024 * 1024;

const manySchema = z.strictObject({
  signals: z
    .array(z.unknown(), 'is not a list; send "signals": [...]')
    .min(1, "is empty; send at least one signal")
    .max(
      LIMITS.batchSignals,
      `holds more than ${LIMITS.batchSignals} signals; send several requests`,
    ),
  clock: z
    .enum(["database", "signal"], {
      error: 'is not a clock; say "database" (the default) or "signal"',
    })
    .default("database"),
});

const requestOf = (body: unknown): EnqueueRequest => {
  const many = typeof body === "object" && body !== null && Object.hasOwn(body, "signals");
  if (many) return { tenant: DEFAULT_TENANT, ...parsed(manySchema, body, "body") };
  return { tenant: DEFAULT_TENANT, signals: [body], clock: "database" };
};

const answerReceipt = (receipt: EnqueueReceipt, reply: FastifyReply): FastifyReply => {
  if (receipt.accepted.length > 0 || receipt.refused.length === 0)
    return reply.code(202).send(receipt);
  const faults = receipt.refused.flatMap((refused) => refused.faults);
  const error = new AttuneError("INPUT_INVALID", "No signal was taken.", { faults });
  return reply.code(422).send({ ...errorBody(error), ...receipt });
};

/** Registers the routes of signals. */
export const signalRoutes = (server: FastifyInstance, attune: Attune): void => {
  server.post("/v1/signals", { bodyLimit: BODY_BYTES }, async (request, reply) =>
    answerReceipt(await attune.enqueue(requestOf(request.body)), reply),
  );
  server.get("/v1/signals/:id", async (request) => {
    const id = idOf(request.params);
    const state = await attune.signalState({ tenant: DEFAULT_TENANT, id });
    if (state === "unknown")
      throw new AttuneError("NOT_FOUND", `No signal ${quote(id)} was accepted.`);
    return { id, state };
  });
  server.get("/v1/signals/:id/explanation", async (request) =>
    attune.explain({ tenant: DEFAULT_TENANT, id: idOf(request.params) }),
  );
};
