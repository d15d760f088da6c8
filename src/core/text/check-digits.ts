/** Checksums that tell card numbers and Chinese resident ids from other digits. Digits only, no separators. */

/** Luhn's check (ISO/IEC 7812-1, annex B). */
export const passesLuhn = (digits: string): boolean => {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const double = index % 2 === 1 ? digit * 2 : digit;
    sum += double > 9 ? double - 9 : double;
  }
  return sum % 10 === 0;
};

/** Resident identity numbers of GB 11643-1999: region, date of birth, order, check digit by ISO 7064 MOD 11-2. */
export const isResidentId = (id: string): boolean => {
  if (!/^[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx]$/u.test(id))
    return false;
  let rest = 0;
  for (const char of id.slice(0, 17)) rest = ((rest + Number(char)) * 2) % 11;
  return "10x98765432"[rest] === id[17];
};

/** International bank account numbers (ISO 13616): country, two check digits, up to 30 letters and digits; remainder 1 by 97. Lower case, no blanks. */
export const passesIban = (iban: string): boolean => {
  if (!/^[a-z]{2}\d{2}[a-z0-9]{10,30}$/u.test(iban)) return false;
  let rest = 0;
  for (const char of iban.slice(4) + iban.slice(0, 4)) {
    const value = char <= "9" ? Number(char) : char.charCodeAt(0) - 87;
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
};

/** How many letters and digits an IBAN of each country has (SWIFT's IBAN registry). */
const IBAN_LENGTHS = new Map<string, number>(
  (
    "15 no|16 be|18 dk fi fo gl nl sd fk|19 mk si|20 at ba ee kz lt lu mn xk|21 ch cr hr li lv|22 bg bh de gb ge ie me rs va|" +
    "23 ae gi il iq om so tl|24 ad cz es md pk ro sa se sk tn vg|25 ly pt st|26 is tr|27 fr gr it mc mr sm|28 al az by cy do gt hu lb pl sv|29 br eg ps qa ua|30 jo kw mu|31 mt sc|32 lc|33 ru"
  )
    .split("|")
    .flatMap((row) => {
      const [length, ...countries] = row.split(" ");
      return countries.map((country): [string, number] => [country, Number(length)]);
    }),
);

/** Length of the IBANs of a country in lower case; 0 for a country without. */
export const ibanLength = (country: string): number => IBAN_LENGTHS.get(country) ?? 0;
