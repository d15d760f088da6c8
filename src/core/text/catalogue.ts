/**
 * The products that feedback may name: `models/catalogue.json`, a list of ids with the names that customers use.
 * Names are compared as normalised text: case, width, traditional characters and runs of blanks make no difference.
 */
import { z } from "zod";
import { type Checked, type Fault, faulty, faultsOf, quote, sound } from "../fault.ts";
import type { FoundValue } from "./found-value.ts";
import { normalise } from "./normalise.ts";
import { nextAt, rootAt, type Trie, trieOf } from "./trie.ts";

export const CATALOGUE_FILE = "models/catalogue.json";

const schema = z.strictObject({
  kind: z.literal("catalogue"),
  formatVersion: z.literal(1),
  products: z.array(
    z.strictObject({
      id: z.string().min(1).max(200),
      names: z.array(z.string().trim().min(2).max(100)).min(1, "is empty; give at least one name"),
    }),
  ),
});

/** Names as they stand in normalised text → product id. */
export interface Catalogue {
  readonly size: number;
  readonly names: Trie<string>;
}

interface Product {
  readonly id: string;
  readonly names: readonly string[];
}

/** Enters a product's names among the owners; faults for names that cannot be read or that another product has. */
const claimNames = (
  { id, names }: Product,
  owners: Map<string, string>,
  simplified: ReadonlyMap<string, string>,
): readonly Fault[] =>
  names.flatMap((name): readonly Fault[] => {
    const place = `${CATALOGUE_FILE} › ${id}`;
    const key = normalise(name, simplified).text.replace(/\s+/gu, " ").trim();
    if (key.length < 2)
      return [
        {
          place,
          sentence: `${quote(name)} has fewer than two characters that can be read; give a longer name`,
        },
      ];
    const owner = owners.get(key);
    if (owner !== undefined && owner !== id)
      return [
        { place, sentence: `${quote(name)} is a name of ${owner} already; keep one of them` },
      ];
    owners.set(key, id);
    return [];
  });

/** The catalogue of a file's text; without the file nothing is a product. One name may belong to one product only. */
export const readCatalogue = (
  text: string | undefined,
  simplified: ReadonlyMap<string, string>,
): Checked<Catalogue> => {
  if (text === undefined) return sound({ size: 0, names: trieOf<string>([]) });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return faulty([
      { place: CATALOGUE_FILE, sentence: `is not JSON (${String(error)}); correct it` },
    ]);
  }
  const parsed = schema.safeParse(json);
  if (!parsed.success) return faulty(faultsOf(parsed.error, CATALOGUE_FILE));
  const owners = new Map<string, string>();
  const faults = parsed.data.products.flatMap((product) => claimNames(product, owners, simplified));
  return faults.length > 0 ? faulty(faults) : sound({ size: owners.size, names: trieOf(owners) });
};

const isWordUnit = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x30 && code <= 0x39) ||
  (code >= 0xdf && code <= 0x24f);

/** Whether a word goes on across `at`: "kettle" does not name a product in "kettles2go". */
const splitsWord = (text: string, at: number): boolean =>
  isWordUnit(text.charCodeAt(at - 1)) && isWordUnit(text.charCodeAt(at));

/** The longest name that stands at `from` as whole words. */
const nameAt = (text: string, from: number, names: Trie<string>): FoundValue | null => {
  let found: FoundValue | null = null;
  let to = from + 1;
  for (let node = rootAt(names, text, from); node !== undefined; node = nextAt(node, text, to++))
    if (node.value !== undefined && !splitsWord(text, to))
      found = { kind: "product", value: node.value, from, to };
  return found;
};

/** Products that a normalised text names, in its order, the longest name at each place, without overlaps. Time is linear in the text for names of bounded length. */
export const findProducts = (text: string, { size, names }: Catalogue): readonly FoundValue[] => {
  const found: FoundValue[] = [];
  if (size === 0) return found;
  for (let at = 0; at < text.length; at += 1) {
    const product = at > 0 && splitsWord(text, at) ? null : nameAt(text, at, names);
    if (product === null) continue;
    found.push(product);
    at = product.to - 1;
  }
  return found;
};
