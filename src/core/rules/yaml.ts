/**
 * YAML text of a rule file → value, as strict as JSON is read: no name twice, no tags, no aliases (a few lines of them can stand for more than
 * memory holds), nothing that JSON does not have. Words are words: `no` and `on` are text (YAML 1.2).
 */
import { isAlias, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from "yaml";
import { quote } from "../fault.ts";
import type { Json } from "../json.ts";
import { PROTOTYPE_NAMES } from "./path.ts";
import type { SourceRead } from "./source.ts";

interface Complaint {
  readonly at: number;
  readonly sentence: string;
}

const complaintOf = (node: Node, depth: number, depthMax: number): string | undefined => {
  if (isAlias(node)) return "aliases are not read; write it out where it is meant";
  if (node.anchor !== undefined) return "anchors are not read; write it out where it is meant";
  if (node.tag !== undefined) return `the tag ${quote(node.tag)} is not read; leave it out`;
  if (depth > depthMax)
    return `lists and objects are nested deeper than ${depthMax} levels; flatten them`;
  if (isScalar(node) && typeof node.value === "number" && !Number.isFinite(node.value))
    return `${quote(node.source)} is no number that JSON has; write a number`;
  if (!isMap(node)) return undefined;
  const odd = node.items
    .map(({ key }) => (isScalar(key) ? key.value : undefined))
    .find((name) => typeof name !== "string" || PROTOTYPE_NAMES.has(name));
  if (odd !== undefined || node.items.some(({ key }) => !isScalar(key)))
    return `the name ${quote(odd ?? null)} is not allowed; give a name that is text`;
  return undefined;
};

const firstComplaint = (
  document: ReturnType<typeof parseDocument>,
  depthMax: number,
): Complaint | undefined => {
  const [wrong] = [...document.errors, ...document.warnings];
  if (wrong !== undefined) return { at: wrong.pos[0], sentence: `${wrong.message}; mend the YAML` };
  let found: Complaint | undefined;
  visit(document, {
    Node: (_key, node, path) => {
      // Pairs stand between the nodes of a map.
      const depth = path.filter((one) => "items" in one).length;
      const sentence = complaintOf(node, depth, depthMax);
      if (sentence === undefined) return undefined;
      found = { at: node.range?.[0] ?? 0, sentence };
      return visit.BREAK;
    },
  });
  return found;
};

/** The value of YAML text, or its first fault with line and column, counted from 1. */
export const readYaml = (written: string, place: string, depthMax: number): SourceRead => {
  const lineCounter = new LineCounter();
  const document = parseDocument(written.replace(/^\uFEFF/u, ""), {
    lineCounter,
    prettyErrors: false,
    schema: "core",
    strict: true,
    uniqueKeys: true,
  });
  const complaint = firstComplaint(document, depthMax);
  if (complaint === undefined)
    return { kind: "sound", value: (document.toJS({ maxAliasCount: 0 }) ?? null) as Json };
  const { line, col } = lineCounter.linePos(complaint.at);
  const where = `${place} › line ${line}, column ${col}`;
  return { kind: "faulty", fault: { place: where, sentence: complaint.sentence } };
};
