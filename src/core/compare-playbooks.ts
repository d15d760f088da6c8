/** What changed between two playbooks: rules in words, templates line by line, the contact policy, and which models, lexicons and articles are others. */
import { type Checked, faulty, quote, sound } from "./fault.ts";
import { diffLines, type DiffLine } from "./line-diff.ts";
import type { PlaybookFiles } from "./playbook.ts";
import { POLICY_FILE } from "./replies/contact-policy.ts";
import { TEMPLATE_FOLDER } from "./replies/template.ts";
import { diffRules, type RuleDifference } from "./rules/diff.ts";
import { openRules } from "./rules/open.ts";
import { sameJson } from "./same-json.ts";
import { CATALOGUE_FILE } from "./text/catalogue.ts";
import { CORRECTIONS_FILE } from "./text/corrections.ts";

type ChangeKind = "added" | "removed" | "changed";

export interface TemplateDifference {
  readonly kind: ChangeKind;
  readonly path: string;
  /** Of a changed one: every line of both. */
  readonly lines: readonly DiffLine[];
}

/** A model, lexicon, article or other file that decides. */
export interface FileDifference {
  readonly kind: ChangeKind;
  readonly path: string;
  /** What is known of the change. */
  readonly sentences: readonly string[];
}

export interface PlaybookDifference {
  /** Nothing that decides has changed; the bytes of files may have. */
  readonly same: boolean;
  readonly rules: readonly RuleDifference[];
  readonly templates: readonly TemplateDifference[];
  readonly policy: readonly string[];
  readonly files: readonly FileDifference[];
}

export interface TwoPlaybooks {
  readonly before: PlaybookFiles;
  readonly after: PlaybookFiles;
  /** Names a content, such as the first digits of its hash. */
  readonly idOf: (path: string, text: string) => string;
}

type Named = Readonly<Record<string, unknown>>;

const isNamed = (value: unknown): value is Named =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const jsonOf = (text: string | undefined): unknown => {
  try {
    return JSON.parse(text ?? "null") as unknown;
  } catch {
    return null;
  }
};

const kindOf = (old: string | undefined, young: string | undefined): ChangeKind => {
  if (old === undefined) return "added";
  return young === undefined ? "removed" : "changed";
};

/** Paths of a kind whose text is not the same on both sides. */
const changedPaths = (
  { before, after }: TwoPlaybooks,
  wanted: (path: string) => boolean,
): readonly string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((path) => wanted(path) && before[path] !== after[path])
    .toSorted();

const capName = ({ replies: _replies, windowHours, ...rest }: Named): string =>
  `${Object.values(rest).map(String).join(" ")} replies in ${String(windowHours)} hours`;

/** What a cap is about, and how many replies it allows. */
const capsOf = (policy: Named): ReadonlyMap<string, string> => {
  const { caps } = policy;
  const list = Array.isArray(caps) ? caps.filter(isNamed) : [];
  return new Map(list.map((cap) => [capName(cap), String(cap["replies"])]));
};

const diffCaps = (left: Named, right: Named): readonly string[] => {
  const before = capsOf(left);
  const after = capsOf(right);
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((name) => {
    const old = before.get(name);
    const young = after.get(name);
    if (old === young) return [];
    if (old === undefined) return [`now at most ${String(young)} ${name}`];
    if (young === undefined) return [`no longer at most ${old} ${name}`];
    return [`at most ${old} → ${young} ${name}`];
  });
};

const told = (value: unknown): string => (value === undefined ? "none" : quote(value));

/** Any other setting, by its path. */
const diffSettings = (path: string, left: unknown, right: unknown): readonly string[] => {
  if (sameJson(left, right)) return [];
  if (!isNamed(left) || !isNamed(right)) return [`${path} ${told(left)} → ${told(right)}`];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].flatMap((name) =>
    diffSettings(path === "" ? name : `${path}.${name}`, left[name], right[name]),
  );
};

const diffPolicy = ({ before, after }: TwoPlaybooks): readonly string[] => {
  const left = jsonOf(before[POLICY_FILE]);
  const right = jsonOf(after[POLICY_FILE]);
  if (!isNamed(left) || !isNamed(right)) return diffSettings("policy", left, right);
  const { caps: _left, $schema: _leftSchema, ...restLeft } = left;
  const { caps: _right, $schema: _rightSchema, ...restRight } = right;
  return [...diffCaps(left, right), ...diffSettings("", restLeft, restRight)];
};

