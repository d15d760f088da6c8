/**
 * Postal addresses as English writes them: a number, a name, a kind of street, then flat, town and postcode; and a postcode alone.
 * Many sentences have that shape ("5 star road trip"), so a name with a word that no street has is none, and a kind of street that is a common word needs capitals, a lead or a postcode.
 */
import { digitRuns, readAll, readAt } from "./found-value.ts";
import type { Finding } from "./numbers.ts";

/** The normalised text and the same with the capitals of the original: same offsets. */
export interface Lettered {
  readonly text: string;
  readonly cased: () => string;
}

const KINDS =
  "street|st|road|rd|avenue|ave|lane|ln|crescent|cres|terrace|boulevard|blvd|gardens|mews|parkway|pkwy|drive|dr|close|court|ct|place|pl|square|sq|way|grove|hill|parade|highway|hwy|row|walk|park|view|green|rise|quay|wharf|bridge|plaza|mall|acre";
const COMMON =
  /^(?:dr|drive|close|court|ct|place|pl|square|sq|way|grove|hill|parade|highway|hwy|row|walk|park|view|green|rise|quay|wharf|bridge|plaza|mall|acre)$/u;

/** `12b high street`, `240 w 35th street`, `16 the avenue`. */
const STREET = new RegExp(
  String.raw`(?<![\p{L}\p{N}.,:$£€¥%/-])(?:\d{1,3}[/-])?\d{1,5}[a-z]?,? {1,2}(?:((?:(?:\d{1,3}(?:st|nd|rd|th)|[\p{L}'.-]{1,20}) {1,2}){1,4}?)(${KINDS})(?: (?:${KINDS}))?|broadway)(?![\p{L}\p{N}'-])(?:(?<=(?:st|rd|ave|ln|dr|ct|pl|blvd|sq|hwy|cres|pkwy))\.(?=,))?(?: (?:upper|lower|central|north|south|east|west|[nsew]|[ns][ew])(?![\p{L}\p{N}]))?`,
  "uy",
);
const PO_BOX = /(?<![a-z])p\.? ?o\.? ?box \d{1,6}(?!\d)/gu;

/** Words that stand in sentences between a number and a road, never in the road's name. */
const NEVER = new Set(
  (
    "star stars month months later minute minutes min mins hour hours hr hrs second seconds sec secs day days night nights week weeks year years people person persons times time mile miles km metre metres meter meters yards yard feet foot inch " +
    "percent pm am more less other others big small busy nice good bad best worst same different new-build course bus buses trip trips thing things pieces items item orders order parcels parcel packages shops shop stores store blocks block doors door steps step lanes lane streets roads road " +
    "bedroom bedrooms bed beds room rooms seat seats car cars wheel wheeled piece people's customers staff calls call emails hell trial pack bags bottles boxes cups " +
    "on at in into to for from of off or but and with without by up down out over under along around near next nearest per a an this that these those my your our his her its their me us you we i it he she they is are was were be been being has have had do does did not no so as if when while than then about after before during until since through across between all any every each some only just even still very too really also there here where what which who why how " +
    "please thanks thank delivered delivery shipping refund arrived waited waiting took came went sent left got get buy bought paid ago extra tel phone mobile email mail card invoice ticket ref reference account standing parking way"
  ).split(" "),
);
/** Words that stand in names in capitals only: Long Lane, Great North Road. */
const SELDOM = new Set(
  "long short quiet great open free full half first last hot cold main whole double single".split(
    " ",
  ),
);
/** How a sentence begins that names a town right away. */
const OPENING =
  /^(?:from|at|in|to|my|our|the|is|it|address|send|ship|deliver|deliver to|house is|house at) /iu;

const LEAD =
  /(?:live at|lives at|living at|address(?: is| are| was| should be)?:?|deliver(?:ed|y)? to|ship(?:ped)? (?:it )?to|send (?:it )?to|sent to|moved? to|left at|house at|home at|based at|office:?|from|at|to)[ :]{1,2}$/u;

