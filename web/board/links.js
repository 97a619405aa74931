// Addresses within the board: the same thing has the same address on every page.

import { to } from "../shared/address.js";

/** A list with what it is narrowed to: `link("organizations", { status: "short" })`. @param {string} page @param {Record<string, string | null | undefined>} [query] */
export function link(page, query) {
  const given = Object.entries(query || {}).filter(([, value]) => value);
  return to(page) + (given.length ? `?${given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join("&")}` : "");
}

/** The sheet of an organization. @param {string} code */
export function organizationLink(code) {
  return to("organizations", code);
}

/** The explanation of a line of an organization: where every figure of a line leads. @param {string} code @param {string} line */
export function lineLink(code, line) {
  return to("organizations", code, "lines", line);
}
