/** `attune rules backtest`: what a candidate playbook would have done with the signals that are stored. Changes nothing; ends with 0 whatever it finds. */
import { DEFAULT_TENANT } from "../work/attune.ts";
import { readCandidateFiles } from "../work/publish.ts";
import { backtestPage } from "./backtest-page.ts";
import { backtestAsText } from "./backtest-text.ts";
import { connected } from "./connected.ts";
import { writeWhole } from "./files.ts";
import { showStages } from "./text-models.ts";
import type { Call, Exit } from "./terminal.ts";

export interface BacktestFlags {
  readonly days: number;
  /** Folder of the candidate; the playbook in force when absent. */
  readonly rules?: string | undefined;
  /** File for a page with charts. */
  readonly html?: string | undefined;
  readonly readAgain: boolean;
  readonly samples: number;
}

export const rulesBacktest = async (
  call: Call,
  { days, rules, html, readAgain, samples }: BacktestFlags,
): Promise<Exit> => {
  const { context, terminal } = call;
  const files = rules === undefined ? undefined : readCandidateFiles(rules);
  const stages = showStages(terminal, "signals");
  try {
    const report = await connected(call, ({ attune }) =>
      attune.backtest(
        DEFAULT_TENANT,
        { days, readAgain, samples, ...(files === undefined ? {} : { files }) },
        { onProgress: stages.onProgress, stop: terminal.stop },
      ),
    );
    stages.stop();
    if (html !== undefined) writeWhole(html, backtestPage(report));
    const { paint, columns } = terminal;
    const wrote = html === undefined ? "" : `\n\nwrote ${html}`;
    terminal.out(
      context.json
        ? JSON.stringify(report)
        : `${backtestAsText(report, { paint, columns })}\n\nresult ${report.hash.slice(0, 12)}${wrote}`,
    );
    return 0;
  } finally {
    stages.stop();
  }
};
