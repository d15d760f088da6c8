/** What a UTF-16 unit of normalised text is to the grams: part of a word, a Han character, a digit, a mark, half of a pair, or nothing. */

export const SKIP = 0;
export const WORD = 1;
const HAN = 2;
export const MARK = 3;
export const DIGIT = 4;
export const HIGH = 5;
const UNKNOWN = 6;

const CLASSES = new Uint8Array(0x1_0000).fill(UNKNOWN);

const asciiClass = (code: number): number => {
  const char = String.fromCharCode(code);
  if (/[a-z]/iu.test(char)) return WORD;
  if (/\d/u.test(char)) return DIGIT;
  return code <= 0x20 ? SKIP : MARK;
};

for (let code = 0; code < 0x80; code += 1) CLASSES[code] = asciiClass(code);
CLASSES.fill(HAN, 0x4e00, 0xa000);
CLASSES.fill(HIGH, 0xd800, 0xdc00);

const classify = (code: number): number => {
  const char = String.fromCharCode(code);
  let kind = MARK;
  if (/[\p{L}\p{M}]/u.test(char)) kind = /\p{Script=Han}/u.test(char) ? HAN : WORD;
  else if (/\p{N}/u.test(char)) kind = DIGIT;
  else if (/[\s\p{C}]/u.test(char)) kind = SKIP;
  CLASSES[code] = kind;
  return kind;
};

/** The class of a unit; looked up once, then remembered. */
export const classOf = (code: number): number => {
  const known = CLASSES[code] as number;
  return known === UNKNOWN ? classify(code) : known;
};
