/**
 * One pass over a text that tells which kinds of values it may hold, so that the finders' patterns run only where they can match.
 * A hint may be wrong the safe way: it may call a finder in vain, never leave one out.
 */
export const DIGIT = 1;
export const ENGLISH_DATE = 2;
export const CHINESE_DATE = 4;
export const ENGLISH_MONEY = 8;
export const CHINESE_MONEY = 16;
export const ORDER = 32;

/** By three letters, five bits each. */
const TRIGRAMS = new Uint8Array(0x8000);
const UNITS = new Uint8Array(0x10000);
const LETTER_BITS = 5;
const LETTER = 0x1f;
const WINDOW = 0x7fff;

/** Three letters of each word, such that few other words hold them. */
const hintLetters = (trigrams: string, hint: number): void => {
  for (const trigram of trigrams.split(" ")) {
    let window = 0;
    for (let at = 0; at < 3; at += 1)
      window = (window << LETTER_BITS) | (trigram.charCodeAt(at) & LETTER);
    TRIGRAMS[window] = (TRIGRAMS[window] ?? 0) | hint;
  }
};

const hintUnits = (units: string, hint: number): void => {
  for (let at = 0; at < units.length; at += 1) {
    const unit = units.charCodeAt(at);
    UNITS[unit] = (UNITS[unit] ?? 0) | hint;
  }
};

hintUnits("0123456789", DIGIT);
// day, ago, week, month, night, tomorrow, year, morning
hintLetters("day ago eek nth nig rro yea rni", ENGLISH_DATE);
hintUnits("天周月晚期拜前日早", CHINESE_DATE);
// dollar, bucks, euro, pounds, quid, rupee, yuan
hintLetters("dol buc eur pou uid rup yua", ENGLISH_MONEY);
hintUnits("块元圆镑刀欧币金比円", CHINESE_MONEY);
// order, booking, tracking, ticket, invoice, reference, case, parcel, shipment, confirmation, reservation, consignment, awb, waybill, rma
hintLetters("ord ook rac tic inv ref cas par shi con res awb way rma", ORDER);
hintUnits("单号递码#", ORDER);

/** The hints of a normalised text, as bits. */
export const hintsOf = (text: string): number => {
  let [seen, window] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    window = ((window << LETTER_BITS) | (unit & LETTER)) & WINDOW;
    seen |= (UNITS[unit] ?? 0) | (TRIGRAMS[window] ?? 0);
  }
  return seen;
};
