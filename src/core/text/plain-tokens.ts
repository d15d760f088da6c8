/**
 * The common tokens without a regular expression: ASCII words, numbers and punctuation, runs of the main block of Han characters.
 * Only a short cut: where a token could be anything else the answer is null, and the pattern in tokens.ts decides.
 */

/** What a unit can begin. Units of class OTHER go to the pattern. */
const NOTHING = 0;
const LETTER = 1;
const DIGIT = 2;
/** ! and ? run together; so do the other marks. */
const SHOUT = 3;
const PAUSE = 4;
const HAN = 5;
const OTHER = 6;

const CLASSES = new Uint8Array(0x80);
for (const char of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
  CLASSES[char.charCodeAt(0)] = LETTER;
for (const char of "0123456789") CLASSES[char.charCodeAt(0)] = DIGIT;
for (const char of "!?") CLASSES[char.charCodeAt(0)] = SHOUT;
for (const char of ".,;:\n~()") CLASSES[char.charCodeAt(0)] = PAUSE;
for (const char of "=<^>-") CLASSES[char.charCodeAt(0)] = OTHER;

const classAt = (text: string, at: number): number => {
  if (at >= text.length) return NOTHING;
  const code = text.charCodeAt(at);
  if (code < 0x80) return CLASSES[code] ?? OTHER;
  if (code >= 0x4e00 && code <= 0x9fff) return HAN;
  return code === 0x3001 || code === 0x3002 ? PAUSE : OTHER;
};

/** The first place from `from` on where a token may begin. */
export const firstTokenUnit = (text: string, from: number): number => {
  let at = from;
  while (at < text.length && classAt(text, at) === NOTHING) at += 1;
  return at;
};

const APOSTROPHE = 0x27;

const isWordClass = (unit: number): boolean => unit === LETTER || unit === DIGIT;

/** End of the letters and digits from `at` on; −1 if a unit that is none of the classes follows. */
const lettersEnd = (text: string, at: number): number => {
  let to = at;
  while (isWordClass(classAt(text, to))) to += 1;
  return to < text.length && text.charCodeAt(to) >= 0x80 && classAt(text, to) === OTHER ? -1 : to;
};

const wordEnd = (text: string, from: number): number => {
  let to = lettersEnd(text, from + 1);
  while (to >= 0 && text.charCodeAt(to) === APOSTROPHE) {
    const part = classAt(text, to + 1);
    if (part === OTHER && text.charCodeAt(to + 1) >= 0x80) return -1;
    if (!isWordClass(part)) return to;
    to = lettersEnd(text, to + 1);
  }
  return to;
};

/** Links (http, www.) and emoticons (t_t, q.q) begin with letters, too. */
const mayBeOther = (text: string, from: number): boolean => {
  const first = text[from];
  if (first === "h") return text.startsWith("http", from);
  if (first === "w") return text.startsWith("www.", from);
  return (first === "t" || first === "q") && (text[from + 1] === "_" || text[from + 1] === ".");
};

const isForeign = (text: string, at: number): boolean =>
  at < text.length && text.charCodeAt(at) >= 0x80 && classAt(text, at) === OTHER;

const runEnd = (text: string, from: number, kind: number): number => {
  let to = from + 1;
  while (classAt(text, to) === kind) to += 1;
  return isForeign(text, to) ? -1 : to;
};

const numberEnd = (text: string, from: number): number => {
  let to = runEnd(text, from, DIGIT);
  while (to >= 0 && ".,:".includes(text[to] ?? " ")) {
    if (isForeign(text, to + 1)) return -1;
    if (classAt(text, to + 1) !== DIGIT) return to;
    to = runEnd(text, to + 1, DIGIT);
  }
  return to;
};

/** Kind and place of a token; offsets are UTF-16, half-open. */
export interface PlainToken {
  readonly kind: "word" | "number" | "han" | "mark";
  readonly from: number;
  readonly to: number;
}

const plain = (kind: PlainToken["kind"], from: number, to: number): PlainToken | null =>
  to < 0 ? null : { kind, from, to };

/** The token that begins at `from`, where a token may begin; null where the pattern must decide. */
export const plainTokenAt = (text: string, from: number): PlainToken | null => {
  switch (classAt(text, from)) {
    case LETTER:
      return mayBeOther(text, from) ? null : plain("word", from, wordEnd(text, from));
    case DIGIT:
      return plain("number", from, numberEnd(text, from));
    case SHOUT:
      return plain("mark", from, runEnd(text, from, SHOUT));
    case HAN:
      return plain("han", from, runEnd(text, from, HAN));
    case PAUSE: {
      const code = text.charCodeAt(from);
      return code === 0x3a || code === 0x3b ? null : plain("mark", from, runEnd(text, from, PAUSE));
    }
    default:
      return null;
  }
};
