/* Phone numbers: as people read them, and out of what people type. */

/** Digits with country code as people read them: +55 11 98765-4321; other countries' only with a plus. */
export function shownPhone(digits) {
  const parts = /^55(\d{2})(\d{4,5})(\d{4})$/.exec(digits);
  return parts ? `+55 ${parts[1]} ${parts[2]}-${parts[3]}` : `+${digits}`;
}

/** What was typed as a phone: digits with country code (Brazil's unless a plus says otherwise), or null. */
export function dialled(typed) {
  const digits = typed.replace(/\D/g, "");
  const whole = typed.trim().startsWith("+") || digits.length > 11 ? digits : `55${digits}`;
  return /^(55\d{10,11}|(?!55)[1-9]\d{7,14})$/.test(whole) ? whole : null;
}
