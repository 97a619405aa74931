// The copy of the service's data, read once after each change of it.
/** @typedef {import("./types.js").Names} Names */
/** @typedef {import("./account.js").AccountStore} AccountStore */

/** @typedef {Record<string, any>} TableRow */

/**
 * An item of the catalogue.
 * @typedef {object} CopiedItem
 * @property {string} code
 * @property {Names} names
 * @property {string} unit
 * @property {string} class
 * @property {boolean} measured
 * @property {boolean} perishable
 * @property {number | null} shelfLifeMonths
 * @property {{name: string, size: number}[]} packs
 * @property {string[]} barcodes
 * @property {string[]} otherNames  by which people know it
 * @property {boolean} retired
 * @property {string | null} number  of the labels of its lines, with at least four digits
 *
 * @typedef {object} CopiedDepot
 * @property {string} id
 * @property {string} code
 * @property {Names} names
 * @property {string} organization
 * @property {"physical" | "agreement" | "capacity"} holding
 * @property {boolean} open
 */

/** More than any catalogue or table that a phone shows. */
const MOST_ROWS = 20000;

/** @param {unknown} value @returns {any[]} */
function asList(value) {
  return Array.isArray(value) ? value.slice(0, MOST_ROWS) : [];
}

/** @param {unknown} value @param {number} [most] */
function asText(value, most = 200) {
  return typeof value === "string" ? value.slice(0, most) : "";
}

/** @param {unknown} value @returns {string[]} */
function asTexts(value) {
  return asList(value).filter((one) => typeof one === "string" && one !== "").map((one) => one.slice(0, 200));
}

/** @param {any} data @returns {Names} either name stands in for one that is missing */
export function namesOf(data) {
  const [en, zh] = [asText(data && data.name_en), asText(data && data.name_zh)];
  return { en: en || zh, zh: zh || en };
}

/** The rows of a table of the copy, by the names of its columns. @param {any} data @returns {TableRow[]} */
function tableRows(data) {
  const columns = asTexts(data && data.columns);
  return asList(data && data.rows).map((cells) => {
    /** @type {TableRow} */
    const row = {};
    columns.forEach((column, at) => (row[column] = Array.isArray(cells) ? cells[at] : undefined));
    return row;
  });
}

/** @param {string} code @param {any} data @returns {CopiedItem} */
function itemOf(code, data) {
  const packs = asList(data.packs).filter((pack) => pack && pack.name && Number(pack.size) > 0);
  const [months, label] = [Number(data.shelf_life_months), Number(data.label)];
  return {
    ...{ code, names: namesOf(data), unit: asText(data.unit, 16), class: asText(data.class, 64) },
    ...{ measured: data.measured === true, perishable: data.perishable === true, retired: data.retired === true },
    shelfLifeMonths: months > 0 ? months : null,
    packs: packs.map((pack) => ({ name: asText(pack.name, 32), size: Number(pack.size) })),
    barcodes: asTexts(data.barcodes),
    otherNames: asTexts(data.other_names),
    number: Number.isInteger(label) && label > 0 ? String(label).padStart(4, "0").slice(0, 8) : null,
  };
}

/** @param {string} code @param {any} data @returns {CopiedDepot} */
function depotOf(code, data) {
  const holding = data.holding === "agreement" || data.holding === "capacity" ? data.holding : "physical";
  const [id, organization] = [asText(data.id, 64), asText(data.organization, 64)];
  return { id, code, names: namesOf(data), organization, holding, open: data.open !== false };
}

/** What the copy holds, by type. */
export class CopyReader {
  /** @param {AccountStore} store */
  constructor(store) {
    /** @type {Map<string, CopiedItem>} */
    this.items = new Map();
    /** @type {Map<string, Names>} */
    this.classes = new Map();
    /** @type {Map<string, CopiedDepot>} */
    this.depots = new Map();
    /** @type {Map<string, any>} */
    this.organizations = new Map();
    /** @type {Map<string, TableRow[]>} by organization */
    this.requirements = new Map();
    /** @type {Map<string, TableRow[]>} by organization */
    this.assessments = new Map();
    /** @type {Map<string, {rows: TableRow[], counts: any[]}>} by depot */
    this.stock = new Map();
    const rows = [...store.table("copy").values()].sort((one, other) => (one.key < other.key ? -1 : 1));
    for (const { type, key, data } of rows) if (data && typeof data === "object") this.take(type, key, data);
    const [first] = this.organizations.values();
    this.zone = asText(first && first.time_zone, 64) || "Asia/Shanghai";
    this.depotCodes = new Map([...this.depots.values()].map((depot) => [depot.id, depot.code]));
  }

  /** @param {string} type @param {string} key @param {any} data */
  take(type, key, data) {
    if (type === "item") this.items.set(key, itemOf(key, data));
    else if (type === "item_class") this.classes.set(key, namesOf(data));
    else if (type === "depot") this.depots.set(key, depotOf(key, data));
    else if (type === "organization") this.organizations.set(key, data);
    else if (type === "requirements") this.requirements.set(key, tableRows(data));
    else if (type === "assessments") this.assessments.set(key, tableRows(data));
    else if (type === "stock") this.stock.set(key, { rows: tableRows(data), counts: asList(data.counts) });
  }
}
