// What a page of the board is, and what it is given.

/** @typedef {import("../shared/dom.js").Child} Child */
/** @typedef {import("./session.js").Person} Person */
/** @typedef {import("../shared/api.js").ApiSchemas["Role"]} Role */

/**
 * Where a page was asked for: `#/organizations/T3/lines?status=short` has the path ["T3", "lines"] and the query {status: "short"}.
 * @typedef {object} Place
 * @property {string[]} path
 * @property {Record<string, string>} query
 *
 * The board as a page sees it.
 * @typedef {object} Board
 * @property {Person} person  who is signed in
 * @property {(path: string) => void} go  to an address made by `to()` or `link()`
 * @property {() => Promise<void>} redraw  shows the same page anew: data are read again, focus and scrolling stay
 * @property {(path: string) => void} keepAddress  notes in the address what the page is narrowed to, so that Back finds it again
 * @property {(answer: Standing) => void} asOf  says in the header as of when the page is
 *
 * As of when an answer of the API is.
 * @typedef {object} Standing
 * @property {number} revision
 * @property {string} known_at
 * @property {string | null} [as_of]
 *
 * What a page shows.
 * @typedef {object} View
 * @property {string} title
 * @property {Child} body  begins with an `h1` that has the tabindex -1: `heading()` makes one
 * @property {boolean} [bare]  without header and navigation, as a wall has it
 * @property {() => boolean} [unsaved]  whether something was typed that leaving would lose: it is asked before
 * @property {() => void} [leave]  before another page takes its place, or the same one is drawn anew
 * @property {() => void} [shown]  once it is on the page
 *
 * A page of the board. `web/board/routes.js` has the list of all.
 * @typedef {object} BoardPage
 * @property {string} name  the first part of its address; its word in the navigation is the text `nav-NAME`
 * @property {Role[]} roles  who may open it; others are told whom to ask
 * @property {boolean} [inNavigation]
 * @property {(board: Board, place: Place) => View | Promise<View>} show
 */

/** The roles of people of a bureau. @type {Role[]} */
export const BUREAU = ["viewer", "officer", "admin"];

/** Those who change things. @type {Role[]} */
export const EDITORS = ["officer", "admin"];

/** All of them. @type {Role[]} */
export const EVERYBODY = ["quartermaster", "viewer", "officer", "admin"];
