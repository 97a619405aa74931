// Numbers as people type them.

/** The number that a text is; null where it is none. Full-width digits are digits. @param {string} text */
export function typedNumber(text) {
  const plain = text.normalize("NFKC").trim();
  return /^\d+(\.\d{1,3})?$/.test(plain) ? Number(plain) : null;
}
