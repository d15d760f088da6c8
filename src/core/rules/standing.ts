/**
 * When and for whom a rule stands, beside its conditions: status, schedule, audience. A rule that is no draft and not retired is live.
 * Schedule and audience are read from facts alone (`signal.now`, `customer.*`), so that a stored decision can be told again.
 */
import type { Facts } from "../facts.ts";
import type { Outcome } from "../outcome.ts";
import type { Test } from "./compile.ts";
import type { Condition } from "./condition.ts";
import { hoursHere, instantOf } from "./date-operators.ts";
import type { RuleSource } from "./schema.ts";

/** Only `live` rules decide; `draft` and `retired` ones are checked and tested, no more. */
export type RuleStatus = "draft" | "live" | "retired";

/** When a rule stands: from (inclusive) to (exclusive), and within hours of the week. */
export interface RuleSchedule {
  /** Milliseconds since 1970. */
  readonly from?: number;
  readonly to?: number;
  /** As written: "mon-fri 09:00-18:00". Always, unless given. */
  readonly hours?: readonly string[];
  /** IANA name; the customer's own (else UTC) unless given. */
  readonly timeZone?: string;
}

/** Whose rule it is, among customers. */
export interface RuleAudience {
  readonly condition: Condition;
  readonly holds: Test;
}

/** The schedule as it stands in a file, read. */
export const scheduleOf = (source: NonNullable<RuleSource["schedule"]>): RuleSchedule => {
  const { from, to, hours, timeZone } = source;
  const [begins, ends] = [instantOf(from), instantOf(to)];
  return {
    ...(begins === undefined ? {} : { from: begins }),
    ...(ends === undefined ? {} : { to: ends }),
    ...(hours === undefined ? {} : { hours: typeof hours === "string" ? [hours] : hours }),
    ...(timeZone === undefined ? {} : { timeZone }),
  };
};

const day = (ms: number): string => new Date(ms).toISOString().replace(/:00\.000Z$/u, "Z");

/** Why the schedule keeps the rule from a signal, in words; undefined when it does not. */
const offSchedule = (schedule: RuleSchedule, facts: Facts): string | undefined => {
  const now = instantOf(facts["signal.now"]);
  if (now === undefined) return "the signal has no instant";
  const { from, to, hours, timeZone } = schedule;
  if (from !== undefined && now < from) return `in force from ${day(from)}; it was ${day(now)}`;
  if (to !== undefined && now >= to) return `in force until ${day(to)}; it was ${day(now)}`;
  if (hours === undefined) return undefined;
  const zone = timeZone ?? facts["customer.timeZone"] ?? null;
  return hoursHere(hours, now, zone)
    ? undefined
    : `in force ${hours.join(", ")} (${typeof zone === "string" ? zone : "UTC"}); it was ${day(now)}`;
};

/** "from 2026-12-01T00:00Z, mon-fri 09:00-18:00 (Europe/London)"; "always" where nothing limits it. */
export const scheduleInWords = (schedule: RuleSchedule = {}): string => {
  const { from, to, hours, timeZone } = schedule;
  const clock = timeZone ?? "the customer's clock";
  const parts = [
    ...(from === undefined ? [] : [`from ${day(from)}`]),
    ...(to === undefined ? [] : [`until ${day(to)}`]),
    ...(hours === undefined ? [] : [`${hours.join(", ")} (${clock})`]),
  ];
  return parts.join(", ") || "always";
};

/** What of a rule its standing is told from. */
interface Standing {
  readonly rule: string;
  readonly schedule?: RuleSchedule;
  readonly audience?: RuleAudience;
}

/** What keeps a rule whose conditions hold from proposing: its audience or its schedule. Throws when a fact of the audience cannot be read. */
export const standsAside = (rule: Standing, facts: Facts): "audience" | "schedule" | undefined => {
  if (rule.audience !== undefined && !rule.audience.holds(facts)) return "audience";
  if (rule.schedule === undefined) return undefined;
  return offSchedule(rule.schedule, facts) === undefined ? undefined : "schedule";
};

/** The same as an outcome with its reason; `failure` puts a condition that did not hold into words. */
export const outcomeAside = (
  rule: Standing,
  facts: Facts,
  failure: (condition: Condition) => string,
): Outcome | undefined => {
  const code = standsAside(rule, facts);
  if (code === undefined) return undefined;
  const detail =
    code === "audience"
      ? rule.audience && failure(rule.audience.condition)
      : rule.schedule && offSchedule(rule.schedule, facts);
  return { rule: rule.rule, code, ...(detail === undefined ? {} : { detail }) };
};
