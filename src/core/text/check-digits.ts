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
