/** Where a process says what it does: JSON lines on standard error, so that standard output stays the command's own. */
import { pino } from "pino";
import type { Config } from "./config.ts";
import type { Log } from "./core/ports.ts";

export const openLog = (level: Config["logLevel"]): Log => {
  const logger = pino({ level, base: null }, pino.destination({ dest: 2, sync: true }));
  return (severity, sentence, details) => logger[severity](details ?? {}, sentence);
};
