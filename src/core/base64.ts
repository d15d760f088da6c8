/** Base64 of bytes inside JSON files, in plain arithmetic: the core knows no Node, and `atob` would make a string of it first. */

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = new Int8Array(128).fill(-1);
for (let at = 0; at < 64; at += 1) VALUES[LETTERS.charCodeAt(at)] = at;

const CHUNK = 0x2000;

/** Padded base64 (RFC 4648 §4). */
export const toBase64 = (bytes: Uint8Array): string => {
  const pieces: string[] = [];
  let codes: number[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const word = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    codes.push(
      LETTERS.charCodeAt(word >>> 18),
      LETTERS.charCodeAt((word >>> 12) & 63),
      at + 1 < bytes.length ? LETTERS.charCodeAt((word >>> 6) & 63) : 61,
      at + 2 < bytes.length ? LETTERS.charCodeAt(word & 63) : 61,
    );
    if (codes.length >= CHUNK) {
      pieces.push(String.fromCharCode(...codes));
      codes = [];
    }
  }
  return pieces.join("") + String.fromCharCode(...codes);
};

const valueOf = (code: number): number => (code < 128 ? (VALUES[code] as number) : -1);

/** The 24 bits of four letters, negative where one is none. */
const wordAt = (text: string, at: number): number =>
  (valueOf(text.charCodeAt(at)) << 18) |
  (valueOf(text.charCodeAt(at + 1)) << 12) |
  (valueOf(text.charCodeAt(at + 2)) << 6) |
  valueOf(text.charCodeAt(at + 3));

/** The bytes, or null where the text is not padded base64. */
export const fromBase64 = (text: string): Uint8Array | null => {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const whole = padding > 0 ? text.length - 4 : text.length;
  let into = 0;
  for (let at = 0; at < whole; at += 4) {
    const word = wordAt(text, at);
    if (word < 0) return null;
    bytes[into] = word >>> 16;
    bytes[into + 1] = word >>> 8;
    bytes[into + 2] = word;
    into += 3;
  }
  if (padding === 0) return bytes;
  const word = wordAt(`${text.slice(whole, text.length - padding)}AA`, 0);
  if (word < 0) return null;
  bytes[into] = word >>> 16;
  if (padding === 1) bytes[into + 1] = word >>> 8;
  return bytes;
};