const namesStreet = (words: string, written: boolean): boolean =>
  words
    .trim()
    .split(/ {1,2}/u)
    .every((word, index) =>
      word === "the" ? index === 0 : !NEVER.has(word) && (written || !SELDOM.has(word)),
    );

const AREAS =
  "ab|al|b|ba|bb|bd|bh|bl|bn|br|bs|bt|ca|cb|cf|ch|cm|co|cr|ct|cv|cw|da|dd|de|dg|dh|dl|dn|dt|dy|e|ec|eh|en|ex|fk|fy|g|gl|gu|gy|ha|hd|hg|hp|hr|hs|hu|hx|ig|im|ip|iv|je|ka|kt|kw|ky|l|la|ld|le|ll|ln|ls|lu|m|me|mk|ml|n|ne|ng|nn|np|nr|nw|ol|ox|pa|pe|ph|pl|po|pr|rg|rh|rm|s|sa|se|sg|sk|sl|sm|sn|so|sp|sr|ss|st|sw|sy|ta|td|tf|tn|tq|tr|ts|tw|ub|w|wa|wc|wd|wf|wn|wr|ws|wv|yo|ze";
/** Inward codes never hold c, i, k, m, o, v; `2nd` and `8gb` are no codes. */
const BRITISH = String.raw`(?:${AREAS})\d[a-z\d]? {1,2}(?!1st|2nd|3rd|\dth|\d[gt]b)\d[abd-hjlnp-uw-z]{2}(?![\p{L}\p{N}])`;
const INWARD = /(?!1st|2nd|3rd|\dth|\d[gt]b)\d[abd-hjlnp-uw-z]{2}(?![\p{L}\p{N}])/uy;
const OUTWARD = new RegExp(String.raw`(?<![\p{L}\p{N}-])(?:${AREAS})\d[a-z\d]? {1,2}$`, "u");
const OUTWARD_REACH = 7;
const ANNOUNCED_CODE =
  /(?<![a-z])(?:zip|zip ?code|post ?code|postal code)(?: is|:)? {0,2}((?:[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}|\d{4,5}(?:-\d{4})?)(?![a-z\d]))/gu;
const CODE = String.raw`(?:${BRITISH}|[a-z]{2},? \d{5}(?:-\d{4})?(?!\d)|[a-z]\d[a-z] ?\d[a-z]\d(?![a-z\d])|(?:nsw|vic|qld|wa|sa|tas|act|nt) \d{4}(?!\d)|[a-z]\d[\dw] [a-z\d]{4}(?![a-z\d]))`;

/** What may follow a street: a flat; a town with its code; a town in capitals. */
const FLAT =
  /,? {1,2}(?:(?:flat|apt|apartment|unit|suite|ste|room|floor)\.? ?|#)[a-z\d]{1,5}(?:-\d{1,4})?(?![a-z\d])/uy;
const TOWN_AND_CODE = new RegExp(
  String.raw`(?:,? {1,2}[\p{L}.'-]{2,20}){0,4}?,? {1,2}${CODE}`,
  "uy",
);
const TOWN =
  /, {1,2}\p{Lu}[\p{L}'-]{1,20}(?: \p{Lu}[\p{L}'-]{1,20}){0,2}(?: \d{1,6}(?!\d|[.,:%]\d))?/uy;
const PREFIX =
  /(?<!\p{L})(?:(?:flat|apt|apartment|unit|suite|room|house|blk|block) ?(?:\d{1,5}[a-z]?|[a-z]\d{0,4}),? {1,2}|no\.? {0,2}){1,2}$/u;

const stepped = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
};

const isSentence = (part: string): boolean =>
  NEVER.has(/\p{L}+/u.exec(part)?.[0].toLowerCase() ?? "") || /^\W*the /iu.test(part);

