// One line being counted: its rows, the keys, the three acts, and what is stored of them.

import { EngineFault } from "../engine/fault.js";
import { plainQuantity } from "../engine/quantity.js";
import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { notStored, toast } from "../../shared/status.js";
import { t, unitText } from "../../shared/text.js";
import { countPath, tremble } from "./page.js";
import { actsOf, nextRow } from "./acts.js";
import { closedEntry, entriesOf, entryText, openEntry, packText } from "./entries.js";
import { keypad } from "./keypad.js";
import { lineHead } from "./linehead.js";
import { lotPanel } from "./lotpanel.js";
import { openNewLot } from "./newlot.js";
import { pressed, typing } from "./press.js";
import { sayLast } from "./said.js";
import { otherWays } from "./ways.js";
import { afterKey, readable } from "./typed.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("../engine/types.js").CountLine} CountLine */

/** Waits until what was typed is on the screen, so that storing it never delays showing it; at most for a moment. */
function painted() {
  if (document.visibilityState !== "visible") return Promise.resolve();
  return new Promise((resolve) => {
    setTimeout(resolve, 50);
    requestAnimationFrame(() => setTimeout(resolve, 0));
  });
}

/** One line being counted. */
export class LineCounter {
  /** @param {Page} page @param {string} depot @param {CountLine} line @param {string} from */
  constructor(page, depot, line, from) {
    this.page = page;
    this.depot = depot;
    this.line = line;
    this.from = from;
    /** @type {Set<string>} */
    this.opened = new Set();
    this.entries = entriesOf(line, this.opened);
    this.at = Math.max(0, this.entries.findIndex((entry) => !entryText(line, entry)));
    this.text = "";
    this.fresh = true;
    /** @type {Promise<unknown>} */
    this.work = Promise.resolve();
    /** @type {import("./lotpanel.js").LotPanel | null} */
    this.panel = null;
    this.input = /** @type {HTMLInputElement} */ (h("input", {
      id: "quantity", inputmode: "decimal", autocomplete: "off", enterkeyhint: "next", maxlength: 13, placeholder: t("quantity-empty"), "aria-describedby": "last",
      oninput: () => this.fieldTyped(), onfocus: () => this.input.select(),
    }));
    this.stored = h("span.stored", { hidden: true }, icon("check", 18), t("stored"));
    this.last = h("p.last", { id: "last", role: "status" });
    this.sheet = h("div.sheet", { tabindex: "-1" });
    this.pad = keypad((key) => this.key(key));
    this.open(this.at);
  }

  get entry() {
    return this.entries[this.at];
  }

  /** Opens a row to the keypad. @param {number} at */
  open(at) {
    this.panel = null;
    this.at = at;
    this.text = entryText(this.line, this.entry);
    this.fresh = true;
    this.draw();
  }

  draw() {
    const { line } = this;
    const single = this.entries.length === 1;
    const focused = this.sheet.contains(document.activeElement);
    this.input.value = this.text;
    fill(this.sheet,
      lineHead(this.page, this.depot, line),
      this.panel ? this.panel.node : h("div.entries", null, this.entries.map((entry, at) => at === this.at
        ? openEntry(line, entry, single, this.input, this.stored, this.last) : closedEntry(line, entry, single, () => this.open(at)))),
      this.panel ? null : h("div.ways", null, otherWays(this)));
    this.pad.point(line.measured && !this.panel);
    this.pad.acts(actsOf(this));
    this.said();
    this.reveal();
    if (focused) {
      const next = /** @type {HTMLElement | null} */ (this.sheet.querySelector(this.panel ? ".choice [aria-pressed=true]" : ".now"));
      if (next) next.focus({ preventScroll: true });
    }
  }

  /** Scrolls so far that the open row is seen. */
  reveal() {
    const open = this.sheet.querySelector(".now");
    if (open && this.sheet.isConnected) open.scrollIntoView({ block: "nearest" });
  }

  /** Opens a row for a condition, or for packs, of the lot. @param {"packs" | "in_repair" | "unserviceable"} field */
  openField(field) {
    const { lot } = this.entry;
    this.opened.add(`${lot}/${field}`);
    this.refresh();
    this.open(this.entries.findIndex((one) => one.lot === lot && one.field === field));
  }

