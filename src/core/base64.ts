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

/** The bytes, or null where the text is not padded base64. */
export const fromBase64 = (text: string): Uint8Array | null => {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  const end = text.length - padding;
  let into = 0;
  for (let at = 0; at < text.length; at += 4) {
    let word = 0;
    for (let step = 0; step < 4; step += 1) {
      const code = text.charCodeAt(at + step);
      const value = at + step < end ? (code < 128 ? (VALUES[code] as number) : -1) : 0;
      if (value < 0) return null;
      word = (word << 6) | value;
    }
    bytes[into++] = word >>> 16;
    if (into < bytes.length) bytes[into++] = (word >>> 8) & 255;
    if (into < bytes.length) bytes[into++] = word & 255;
  }
  return bytes;
};
