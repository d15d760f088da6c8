/**
 * `attune rules lint`: every file of the playbook as publishing would check it, and what can be proven of the rules. Opens no store.
 * Ends with 1 where there is an error, with `--strict` also where there is a warning; notes never fail.
 */
import { preparePlaybook } from "../core/prepare.ts";
import { type Diagnostic, LINT_CODES, type Severity } from "../core/rules/lint/codes.ts";
import { lintPlaybook } from "../core/rules/lint/lint.ts";
import { playbookOf, readPlaybookFiles } from "../work/publish.ts";
import { writeWhole } from "./files.ts";
import { asJunit } from "./junit.ts";
import type { Call, Exit } from "./terminal.ts";

export interface LintOptions {
  readonly strict: boolean;
  /** File for SARIF 2.1.0, which code hosts show beside the lines. */
  readonly sarif?: string;
  /** File for JUnit's XML, which build servers show as tests. */
  readonly junit?: string;
}

const fileOf = ({ place }: Diagnostic): string => place.split(" › ")[0] ?? place;

const insideOf = ({ place }: Diagnostic): string => {
  const inside = place.split(" › ").slice(1).join(" › ");
  return inside === "" ? "" : `${inside}: `;
};

const lineOf = (one: Diagnostic): string =>
  `${fileOf(one)}:${one.line}:${one.column}: ${one.severity} ${one.code}: ${insideOf(one)}${one.sentence}`;

const SEVERITIES: readonly Severity[] = ["error", "warning", "note"];

const countsOf = (found: readonly Diagnostic[]): string =>
  SEVERITIES.map((severity) => {
    const count = found.filter((one) => one.severity === severity).length;
    return `${count} ${severity}${count === 1 ? "" : "s"}`;
  }).join(", ");

/** What was found, a line each, or that nothing was. */
export const lintAsText = (files: number, found: readonly Diagnostic[]): string =>
  found.length === 0
    ? `${files} files, no faults`
    : [...found.map(lineOf), `${files} files, ${countsOf(found)}`].join("\n");

/** SARIF 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0. */
export const lintAsSarif = (found: readonly Diagnostic[]): string =>
  JSON.stringify(
    {
      $schema: "https://json.schemastore.org/sarif-2.1.0.json",
      version: "2.1.0",
      runs: [
        {
          tool: {
            driver: {
              name: "attune rules lint",
              rules: Object.entries(LINT_CODES).map(([id, { severity, meaning, remedy }]) => ({
                id,
                shortDescription: { text: meaning },
                help: { text: remedy },
                defaultConfiguration: { level: severity },
              })),
            },
          },
          results: found.map((one) => ({
            ruleId: one.code,
            level: one.severity,
            message: { text: `${insideOf(one)}${one.sentence}` },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: fileOf(one) },
                  region: { startLine: one.line, startColumn: one.column },
                },
              },
            ],
          })),
        },
      ],
    },
    null,
    2,
  );

/** A test for each file, failed by its errors and warnings. */
export const lintAsJunit = (files: readonly string[], found: readonly Diagnostic[]): string => {
  const bad = found.filter(({ severity }) => severity !== "note");
  const names = [...new Set([...files, ...bad.map(fileOf)])];
  return asJunit(
    "rules lint",
    names.map((name) => ({
      name,
      failures: bad
        .filter((one) => fileOf(one) === name)
        .map((one) => ({ type: one.code, message: one.sentence, text: lineOf(one) })),
    })),
  );
};

export const rulesLint = async (
  { context, terminal }: Call,
  { strict, sarif, junit }: LintOptions,
): Promise<Exit> => {
  const files = readPlaybookFiles(context.home);
  const prepared = preparePlaybook(playbookOf(files));
  const faults = prepared.kind === "faulty" ? prepared.faults : [];
  const found = lintPlaybook(files, faults);
  const names = Object.keys(files);
  if (sarif !== undefined) writeWhole(sarif, lintAsSarif(found));
  if (junit !== undefined) writeWhole(junit, lintAsJunit(names, found));
  terminal.out(
    context.json
      ? JSON.stringify({ files: names, faults, diagnostics: found })
      : lintAsText(names.length, found),
  );
  const failing: readonly Severity[] = strict ? ["error", "warning"] : ["error"];
  return found.some(({ severity }) => failing.includes(severity)) ? 1 : 0;
};
