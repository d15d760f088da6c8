/**
 * How two playbooks differ, counted. Works on the files as they are, not on what was compiled of them: an old playbook may not open any more.
 * Of a rule its examples do not count; what all rules of a file share (named conditions, its audience) counts for each of them.
 */
import type { Json } from "./json.ts";
import type { PlaybookFiles } from "./playbook.ts";
import type { Counted, PlaybookChange } from "./publication.ts";
import { ARTICLES_FOLDER } from "./text/articles.ts";
import { CORRECTIONS_FILE } from "./text/corrections.ts";

/** Name → text that differs where the thing does. */
type Things = ReadonlyMap<string, string>;

const POLICY = "rules/contact-policy.json";

const partOf = (path: string): keyof PlaybookChange => {
  if (path === POLICY) return "contactPolicy";
  if (path === CORRECTIONS_FILE) return "corrections";
  if (path.startsWith("rules/templates/")) return "templates";
  if (path.startsWith(ARTICLES_FOLDER)) return "articles";
  return path.startsWith("rules/") ? "rules" : "models";
};

const isObject = (value: unknown): value is Readonly<Record<string, Json>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const jsonOf = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

/** The rules of a file; a file that is no JSON object with a list of rules is one thing as a whole. */
const rulesIn = (path: string, text: string): readonly (readonly [string, string])[] => {
  const file = jsonOf(text);
  if (!isObject(file) || !Array.isArray(file["rules"])) return [[path, text]];
  const { rules, ...shared } = file;
  return (rules as readonly Json[]).map((rule, index) => {
    const { examples: _examples, ...own } = isObject(rule) ? rule : { examples: null, rule };
    const name = "name" in own && typeof own["name"] === "string" ? own["name"] : String(index);
    return [`${path}\n${name}`, JSON.stringify([own, shared])];
  });
};

const thingsIn = (files: PlaybookFiles, part: keyof PlaybookChange): Things =>
  new Map(
    Object.entries(files)
      .filter(([path]) => partOf(path) === part)
      .flatMap(([path, text]) =>
        part === "rules" ? rulesIn(path, text) : [[path, text] as const],
      ),
  );

const count = (before: Things, after: Things): Counted => {
  const kept = [...after].filter(([name]) => before.has(name));
  return {
    added: after.size - kept.length,
    changed: kept.filter(([name, text]) => before.get(name) !== text).length,
    removed: before.size - kept.length,
  };
};

/** What changes from the files of one playbook to those of another. */
export const changeBetween = (before: PlaybookFiles, after: PlaybookFiles): PlaybookChange => {
  const counted = (part: keyof PlaybookChange): Counted =>
    count(thingsIn(before, part), thingsIn(after, part));
  return {
    rules: counted("rules"),
    templates: counted("templates"),
    models: counted("models"),
    articles: counted("articles"),
    contactPolicy: counted("contactPolicy"),
    corrections: counted("corrections"),
  };
};
