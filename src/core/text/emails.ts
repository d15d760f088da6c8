/**
 * E-mail addresses in a normalised text, also spelled out: `ann [at] example.com`, `ann at example dot com`.
 * What stands left of an "@" is read backwards, so that Chinese right before an address stays.
 */
import type { Finding } from "./numbers.ts";

const LOCAL = /[a-z0-9._%+'\-\u00c0-\u024f]/u;
const DOMAIN = /[a-z0-9.\-\u00c0-\u024f]/u;
const LOCAL_MAX = 64;
const DOMAIN_MAX = 255;
const HOST = /^[^.-][^.]*(?:\.[^.]+)*\.\p{L}{2,}/u;

const localStart = (text: string, at: number): number => {
  let from = at;
  while (from > 0 && at - from < LOCAL_MAX && LOCAL.test(text[from - 1] ?? "")) from -= 1;
  // A quotation mark is not part of a name that it opens.
  while (from < at && (text[from] === "'" || text[from] === ".")) from += 1;
  return from;
};

const emailAt = (text: string, at: number): Finding | null => {
  const from = localStart(text, at);
  if (from === at) return null;
  let to = at + 1;
  while (to < text.length && to - at < DOMAIN_MAX && DOMAIN.test(text[to] ?? "")) to += 1;
  const host = HOST.exec(text.slice(at + 1, to));
  return host === null ? null : { kind: "email", from, to: at + 1 + host[0].length };
};

const SPELLED =
  /(?<![a-z0-9._%+-])[a-z0-9._%+-]{1,40}(?: ?[([{] ?at ?[)\]}] ?[a-z0-9-]{2,40}(?:(?: ?[([{] ?dot ?[)\]}] ?| dot |\.)[a-z]{2,12}){1,3}| at [a-z0-9-]{2,40}(?: dot [a-z]{2,12}){1,3})(?![a-z0-9])/gu;
/** Cheap to ask of every text: only such texts are searched. */
const isSpelled = (text: string): boolean =>
  text.includes("[") || text.includes("(") || text.includes("{") || text.includes("dot ");

/** E-mail addresses in the order of the text. Linear time: what is read around each "@" is bounded. */
export const findEmails = (text: string): readonly Finding[] => {
  const found: Finding[] = [];
  for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
    const email = emailAt(text, at);
    if (email !== null) found.push(email);
  }
  if (isSpelled(text))
    for (const match of text.matchAll(SPELLED))
      found.push({ kind: "email", from: match.index, to: match.index + match[0].length });
  return found;
};
