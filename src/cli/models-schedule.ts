/**
 * `attune models schedule`: plans retraining by a cron expression, ends a plan, or lists them all.
 * Only workers retrain: with the embedded store nothing is trained until `attune start` runs.
 */
import { AttuneError } from "../errors.ts";
import { type Attune, DEFAULT_TENANT } from "../work/attune.ts";
import type { RetrainSchedule } from "../work/schedules.ts";
import { connected } from "./connected.ts";
import { endedAsText, schedulesAsText } from "./models-text.ts";
import type { Call, Exit } from "./terminal.ts";

export interface ScheduleFlags {
  readonly cron?: string;
  readonly timezone?: string;
  /** Names with commas between them. */
  readonly tasks?: string;
  readonly seed?: number;
  readonly promote?: boolean;
  /** Id of the schedule to end; true for the only one. */
  readonly off?: string | true;
}

const PLANNING = ["cron", "timezone", "tasks", "seed", "promote"] as const;

const checkFlags = (flags: ScheduleFlags): void => {
  const given = PLANNING.find((name) => flags[name] !== undefined);
  if (given === undefined) return;
  if (flags.off !== undefined)
    throw new AttuneError("USAGE", `--off ends a schedule: leave out --${given}`);
  if (flags.cron === undefined)
    throw new AttuneError(
      "USAGE",
      `--${given} says what to plan: say when with --cron "0 3 * * 0"`,
    );
};

const plan = async (call: Call, cron: string, flags: ScheduleFlags): Promise<Exit> => {
  const { context, terminal } = call;
  const { timezone: timeZone, seed, promote } = flags;
  const tasks = flags.tasks?.split(",").map((name) => name.trim());
  const request = { cron, timeZone, tasks, seed, promote };
  const planned = await connected(call, ({ attune }) =>
    attune.scheduleRetraining(DEFAULT_TENANT, request),
  );
  terminal.out(
    context.json
      ? JSON.stringify(planned)
      : schedulesAsText([planned], { now: Date.now(), paint: terminal.paint }),
  );
  return 0;
};

/** Id of the only schedule; throws where there is none or where one must be named. */
const onlyOne = async (attune: Attune): Promise<string> => {
  const [first, second, ...others] = await attune.retrainSchedules(DEFAULT_TENANT);
  if (first === undefined)
    throw new AttuneError("NOT_FOUND", "No retraining is scheduled; there is nothing to end.");
  if (second === undefined) return first.id;
  const ids = [first, second, ...others].map(({ id }) => id);
  throw new AttuneError("USAGE", `Name the schedule to end: --off with ${ids.join(", ")}.`);
};

const end = async (call: Call, off: string | true): Promise<Exit> => {
  const ended: RetrainSchedule = await connected(call, async ({ attune }) =>
    attune.endRetrainSchedule(DEFAULT_TENANT, off === true ? await onlyOne(attune) : off),
  );
  call.terminal.out(call.context.json ? JSON.stringify({ ended }) : endedAsText(ended));
  return 0;
};

const list = async (call: Call): Promise<Exit> => {
  const { context, terminal } = call;
  const schedules = await connected(call, ({ attune }) => attune.retrainSchedules(DEFAULT_TENANT));
  terminal.out(
    context.json
      ? JSON.stringify({ schedules })
      : schedulesAsText(schedules, { now: Date.now(), paint: terminal.paint }),
  );
  return 0;
};

export const modelsSchedule = async (call: Call, flags: ScheduleFlags): Promise<Exit> => {
  checkFlags(flags);
  if (flags.off !== undefined) return end(call, flags.off);
  return flags.cron === undefined ? list(call) : plan(call, flags.cron, flags);
};
