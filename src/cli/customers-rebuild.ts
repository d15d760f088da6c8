/**
 * `attune customers rebuild`: folds every customer again from the stored signals, page by page, and says which are not as stored.
 * Changes nothing without `--write`. Status 1 where something differs and was not written.
 */
import { DEFAULT_TENANT, type Attune } from "../work/attune.ts";
import type { RebuildFinding, RebuildPage } from "../work/rebuild.ts";
import { clip } from "./columns.ts";
import { connected } from "./connected.ts";
import { startProgress } from "./progress.ts";
import type { Call, Exit, Terminal } from "./terminal.ts";

/** Customers a request: a second or so of work where each has dozens of signals. */
const PAGE = 50;

/** Findings that are kept for `--json`, and those that a person is shown. */
const KEPT = 1000;
const SHOWN = 20;

/** All pages together; `findings` are the first 1,000. */
export interface RebuildSummary {
  customers: number;
  signals: number;
  same: number;
  different: number;
  written: number;
  incomplete: number;
  moved: number;
  readonly findings: RebuildFinding[];
}

const emptySummary = (): RebuildSummary => ({
  customers: 0,
  signals: 0,
  same: 0,
  different: 0,
  written: 0,
  incomplete: 0,
  moved: 0,
  findings: [],
});

const addPage = (summary: RebuildSummary, page: RebuildPage): void => {
  summary.customers += page.customers;
  summary.signals += page.signals;
  summary.same += page.customers - page.findings.length;
  for (const finding of page.findings) {
    summary[finding.kind] += 1;
    if (finding.written) summary.written += 1;
    if (summary.findings.length < KEPT) summary.findings.push(finding);
  }
};

const rebuildAll = async (
  attune: Attune,
  terminal: Terminal,
  write: boolean,
): Promise<RebuildSummary> => {
  const summary = emptySummary();
  const total = (await attune.status()).store.customers;
  const progress = startProgress(terminal, { title: "rebuild", total, unit: "signals" });
  try {
    for (let after: string | null = ""; after !== null && !terminal.stop.aborted;) {
      const page: RebuildPage = await attune.rebuildCustomers({
        tenant: DEFAULT_TENANT,
        write,
        after,
        limit: PAGE,
      });
      addPage(summary, page);
      progress.update(summary.customers, summary.signals);
      after = page.next;
    }
  } finally {
    progress.stop();
  }
  return summary;
};

const WORDS = {
  different: "differs in",
  incomplete: "lacks stored signals; it was left as it is",
  moved: "got new signals all the time; run it again",
} as const;

const lineOf = ({ customerId, kind, fields }: RebuildFinding): string =>
  `${clip(customerId, 30)} ${WORDS[kind]}${kind === "different" ? ` ${clip(fields.join(", "), 100)}` : ""}`;

/** A line for each of the first customers found, then one that counts. */
export const rebuildAsText = (summary: RebuildSummary): string => {
  const { customers, signals, same, different, written, incomplete, moved } = summary;
  const found = different + incomplete + moved;
  const counted = [
    `${same} as stored`,
    `${different} differ${written > 0 ? `, ${written} of them written` : ""}`,
    ...(incomplete > 0 ? [`${incomplete} incomplete`] : []),
    ...(moved > 0 ? [`${moved} not settled`] : []),
  ];
  return [
    ...summary.findings.slice(0, SHOWN).map(lineOf),
    ...(found > SHOWN ? [`… and ${found - SHOWN} more`] : []),
    `${customers} customers, ${signals} signals folded again: ${counted.join(", ")}`,
  ].join("\n");
};

export const customersRebuild = async (call: Call, write: boolean): Promise<Exit> => {
  const { context, terminal } = call;
  const summary = await connected(call, ({ attune }) => rebuildAll(attune, terminal, write));
  terminal.out(context.json ? JSON.stringify(summary) : rebuildAsText(summary));
  if (terminal.stop.aborted) {
    terminal.note(
      "attune: interrupted before the last customer\n→ run it again: what was written is right already",
    );
    return 1;
  }
  const open = summary.different - summary.written + summary.incomplete + summary.moved;
  if (!context.json && !write && summary.different > 0)
    terminal.note("Nothing was changed: attune customers rebuild --write stores what was folded.");
  return open === 0 ? 0 : 1;
};