/** A text longer than this is taken for a list of words. */
const LIST_CHARS = 200;

/** Every value with its path; list items without their place, so that an inserted one is one. */
const entriesIn = (value: unknown, path: string, entries: Map<string, number>): void => {
  if (Array.isArray(value)) for (const item of value) entriesIn(item, `${path}[]`, entries);
  else if (isNamed(value))
    for (const [name, inner] of Object.entries(value)) entriesIn(inner, `${path}.${name}`, entries);
  else if (typeof value === "string" && value.length > LIST_CHARS)
    for (const word of value.split(/\s+/u)) entriesIn(word, `${path}[]`, entries);
  else {
    const entry = `${path}=${String(value)}`;
    entries.set(entry, (entries.get(entry) ?? 0) + 1);
  }
};

const entriesOf = (text: string | undefined): ReadonlyMap<string, number> => {
  const entries = new Map<string, number>();
  entriesIn(jsonOf(text), "", entries);
  return entries;
};

/** How many of `entries` the other side does not have. */
const missingFrom = (
  others: ReadonlyMap<string, number>,
  entries: ReadonlyMap<string, number>,
): number =>
  [...entries].reduce(
    (sum, [entry, count]) => sum + Math.max(0, count - (others.get(entry) ?? 0)),
    0,
  );

const countedChange = (old: string, young: string): readonly string[] => {
  const before = entriesOf(old);
  const after = entriesOf(young);
  const added = missingFrom(before, after).toLocaleString("en");
  const removed = missingFrom(after, before).toLocaleString("en");
  return added === "0" && removed === "0"
    ? ["the same entries, written otherwise"]
    : [`${added} entries added, ${removed} removed`];
};

/** What a model says of itself: `logistic`, `text-classifier`. */
const modelName = (text: string): string => {
  const model = jsonOf(text);
  const { kind, task } = isNamed(model) ? model : {};
  return [task, kind].filter((part) => typeof part === "string").join(" ") || "model";
};

/** What people write by hand is counted; a model is another one. */
const isCounted = (path: string): boolean =>
  path.startsWith("models/lexicon.") || path === CATALOGUE_FILE || path === CORRECTIONS_FILE;

const fileSentences = (path: string, { before, after, idOf }: TwoPlaybooks): readonly string[] => {
  const old = before[path];
  const young = after[path];
  if (!path.startsWith("models/")) return [];
  if (old === undefined || young === undefined) {
    const text = old ?? young ?? "";
    return isCounted(path) ? [] : [`${modelName(text)} ${idOf(path, text)}`];
  }
  if (isCounted(path)) return countedChange(old, young);
  return [`${modelName(old)} ${idOf(path, old)} → ${modelName(young)} ${idOf(path, young)}`];
};

const isTemplate = (path: string): boolean => path.startsWith(TEMPLATE_FOLDER);

/** Refused with the faults of the rules of either side. */
export const comparePlaybooks = (two: TwoPlaybooks): Checked<PlaybookDifference> => {
  const { before, after } = two;
  const left = openRules(before);
  const right = openRules(after);
  if (left.kind === "faulty" || right.kind === "faulty")
    return faulty([left, right].flatMap((one) => (one.kind === "faulty" ? one.faults : [])));
  const rules = diffRules(left.value, right.value);
  const policy = diffPolicy(two);
  const templates = changedPaths(two, isTemplate).map((path): TemplateDifference => {
    const kind = kindOf(before[path], after[path]);
    const lines = kind === "changed" ? diffLines(before[path] ?? "", after[path] ?? "") : [];
    return { kind, path, lines };
  });
  const files = changedPaths(two, (path) => !path.startsWith("rules/")).map(
    (path): FileDifference => ({
      kind: kindOf(before[path], after[path]),
      path,
      sentences: fileSentences(path, two),
    }),
  );
  const same = rules.length + policy.length + templates.length + files.length === 0;
  return sound({ same, rules, templates, policy, files });
};
