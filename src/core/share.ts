/** Where a customer falls when customers are divided by lot: a function of names alone, so that every process and every replay agrees. */

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** FNV-1a over UTF-16 units, its bits mixed at the end as MurmurHash3 does: without that, names that differ in their last letter fall side by side. */
const hash32 = (text: string): number => {
  let hash = FNV_OFFSET;
  for (let at = 0; at < text.length; at += 1)
    hash = Math.imul(hash ^ text.charCodeAt(at), FNV_PRIME);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

/** The place of the names between 0 (inclusive) and 100 (exclusive), evenly spread; other names, another place. */
export const placeByLot = (...names: readonly string[]): number =>
  (hash32(names.join("\n")) / 2 ** 32) * 100;
