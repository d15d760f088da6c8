/** `attune models drift`: what moved since the models in force were trained. Ends with 1 on an alarm. */
import CliTable from "cli-table3";
import { DEFAULT_TENANT } from "../work/attune.ts";
import type { ModelDrift } from "../work/train.ts";
import { connected } from "./connected.ts";
import { createPaint, type Call, type Exit, type Paint } from "./terminal.ts";
import { figure } from "./words.ts";

const ofModel = ({ task, report, refusal }: ModelDrift, paint: Paint): string => {
  if (report === null) return `${paint.bold(task)}: ${refusal ?? ""}`;
  const table = new CliTable({
    head: ["", "stability index", "p", ""].map((name) => paint.bold(name)),
    style: { head: [], border: [], compact: true },
    colAligns: ["left", "right", "right", "left"],
  });
  for (const { name, psi, adjusted, shifted } of report.features)
    table.push([
      name,
      figure(psi, 3),
      adjusted < 0.0001 ? "< 0.0001" : figure(adjusted, 4),
      shifted ? paint.red("shifted") : "",
    ]);
  const verdict = report.isAlarm
    ? paint.red("alarm: train it again, or find out what changed")
    : paint.green("no alarm");
  return [
    `${paint.bold(task)}: ${verdict} (false alarms: at most ${figure(100 * report.alpha, 1)} of 100 looks)`,
    table.toString(),
  ].join("\n");
};

/** Drift as a person reads it. */
export const driftAsText = (
  drift: readonly ModelDrift[],
  paint: Paint = createPaint(false),
): string => drift.map((one) => ofModel(one, paint)).join("\n\n");

export const modelsDrift = async (call: Call): Promise<Exit> => {
  const drift = await connected(call, ({ attune }) => attune.drift(DEFAULT_TENANT));
  const { context, terminal } = call;
  terminal.out(context.json ? JSON.stringify({ drift }) : driftAsText(drift, terminal.paint));
  return drift.some(({ report }) => report?.isAlarm === true) ? 1 : 0;
};
