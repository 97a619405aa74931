// What a count says, read from its bytes. They may be those of a file: nothing is taken to be as it should.

/** @typedef {import("./types.js").CountContent} CountContent */
/** @typedef {import("./types.js").ContentLine} ContentLine */

/** @type {WeakMap<object, CountContent>} */
const readContents = new WeakMap();

const MOST_CONTENT_LINES = 2000;

/** @param {any} value @param {number} [most] */
function textOf(value, most = 200) {
  return typeof value === "string" ? value.slice(0, most) : "";
}

/** @param {any} value @returns {Record<string, any>} */
function objectOf(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? value : {};
}

/** @param {any} value */
function numberOf(value) {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** @param {any} told @returns {ContentLine} */
function contentLine(told) {
  const line = objectOf(told);
  const [quantity, packs, size] = [numberOf(line["quantity"]), numberOf(line["packs"]), numberOf(line["pack_size"])];
  const inPacks = packs === null || size === null ? null : Math.round(packs * size * 1000) / 1000;
  return {
    ...{ item: textOf(line["item"], 64), lot: textOf(line["lot"], 64) || null, expiresOn: textOf(line["expires_on"], 10) || null },
    ...{ condition: textOf(line["condition"], 32) || "serviceable", held: textOf(line["held"], 32) || "here" },
    quantity: quantity === null ? inPacks : quantity,
  };
}

/**
 * What a count says; read once for each state of it.
 * @param {{text: string}} command
 * @returns {CountContent}
 */
export function contentOf(command) {
  const known = readContents.get(command);
  if (known) return known;
  let body = objectOf(null);
  try {
    body = objectOf(JSON.parse(command.text));
  } catch {
    // It says nothing.
  }
  const at = textOf(body["counted_at"], 40);
  /** @type {CountContent} */
  const content = {
    ...{ depotId: textOf(body["depot_id"], 64), scope: body["scope"] === "full" ? "full" : "listed" },
    countedAt: Number.isNaN(Date.parse(at)) ? null : at,
    ...{ countedBy: textOf(body["counted_by"], 100), note: textOf(body["note"], 1000) },
    lines: (Array.isArray(body["lines"]) ? body["lines"].slice(0, MOST_CONTENT_LINES) : []).map(contentLine),
  };
  readContents.set(command, content);
  return content;
}