const townEnd = (letters: Lettered, at: number): number => {
  const to = stepped(TOWN, letters.cased(), at);
  return isSentence(letters.cased().slice(at, to)) ? at : to;
};

const tailEnd = (letters: Lettered, at: number): number => {
  let to = at;
  for (let part = 0; part < 5; part += 1) {
    const coded = stepped(TOWN_AND_CODE, letters.text, to);
    if (coded > to) return coded;
    const flat = stepped(FLAT, letters.text, to);
    const next = flat > to ? flat : townEnd(letters, to);
    if (next === to) break;
    to = next;
  }
  return to;
};

const isWritten = (letters: Lettered, from: number, to: number): boolean =>
  /^[^\p{L}]*[a-z]?,? {1,2}(?:(?:\p{Lu}|\d|of )\S{0,20} {0,2}){1,6}$/u.test(
    letters.cased().slice(from, to),
  );

const FIRST_WORD = /\d{1,5}[a-z]?(?:[/-]\d{1,5}[a-z]?)?,? {1,2}([\p{L}\d]{1,20})/uy;

/** Most numbers count something: "3 weeks" is no house. */
const leadsToStreet = (text: string, run: number): boolean => {
  FIRST_WORD.lastIndex = run;
  const word = FIRST_WORD.exec(text)?.[1];
  return word !== undefined && (word === "the" || !NEVER.has(word));
};

/** A street as its pattern found it. */
interface Street {
  readonly from: number;
  readonly to: number;
  readonly words: string;
  /** Undefined for a Broadway. */
  readonly kind: string | undefined;
  readonly before: string;
}

/** "In 2023 Main Street …" */
const isYear = ({ before }: Street, number: string): boolean =>
  /(?:^|\W)in $/u.test(before) && /^(?:19|20)\d\d /u.test(number);

/** Without a town, capitals or a lead, only one word and a kind of street that is nothing else. */
const isPlain = ({ words, kind }: Street): boolean =>
  kind !== undefined && !COMMON.test(kind) && !words.trim().includes(" ");

const streetOf = (letters: Lettered, match: RegExpExecArray): Finding | null => {
  const [all, words = "", kind] = match;
  const from = match.index;
  const before = letters.text.slice(Math.max(0, from - 28), from);
  const street: Street = { from, to: from + all.length, words, kind, before };
  const written = isWritten(letters, from, street.to);
  if (!namesStreet(words, written) || isYear(street, all)) return null;
  const to = tailEnd(letters, street.to);
  const proven = to > street.to || written || words === "the " || LEAD.test(before);
  if (!proven && !isPlain(street)) return null;
  return { kind: "address", from: from - (PREFIX.exec(before)?.[0].length ?? 0), to };
};

