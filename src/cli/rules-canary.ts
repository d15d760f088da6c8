/** `attune rules canary`: how a playbook does that is tried on a share of the customers; also its end, for all or for nobody. */
import type { SideFigures } from "../core/canary.ts";
import { EVIDENCE_LIMIT, GUARD_SIGNALS_MIN, type GuardrailReading } from "../core/guardrails.ts";
import { AttuneError } from "../errors.ts";
import { DEFAULT_TENANT } from "../work/attune.ts";
import type { CanaryState } from "../work/publication.ts";
import { padColumns } from "./columns.ts";
import { connected } from "./connected.ts";
import type { Call, Exit } from "./terminal.ts";

export interface CanaryOptions {
  readonly promote?: boolean;
  readonly end?: boolean;
}

const ROWS: readonly (readonly [keyof SideFigures, string])[] = [
  ["customers", "customers"],
  ["signals", "signals"],
  ["replies", "replies"],
  ["answered", "customers answered"],
  ["answeredOften", "answered three times or more"],
  ["faulty", "customers with a fault"],
  ["complained", "customers who complained"],
];

const guardrailAsText = ({ name, evidence, isBreached }: GuardrailReading): string =>
  `  ${padColumns(name, 28)}${isBreached ? "breached" : "holds"} (${evidence <= 1 ? "no sign of harm" : `${evidence.toPrecision(3)} times likelier than chance; it ends at ${EVIDENCE_LIMIT}`})`;

/** Figures of both sides, then the guardrails. */
export const canaryAsText = ({ hash, percent, since, figures, readings }: CanaryState): string =>
  [
    `playbook ${hash} is tried on ${percent} % of the customers since ${since}`,
    `  ${padColumns("", 30)}${padColumns("live", 10)}candidate`,
    ...ROWS.map(
      ([name, words]) =>
        `  ${padColumns(words, 30)}${padColumns(String(figures.live[name]), 10)}${figures.candidate[name]}`,
    ),
    figures.candidate.signals < GUARD_SIGNALS_MIN
      ? `guardrails (from ${GUARD_SIGNALS_MIN} signals of the candidate on)`
      : "guardrails",
    ...readings.map(guardrailAsText),
  ].join("\n");

export const rulesCanary = async (call: Call, options: CanaryOptions): Promise<Exit> => {
  const { terminal, context } = call;
  if (options.promote === true && options.end === true)
    throw new AttuneError("USAGE", "--promote and --end exclude each other.");
  if (options.promote === true || options.end === true) {
    const how = options.promote === true ? "promote" : "abort";
    const receipt = await connected(call, ({ attune }) => attune.endCanary(DEFAULT_TENANT, how));
    terminal.out(
      context.json ? JSON.stringify(receipt) : `playbook ${receipt.hash} is in force for all`,
    );
    return 0;
  }
  const canary = await connected(call, ({ attune }) => attune.canary(DEFAULT_TENANT));
  if (context.json) terminal.out(JSON.stringify({ canary }));
  else
    terminal.out(
      canary === null ? "no canary runs: attune rules publish --percent 10" : canaryAsText(canary),
    );
  return 0;
};
