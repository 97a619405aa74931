// Addresses within the board: the same thing has the same address on every page.

import { to } from "../shared/address.js";

/** A list with what it is narrowed to: `link("organizations", { status: "short" })`. @param {string} page @param {Record<string, string | null | undefined>} [query] */
export function link(page, query) {
  return withQuery(to(page), query);
}

/** An address with a query; what is empty is left out. @param {string} address @param {Record<string, string | null | undefined>} [query] */
export function withQuery(address, query) {
  const given = Object.entries(query || {}).filter(([, value]) => value);
  return address + (given.length ? `?${given.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join("&")}` : "");
}

/** The sheet of an organization. @param {string} code */
export function organizationLink(code) {
  return to("organizations", code);
}

/** The explanation of a line of an organization: where every figure of a line leads. @param {string} code @param {string} line */
export function lineLink(code, line) {
  return to("organizations", code, "lines", line);
}

/** An edition of a standard with its clauses. @param {string} code */
export function standardLink(code) {
  return to("standards", "editions", code);
}

/** A rule of a standard: a clause with what it requires of whom. @param {string} code */
export function ruleLink(code) {
  return to("standards", "rules", code);
}

/** The facts of an organization. @param {string} code */
export function factSheetLink(code) {
  return to("standards", "facts", code);
}

/** The targets that an organization declares. @param {string} code */
export function targetsLink(code) {
  return to("standards", "targets", code);
}

/** The exemptions of an organization. @param {string} code */
export function exemptionsLink(code) {
  return to("standards", "exemptions", code);
}