  /** Asks for another lot. */
  openPanel() {
    this.panel = lotPanel(this.line);
    this.draw();
    this.sheet.scrollTop = 0;
  }

  /** The next row after this one that has no number yet, -1 where there is none. */
  nextEmpty() {
    return this.entries.findIndex((entry, at) => at > this.at && entry.field === "quantity" && !entryText(this.line, entry));
  }

  /** Takes in what is stored now. */
  refresh() {
    this.line = this.page.phone.line(this.depot, this.line.item) || this.line;
    this.entries = entriesOf(this.line, this.opened);
  }

  /**
   * Stores one thing after another, in the draft of the person who pressed the key. Where the phone cannot, what is shown goes back to what is stored.
   * @param {(draft: import("../engine/draft.js").CountDraft) => Promise<unknown>} change
   */
  store(change) {
    const { phone } = this.page;
    const account = phone.present();
    const present = phone.draft(this.depot);
    const done = this.work.then(painted).then(async () => {
      if (present) return change(present);
      if (phone.present() !== account) throw new EngineFault("other_account");
      return change(phone.draft(this.depot) || await phone.startDraft(this.depot));
    });
    this.work = done.catch(() => undefined);
    done.catch((error) => {
      tremble(60);
      this.refresh();
      this.open(Math.min(this.at, this.entries.length - 1));
      notStored(error);
    });
    return done;
  }

  /** @param {string} key */
  key(key) {
    typing();
    if (this.panel) return this.panel.key(key);
    this.typed(afterKey(this.text, key, this.fresh, this.line.measured));
  }

  /** What came by the field itself: a keyboard of the system, a paste. */
  fieldTyped() {
    typing();
    const value = plainQuantity(this.input.value);
    if (readable(value, this.line.measured)) this.typed(value);
    else {
      tremble(60);
      this.input.value = this.text;
      this.last.textContent = t(this.line.measured ? "quantity-wrong" : "quantity-whole");
    }
  }

  /** @param {string} text */
  typed(text) {
    const { entry, line } = this;
    this.fresh = false;
    if (text === this.text) {
      // The same number again, over the one that was there: it is stored, once what is under way is.
      this.work.then(() => { if (text === this.text && text) this.said(true); });
      return;
    }
    this.text = text;
    this.input.value = text;
    this.said();
    const at = this.text;
    this.store(async (draft) => {
      if (entry.field === "packs") await draft.set(line.item, entry.lot, "pack", line.packs[0].name);
      await draft.set(line.item, entry.lot, entry.field, text);
    }).then(() => {
      this.refresh();
      if (at === this.text) this.said(true);
    }, () => undefined);
  }

  /** @param {boolean} [stored] whether what is shown is stored */
  said(stored = false) {
    if (this.panel) return;
    sayLast(this, stored);
    this.pad.shows(this.text, this.unit());
  }

  /** Says anew where the number is kept, once the service has it. */
  keptElsewhere() {
    if (!this.stored.hidden && this.page.phone.status().onlineOnly) this.said(true);
  }

  unit() {
    const pack = this.line.packs[0];
    return this.entry.field === "packs" && pack ? packText(pack.name) : unitText(this.line.unit);
  }

  /** Takes the lot of the panel. */
  takeLot() {
    const texts = this.panel ? this.panel.texts() : null;
    return texts ? openNewLot(this, texts) : tremble(60);
  }

  /** What the keys of a keyboard or a scanner do. */
  keyboard() {
    return {
      input: this.input,
      key: (/** @type {string} */ key) => this.key(key),
      next: (/** @type {Event} */ event) => {
        pressed(event);
        return this.panel ? this.takeLot() : nextRow(this);
      },
      text: () => this.text,
      restore: (/** @type {string} */ text) => this.typed(text),
      scanned: (/** @type {string} */ code) => {
        const [hit] = this.page.phone.search(this.depot, code, 1);
        // What only resembles the code is another item.
        if (hit && hit.fit === "exact") this.work.then(() => this.page.go(countPath(this.depot, hit)));
        else toast(t("search-none", { text: code }), true);
      },
    };
  }
}
