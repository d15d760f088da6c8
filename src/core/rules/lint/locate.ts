/** Where in a file a fault's place is: `rules/delivery.json › late-parcel › conditions.all[1]` → line and column, counted from 1. */
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from "yaml";

export interface Spot {
  readonly line: number;
  readonly column: number;
}

const START: Spot = { line: 1, column: 1 };
const LINE = /^line (\d+)(?:, column (\d+))?$/u;
const STEP = /[^.[\]]+/gu;

/** JSON is read as YAML here: only to find places, never for what it says. */
const openFile = (text: string) => {
  const lines = new LineCounter();
  const document = parseDocument(text.replace(/^\uFEFF/u, ""), {
    lineCounter: lines,
    uniqueKeys: false,
    strict: false,
    logLevel: "silent",
  });
  return { root: document.contents as Node | null, lines };
};

type Found = { readonly node: Node; readonly at: number };

const startOf = (node: Node): number => node.range?.[0] ?? 0;

const childOf = (node: Node, step: string): Found | undefined => {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
    if (pair === undefined) return undefined;
    const key = pair.key as Node;
    return { node: (pair.value ?? key) as Node, at: startOf(key) };
  }
  if (!isSeq(node)) return undefined;
  const item = node.items[Number(step)] as Node | undefined;
  return item === undefined ? undefined : { node: item, at: startOf(item) };
};

const ruleNamed = (root: Node, name: string): Found | undefined => {
  const rules = childOf(root, "rules")?.node;
  if (rules === undefined || !isSeq(rules)) return undefined;
  const items = rules.items as readonly Node[];
  const found = items.find((item) => {
    const called = childOf(item, "name")?.node;
    return isScalar(called) && called.value === name;
  });
  return found === undefined ? undefined : { node: found, at: startOf(found) };
};

type File = ReturnType<typeof openFile>;

/** As deep as the parts of a place lead: the first may name a rule, the others are fields. */
const descend = (root: Node, parts: readonly string[]): number => {
  const [first = "", ...others] = parts;
  const rule = ruleNamed(root, first);
  let found: Found = rule ?? { node: root, at: startOf(root) };
  const steps = (rule === undefined ? parts : others).flatMap((part) =>
    [...part.matchAll(STEP)].map(([step]) => step),
  );
  for (const step of steps) {
    const child = childOf(found.node, step);
    if (child === undefined) break;
    found = child;
  }
  return found.at;
};

/** Gives what finds places in the files of a playbook; each file is read once. */
export const locator = (files: Readonly<Record<string, string>>): ((place: string) => Spot) => {
  const opened = new Map<string, File>();
  const open = (path: string): File | undefined => {
    const text = files[path];
    if (text === undefined || path.endsWith(".liquid")) return undefined;
    const file = opened.get(path) ?? openFile(text);
    opened.set(path, file);
    return file;
  };
  return (place) => {
    const [path = "", ...parts] = place.split(" › ");
    const told = LINE.exec(parts.at(-1) ?? "");
    if (told !== null) return { line: Number(told[1]), column: Number(told[2] ?? 1) };
    const file = open(path);
    if (file === undefined || file.root === null) return START;
    const { line, col } = file.lines.linePos(descend(file.root, parts));
    return { line, column: col };
  };
};
