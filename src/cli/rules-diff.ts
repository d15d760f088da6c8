/** `attune rules diff A B`: what changed between two playbooks, each a folder, `live` or a stored one by its hash. Ends with 1 where something did, as diff does. */
import { existsSync } from "node:fs";
import {
  comparePlaybooks,
  type FileDifference,
  type PlaybookDifference,
  type TemplateDifference,
} from "../core/compare-playbooks.ts";
import type { DiffLine } from "../core/line-diff.ts";
import type { PlaybookFiles } from "../core/playbook.ts";
import type { RuleDifference } from "../core/rules/diff.ts";
import { AttuneError } from "../errors.ts";
import { DEFAULT_TENANT } from "../work/attune.ts";
import { playbookOf, readCandidateFiles } from "../work/publish.ts";
import { printable, wrapColumns } from "./columns.ts";
import { connected } from "./connected.ts";
import { createPaint, type Call, type Exit, type Paint } from "./terminal.ts";

export interface DiffNames {
  readonly before: string;
  readonly after: string;
}

export interface DiffView {
  readonly paint: Paint;
  readonly columns: number;
}

const MARKS = { added: "+", removed: "−", renamed: "→", changed: "~" } as const;

const coloured = (kind: keyof typeof MARKS, text: string, paint: Paint): string => {
  if (kind === "added") return paint.green(text);
  return kind === "removed" ? paint.red(text) : paint.bold(text);
};

const bullets = (sentences: readonly string[], { columns }: DiffView): readonly string[] =>
  sentences.map(
    (sentence) =>
      `    ${wrapColumns(sentence, Math.max(40, columns - 4)).replaceAll("\n", "\n      ")}`,
  );

const ruleLines = (
  { kind, rule, was, sentences }: RuleDifference,
  view: DiffView,
): readonly string[] => {
  const name = was === undefined ? `${rule} ${kind}` : `${was} is now called ${rule}`;
  return [
    coloured(kind, `  ${MARKS[kind]} ${printable(name)}`, view.paint),
    ...bullets(sentences, view),
  ];
};

/** Unchanged lines that are shown around a changed one. */
const AROUND = 1;

const nearChange = (lines: readonly DiffLine[], place: number): boolean =>
  lines.slice(Math.max(0, place - AROUND), place + AROUND + 1).some(({ kind }) => kind !== "same");

const diffLine = ({ kind, text }: DiffLine, paint: Paint): string => {
  const plain = printable(text);
  if (kind === "added") return paint.green(`    + ${plain}`);
  return kind === "removed" ? paint.red(`    − ${plain}`) : `      ${plain}`;
};

const templateLines = (
  { kind, path, lines }: TemplateDifference,
  { paint }: DiffView,
): readonly string[] => [
  coloured(kind, `  ${MARKS[kind]} ${printable(path)} ${kind}`, paint),
  ...lines.filter((_, place) => nearChange(lines, place)).map((line) => diffLine(line, paint)),
];

const fileLines = (
  { kind, path, sentences }: FileDifference,
  view: DiffView,
): readonly string[] => [
  coloured(kind, `  ${MARKS[kind]} ${printable(path)} ${kind}`, view.paint),
  ...bullets(sentences, view),
];

const section = (title: string, lines: readonly string[], { paint }: DiffView): readonly string[] =>
  lines.length === 0 ? [] : [paint.bold(title), ...lines];

/** The whole difference as text. */
export const diffAsText = (
  { same, rules, templates, policy, files }: PlaybookDifference,
  view: DiffView = { paint: createPaint(false), columns: 100 },
): string =>
  same
    ? "nothing changed"
    : [
        ...section(
          "rules",
          rules.flatMap((rule) => ruleLines(rule, view)),
          view,
        ),
        ...section(
          "contact policy",
          policy.map((sentence) => `  ~ ${printable(sentence)}`),
          view,
        ),
        ...section(
          "templates",
          templates.flatMap((one) => templateLines(one, view)),
          view,
        ),
        ...section(
          "models, lexicons, articles",
          files.flatMap((one) => fileLines(one, view)),
          view,
        ),
      ].join("\n");

/** A folder where there is one of that name, else a stored playbook. */
const filesNamed = async (call: Call, name: string): Promise<PlaybookFiles> =>
  existsSync(name)
    ? readCandidateFiles(name)
    : (await connected(call, ({ attune }) => attune.playbookNamed(DEFAULT_TENANT, name))).files;

const idOf = (path: string, text: string): string => playbookOf({ [path]: text }).hash.slice(0, 12);

const isRule = (path: string): boolean => path.startsWith("rules/");

/** A folder of rules alone says nothing about models: those of the other side are taken. */
const besides = (files: PlaybookFiles, other: PlaybookFiles): PlaybookFiles => {
  if (!Object.keys(files).every(isRule)) return files;
  return {
    ...Object.fromEntries(Object.entries(other).filter(([path]) => !isRule(path))),
    ...files,
  };
};

export const rulesDiff = async (call: Call, names: DiffNames): Promise<Exit> => {
  const left = await filesNamed(call, names.before);
  const right = await filesNamed(call, names.after);
  const compared = comparePlaybooks({
    before: besides(left, right),
    after: besides(right, left),
    idOf,
  });
  if (compared.kind === "faulty")
    throw new AttuneError("PLAYBOOK_INVALID", "The rules cannot be compared:", {
      faults: compared.faults,
    });
  const { context, terminal } = call;
  const { paint, columns } = terminal;
  terminal.out(
    context.json ? JSON.stringify(compared.value) : diffAsText(compared.value, { paint, columns }),
  );
  return compared.value.same ? 0 : 1;
};
