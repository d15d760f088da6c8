/**
 * `POST /v1/backtest`: a candidate playbook on the stored signals. Answers with JSON lines: `{"done", "total"}` while it runs, then `{"report"}` or `{"error"}`.
 * What is refused before the first signal is refused as everywhere; a caller that hangs up ends it.
 */
import { PassThrough } from "node:stream";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { type Attune, DEFAULT_TENANT } from "../work/attune.ts";
import type { BacktestRequest } from "../work/backtest.ts";
import { asAttuneError, errorBody } from "./answer.ts";
import { parsed } from "./parse.ts";
import { BODY_BYTES, filesSchema } from "./playbook.ts";

const backtestSchema = z.strictObject({
  files: filesSchema.optional(),
  days: z.number().int().min(1).max(3_660).default(30),
  readAgain: z.boolean().default(false),
  samples: z.number().int().min(0).max(100).default(10),
});

/** The lines, once there is one to send; rejects with what kept it from beginning. */
const linesOf = (attune: Attune, request: BacktestRequest): Promise<PassThrough> =>
  new Promise((begin, refuse) => {
    const lines = new PassThrough();
    const hungUp = new AbortController();
    lines.on("close", () => hungUp.abort());
    let hasBegun = false;
    const write = (line: object): void => {
      lines.write(`${JSON.stringify(line)}\n`);
      hasBegun = true;
      begin(lines);
    };
    const running = attune.backtest(DEFAULT_TENANT, request, {
      stop: hungUp.signal,
      onProgress: (_stage, done, total) => write({ done, total }),
    });
    running
      .then((report) => write({ report }))
      .catch((raised: unknown) => {
        if (hasBegun) write(errorBody(asAttuneError(raised)));
        else refuse(raised);
      })
      .finally(() => lines.end());
  });

/** Registers the route of back-tests. */
export const backtestRoutes = (server: FastifyInstance, attune: Attune): void => {
  server.post("/v1/backtest", { bodyLimit: BODY_BYTES }, async (request, reply) => {
    const asked = parsed(backtestSchema, request.body, "body");
    const lines = await linesOf(attune, asked);
    return reply.type("application/x-ndjson").send(lines);
  });
};
