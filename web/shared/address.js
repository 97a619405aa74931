// Paths within a page, in the hash of its address.

/** A path of the page as the address that leads to it. @param {...string} path */
export function to(...path) {
  return `#/${path.map(encodeURIComponent).join("/")}`;
}

/** A part of an address in plain signs; as it is where it is wrongly written, so that it names nothing. @param {string} part */
export function fromAddress(part) {
  try {
    return decodeURIComponent(part);
  } catch (_) {
    return part;
  }
}