/** `Musterstraße 12, 10999 Berlin`, `12 rue de l'Exemple, 75099 Paris`: what English texts quote of other countries. */
const ABROAD =
  /(?<!\p{L})(?:\p{Lu}\p{L}{2,24}(?:stra(?:ße|sse)|str\.|weg|platz|gasse|allee|laan|straat|gracht) \d{1,4}[a-z]?|\d{1,4},? (?:[Rr]ue|Via|Calle|Piazza|Viale) (?:(?:de|del|della|des|du|la|le|los) ){0,2}(?:[dl]')?\p{Lu}\p{L}{1,20}|(?:Calle|Via|Piazza|Viale) (?:(?:de|del|della|la|los) ){0,2}\p{Lu}\p{L}{1,20},? \d{1,4})(?![\p{L}\d])(?:,? {1,2}\d{4,5} \p{Lu}\p{L}{1,20})?/gu;
/** Tried at each run of digits, in the normalised text. */
const ABROAD_HINT =
  /\d{1,4},? (?:rue|via|calle|piazza|viale) |(?<=(?:stra(?:ße|sse|at)|str\.|weg|platz|gasse|allee|laan|gracht) )\d|(?<=(?:calle|via|piazza|viale) [^\d]{2,40})\d/uy;

const STATES =
  "al|ak|az|ar|ca|co|ct|de|fl|ga|hi|id|il|in|ia|ks|ky|la|me|md|ma|mi|mn|ms|mo|mt|ne|nv|nh|nj|nm|ny|nc|nd|oh|ok|or|pa|ri|sc|sd|tn|tx|ut|vt|va|wa|wv|wi|wy|dc";
const AMERICAN_CODE = new RegExp(String.raw`(?<=,? )(?:${STATES}) \d{5}(?:-\d{4})?(?![\d-])`, "gu");

/** Names in capitals, with commas, right before a postcode: `Rose Cottage, Mill Lane, Thirsk `. */
const NAMES =
  /(?:(?:\p{Lu}[\p{L}'.-]{1,20}|\d{1,5}[a-z]?) {1,2}){0,3}(?:\p{Lu}[\p{L}'.-]{1,20}),? {1,2}(?:(?:\p{Lu}[\p{L}'.-]{1,20}),? {1,2}){0,4}$/u;

/** An American code counts only after a town: in 12345 orders. */
const americanOf = (letters: Lettered, from: number, to: number): Finding | null => {
  const code = codeOf(letters, from, to);
  return code.from < from && /^\p{Lu}{2}/u.test(letters.cased().slice(from, from + 2))
    ? code
    : null;
};

const codeOf = (letters: Lettered, from: number, to: number): Finding => {
  const before = letters.cased().slice(Math.max(0, from - 72), from);
  let names = before.includes(",") ? (NAMES.exec(before)?.[0] ?? "") : "";
  names = names.replace(OPENING, "");
  return { kind: "address", from: from - names.length, to };
};

type Matched = (match: RegExpExecArray) => Finding | null;

/** A British postcode whose second half begins at `match`. */
const britishOf = (letters: Lettered, match: RegExpExecArray): Finding | null => {
  const base = Math.max(0, match.index - OUTWARD_REACH);
  const before = letters.text.slice(base, match.index);
  const outward = before.endsWith(" ") ? OUTWARD.exec(before) : null;
  return outward === null
    ? null
    : codeOf(letters, base + outward.index, match.index + match[0].length);
};

const whole = (from: number, to: number): Finding => ({ kind: "address", from, to });
const end = (match: RegExpExecArray): number => match.index + match[0].length;

/** Patterns that search, each with what a text must hold for it. */
const finders = (letters: Lettered): readonly (readonly [boolean, RegExp, Matched])[] => {
  const { text } = letters;
  return [
    [text.includes("box"), PO_BOX, (match) => whole(match.index, tailEnd(letters, end(match)))],
    [/ \d{5}/u.test(text), AMERICAN_CODE, (match) => americanOf(letters, match.index, end(match))],
    [
      text.includes("zip") || text.includes("post"),
      ANNOUNCED_CODE,
      (match) => whole(end(match) - (match[1] ?? "").length, end(match)),
    ],
  ];
};

/** English addresses and postcodes in no particular order; a postcode may lie in an address. Linear time: every repeat is bounded. */
export const findEnglishAddresses = (letters: Lettered): readonly Finding[] => {
  const { text } = letters;
  const street: Matched = (match) => streetOf(letters, match);
  const runs = { text, starts: digitRuns(text) };
  const named = { text, starts: runs.starts.filter((run) => leadsToStreet(text, run)) };
  const found: Finding[] = [
    ...readAt(named, STREET, street),
    ...readAt(runs, INWARD, (match) => britishOf(letters, match)),
  ];
  for (const [asked, pattern, read] of finders(letters))
    if (asked) found.push(...readAll(text, pattern, read));
  if (readAt(runs, ABROAD_HINT, () => true).length > 0)
    for (const match of letters.cased().matchAll(ABROAD))
      found.push({ kind: "address", from: match.index, to: match.index + match[0].length });
  return found;
};
