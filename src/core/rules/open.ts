/**
 * Rule files → rules. A playbook's rules are opened as a whole or refused as a whole, with every fault of every file named.
 * Rule files are all files under `rules/` that end in `.json`, `.yaml` or `.yml`, except the schema and the contact policy.
 */
import { type Checked, type Fault, faulty, sound } from "../fault.ts";
import { FACTS } from "../facts.ts";
import type { PlaybookFiles } from "../playbook.ts";
import { readRuleFile } from "./rule-file.ts";
import type { OpenRule, Rules } from "./rules.ts";

export interface OpenOptions {
  /** `any`: facts that no catalogue describes; names and types of facts are then not checked. Default: the catalogue. */
  readonly facts?: "catalogue" | "any";
}

const RULE_FILE = /^rules\/(?!(?:schema|contact-policy)\.json$).+\.(?:json|ya?ml)$/;

const sameIdFaults = (rules: readonly OpenRule[]): readonly Fault[] => {
  const places = new Map<string, string>();
  return rules.flatMap(({ rule, place }) => {
    const other = places.get(rule);
    places.set(rule, place);
    return other === undefined
      ? []
      : [
          {
            place,
            sentence: `the rule "${rule}" stands in ${other} too; give one of the files another id`,
          },
        ];
  });
};

/** The rules of a playbook, or every fault with its place. A playbook without rule files has no rules. */
export const openRules = (files: PlaybookFiles, options: OpenOptions = {}): Checked<Rules> => {
  const catalogue = options.facts === "any" ? "any" : FACTS;
  const faults: Fault[] = [];
  const inOrder: OpenRule[] = [];
  for (const [path, text] of Object.entries(files).toSorted(([left], [right]) =>
    left < right ? -1 : 1,
  )) {
    if (!RULE_FILE.test(path)) continue;
    const read = readRuleFile(path, text, catalogue);
    if (read.kind === "sound") inOrder.push(...read.value);
    else faults.push(...read.faults);
  }
  faults.push(...sameIdFaults(inOrder));
  if (faults.length > 0) return faulty(faults);
  const live = inOrder.filter(({ status }) => status === "live");
  return sound({
    inOrder: live,
    firing: live.toSorted((left, right) => right.priority - left.priority),
    resting: inOrder.filter(({ status }) => status !== "live"),
  });
};
