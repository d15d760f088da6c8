/** A back-test in another process: its lines as they come over HTTP, progress first, then the report or what went wrong. */
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { z } from "zod";
import { AttuneError } from "../errors.ts";
import type { Attune } from "../work/attune.ts";
import type { BacktestReport } from "../work/backtest.ts";
import { type Door, jsonOf, refusalOf, send, TRAINING_DEADLINE_MS } from "./door.ts";

const lineSchema = z.union([
  z.object({ done: z.number(), total: z.number() }),
  z.object({ report: z.custom<BacktestReport>((value) => typeof value === "object") }),
  z.object({ error: z.object({}) }),
]);

const ask = async (
  door: Door,
  [_tenant, body, watch = {}]: Parameters<Attune["backtest"]>,
): Promise<BacktestReport> => {
  const { stop, onProgress } = watch;
  const asked = { method: "POST", body, deadlineMs: TRAINING_DEADLINE_MS, stop } as const;
  const answer = await send(door, "/v1/backtest", asked);
  if (!answer.ok || answer.body === null) throw refusalOf(answer.status, await answer.text());
  for await (const text of createInterface({ input: Readable.fromWeb(answer.body) })) {
    const read = lineSchema.safeParse(jsonOf(text));
    if (!read.success || "error" in read.data) throw refusalOf(answer.status, text);
    if ("report" in read.data) return read.data.report;
    onProgress?.("back-test", read.data.done, read.data.total);
  }
  throw new AttuneError("REMOTE_FAILED", "The back-test ended without a report.");
};

/** `Attune.backtest` at an address. */
export const remoteBacktest =
  (door: Door): Attune["backtest"] =>
  async (...asked) => {
    try {
      return await ask(door, asked);
    } catch (cause) {
      if (asked[2]?.stop?.aborted !== true) throw cause;
      throw new AttuneError("INTERRUPTED", "The back-test was stopped before its last signal.", {
        cause,
      });
    }
  };
