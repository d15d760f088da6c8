/**
 * `attune rules test`: runs the examples that stand in the rule files, by our evaluator and by json-rules-engine, and says which conditions they have shown.
 * Opens no store. An example's text is analysed as a customer's would be; nothing is known of who said it unless the example says so.
 */
import { preparePlaybook } from "../core/prepare.ts";
import type { PlaybookFiles } from "../core/playbook.ts";
import type { CoveredCondition } from "../core/rules/coverage.ts";
import { locator } from "../core/rules/lint/locate.ts";
import { AttuneError } from "../errors.ts";
import { playbookOf, readPlaybookFiles } from "../work/publish.ts";
import { type RulesTestReport, testRules, type TestedPlaybook } from "../work/rules-test.ts";
import { columnsOf, padColumns } from "./columns.ts";
import { writeWhole } from "./files.ts";
import { asJunit } from "./junit.ts";
import { createPaint, type Call, type Exit, type Paint } from "./terminal.ts";
import { comparisonAsText } from "./words.ts";

export interface RulesTestOptions {
  /** Name every condition that was never true or never false. */
  readonly coverage?: boolean;
  /** Fail below so many percent of what conditions can be, true and false, seen in examples. */
  readonly minCoverage?: number;
  /** File for JUnit's XML. */
  readonly junit?: string;
}

const openPlaybook = (files: PlaybookFiles): TestedPlaybook => {
  const prepared = preparePlaybook(playbookOf(files));
  if (prepared.kind === "sound") return prepared.value;
  throw new AttuneError("PLAYBOOK_INVALID", "The examples cannot run, the playbook has faults:", {
    faults: prepared.faults,
  });
};

const failureAsText = ({ expected, actual, detail }: RulesTestReport["failures"][number]): string =>
  `expected ${expected}, was ${actual}${detail === "" ? "" : `; ${detail}`}`;

const differenceAsText = ({ ours, theirs }: RulesTestReport["differences"][number]): string =>
  `attune says ${ours}, json-rules-engine says ${theirs}`;

/** Failures and differences one below the other, then one line that counts, and one on what the examples have shown. */
export const rulesTestAsText = (
  report: RulesTestReport,
  paint: Paint = createPaint(false),
): string => {
  const { rules, examples, failures, differences, withoutExamples, conditions, coverage } = report;
  return [
    ...failures.map((failure) => `${paint.red("✗")} ${failure.place}: ${failureAsText(failure)}`),
    ...differences.map(
      (difference) => `${paint.yellow("≠")} ${difference.place}: ${differenceAsText(difference)}`,
    ),
    ...withoutExamples.map((rule) => `${paint.yellow("?")} ${rule} has no example`),
    `${rules} rules, ${examples} examples, ${failures.length} failed, ${differences.length} judged otherwise by json-rules-engine`,
    `${conditions.length} conditions, each to be true and to be false: ${Math.floor(coverage)} % shown by examples`,
  ].join("\n");
};

/** A condition with where it stands in its file. */
type LocatedCondition = CoveredCondition & { readonly line: number; readonly column: number };

const located = (
  conditions: readonly CoveredCondition[],
  files: PlaybookFiles,
): readonly LocatedCondition[] => {
  const locate = locator(files);
  return conditions.map((condition) => ({ ...condition, ...locate(condition.place) }));
};

const gapOf = ({ wasTrue, wasFalse }: CoveredCondition): string | undefined => {
  if (wasTrue && wasFalse) return undefined;
  if (!wasTrue && !wasFalse) return "no example looks at it";
  return wasTrue ? "never false" : "never true";
};

/** What the examples have not shown, a row each: `rules/delivery.json:31:13  never false  feedback.rating ≤ 2`. */
const gapsAsText = (conditions: readonly LocatedCondition[]): readonly string[] => {
  const rows = conditions.flatMap((condition) => {
    const gap = gapOf(condition);
    const file = condition.place.split(" › ")[0] ?? "";
    const spot = `${file}:${condition.line}:${condition.column}`;
    return gap === undefined ? [] : [[spot, gap, comparisonAsText(condition.comparison)] as const];
  });
  const wide = (column: 0 | 1): number => Math.max(0, ...rows.map((row) => columnsOf(row[column])));
  const [first, second] = [wide(0), wide(1)];
  return rows.map(
    ([spot, gap, words]) => `${padColumns(spot, first)}  ${padColumns(gap, second)}  ${words}`,
  );
};

/** A test for each example, failed where it is not as expected or judged otherwise. */
const asTests = ({ tested }: RulesTestReport): string =>
  asJunit(
    "rules test",
    tested.map(({ place, failures, differences }) => ({
      name: place,
      failures: [
        ...failures.map((failure) => ({
          type: "example",
          message: failureAsText(failure),
          text: failureAsText(failure),
        })),
        ...differences.map((difference) => ({
          type: "json-rules-engine",
          message: differenceAsText(difference),
          text: differenceAsText(difference),
        })),
      ],
    })),
  );

export const rulesTest = async (
  { context, terminal }: Call,
  { coverage = false, minCoverage = 0, junit }: RulesTestOptions = {},
): Promise<Exit> => {
  const files = readPlaybookFiles(context.home);
  const report = await testRules(openPlaybook(files));
  if (junit !== undefined) writeWhole(junit, asTests(report));
  const conditions = located(report.conditions, files);
  const { tested: _tested, ...told } = report;
  if (context.json) terminal.out(JSON.stringify({ ...told, conditions }));
  else {
    if (coverage) for (const line of gapsAsText(conditions)) terminal.out(line);
    terminal.out(rulesTestAsText(report, terminal.paint));
  }
  const isCovered = report.coverage >= minCoverage;
  if (!isCovered)
    terminal.note(`the examples cover ${report.coverage.toFixed(1)} %, less than ${minCoverage} %`);
  return report.failures.length + report.differences.length === 0 && isCovered ? 0 : 1;
};
