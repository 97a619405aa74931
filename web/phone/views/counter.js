// One line being counted: its rows, the keys, the three acts, and what is stored of them.

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { failureText, mark, toast } from "../../shared/status.js";
import { interval, nameOf, t, unitText } from "../../shared/text.js";
import { countPath, settings, to, tremble } from "./page.js";
import { closedEntry, entriesOf, entryText, lastWords, openEntry, packText } from "./entries.js";
import { lineOrder } from "./depot.js";
import { keypad } from "./keypad.js";
import { lotPanel } from "./lotpanel.js";
import { rivalColumns } from "./rivals.js";
import { otherWays } from "./ways.js";
import { afterKey, readable, typedTotal } from "./typed.js";
import { EngineFault } from "../engine/fault.js";
import { plainQuantity } from "../engine/quantity.js";

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
    const unit = unitText(line.unit);
    const required = line.required ? t(`required-${line.strength || "mandatory"}`, { n: interval(line.required), unit }) : null;
    const focused = this.sheet.contains(document.activeElement);
    this.input.value = this.text;
    fill(this.sheet,
      h("div.title", null, h("h1", { tabindex: "-1" }, nameOf(line.names, line.item)), h("span.unit", null, unit)),
      h("p.meta", null, [line.item, line.number, required, line.place].filter(Boolean).map((part, at) => [at ? " · " : "", h("span.nowrap", null, part)])),
      line.state === "conflict" || line.state === "contested" ? [h("p", null, mark("contested", t(`count-${line.state}`))), line.draft && line.draft.act !== "none" ? rivalColumns(this.page, this.depot, line.item) : null] : null,
      line.draft && (line.draft.act === "zero" || line.draft.act === "skipped") ? h("p", null, mark(line.draft.act === "zero" ? "met" : "none", t(line.draft.act === "zero" ? "count-was-zero" : "count-was-skipped"))) : null,
      this.panel ? this.panel.node : h("div.entries", null, this.entries.map((entry, at) => at === this.at
        ? openEntry(line, entry, single, this.input, this.stored, this.last) : closedEntry(line, entry, single, () => this.open(at)))),
      this.panel ? null : h("div.ways", null, otherWays(this)));
    this.pad.point(line.measured && !this.panel);
    this.acts();
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
    this.panel = lotPanel(this.line, () => this.acts());
    this.draw();
    this.sheet.scrollTop = 0;
  }

  /** The acts below the keypad. */
  acts() {
    if (this.panel) {
      this.pad.acts([
        { id: "lot-cancel", words: t("cancel"), act: () => this.open(this.at) },
        { id: "lot-take", words: t("lot-take"), main: true, act: () => this.takeLot() },
      ]);
      return;
    }
    const more = this.nextEmpty() >= 0;
    this.pad.acts([
      { id: "act-zero", words: t("act-zero-key"), act: () => this.zero() },
      { id: "act-skip", words: t("act-skip"), act: () => this.skip() },
      { id: "act-next", words: more ? t("act-next-lot") : this.from === "review" ? t("act-done") : t("act-next"), main: true, act: () => this.next() },
    ]);
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
      if (phone.present() !== account) throw new EngineFault("other_account", "another person uses the phone since");
      return change(phone.draft(this.depot) || await phone.startDraft(this.depot));
    });
    this.work = done.catch(() => undefined);
    done.catch((error) => {
      tremble(60);
      this.refresh();
      this.open(Math.min(this.at, this.entries.length - 1));
      toast(t("not-stored", { why: failureText(error) }), true);
    });
    return done;
  }

  /** @param {string} key */
  key(key) {
    if (this.panel) return this.panel.key(key);
    this.typed(afterKey(this.text, key, this.fresh, this.line.measured));
  }

  /** What came by the field itself: a keyboard of the system, a paste. */
  fieldTyped() {
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

  /** Says the last number, once one was typed, and the sum where there are several rows. @param {boolean} [stored] */
  said(stored) {
    if (this.panel) return;
    const when = settings().last;
    const show = when === "before" || (when === "after" && this.text !== "");
    const { words, differs } = show ? lastWords(this.line, this.entry, this.text) : { words: "", differs: false };
    const draft = this.line.draft;
    const sum = this.entries.length > 1 && draft && draft.act === "number" ? t("count-sum", { n: typedTotal(draft.lots, this.line.packs), unit: unitText(this.line.unit) }) : "";
    fill(this.last, differs ? [mark("contested", words), h("span.block", null, t("last-again"))] : words, sum ? h("span.block", null, sum) : null);
    this.pad.shows(this.text, this.unit());
    this.stored.hidden = !stored;
    if (stored) fill(this.stored, icon("check", 18), this.storedWords());
  }

  unit() {
    const pack = this.line.packs[0];
    return this.entry.field === "packs" && pack ? packText(pack.name) : unitText(this.line.unit);
  }

  /** Where what was typed is kept: never more than is so. */
  storedWords() {
    if (!this.page.phone.status().onlineOnly) return t("stored");
    const draft = this.page.phone.draft(this.depot);
    return t(draft && draft.data.onServer === "saved" ? "stored-server" : "stored-soon");
  }

  zero() {
    if (this.entries.length === 1) return this.finish((draft) => draft.zero(this.line.item), t("said-zero"));
    this.typed("0");
    return this.next();
  }

  skip() {
    const typed = this.line.draft && this.line.draft.act === "number";
    if (!typed && !this.text) return this.finish((draft) => draft.skip(this.line.item), t("said-skip"));
    const more = this.nextEmpty();
    return more >= 0 ? this.open(more) : this.finish(null, "");
  }

  async next() {
    await this.work;
    this.refresh();
    const more = this.nextEmpty();
    if (more >= 0 && (this.text || this.at > 0)) return this.open(more);
    if (!this.line.draft || this.line.draft.act === "none") {
      tremble(60);
      this.last.textContent = t("count-nothing");
      return undefined;
    }
    return this.finish(null, "");
  }

  async takeLot() {
    const { item } = this.line;
    const texts = this.panel ? this.panel.texts() : null;
    if (!texts) return tremble(60);
    let key = "";
    await this.store(async (draft) => { key = await draft.addLot(item, texts); });
    this.refresh();
    this.open(Math.max(0, this.entries.findIndex((entry) => entry.lot === key)));
  }

  /** Ends the line and goes to the next one that nothing was said of. @param {((draft: import("../engine/draft.js").CountDraft) => Promise<unknown>) | null} change @param {string} words */
  async finish(change, words) {
    if (change) {
      try {
        await this.store(change);
      } catch (_) {
        return;
      }
    }
    await this.work;
    // Who went elsewhere meanwhile is not pulled back.
    if (!this.sheet.isConnected) return undefined;
    if (words) toast(words, true);
    if (this.from === "review") return this.page.go(to("review", this.depot));
    const lines = this.page.phone.lines(this.depot, lineOrder());
    const here = lines.findIndex((line) => line.item === this.line.item);
    const open = lines.slice(here + 1).concat(lines.slice(0, here + 1)).find((line) => line.item !== this.line.item && (!line.draft || line.draft.act === "none"));
    this.page.go(open ? to("count", this.depot, open.item) : to("review", this.depot));
  }

  /** Opens the row of a lot that a barcode named, or a new one. @param {string} lot @param {string} expiresOn @param {string} madeOn */
  async scanned(lot, expiresOn, madeOn) {
    const plain = (/** @type {string | null} */ text) => (text || "").normalize("NFKC").replace(/\s/g, "").toUpperCase();
    const at = this.entries.findIndex((entry) => entry.field === "quantity" && (lot ? plain(entry.number) === plain(lot) : entry.expiresOn === expiresOn));
    if (at >= 0) return this.open(at);
    /** @type {Record<string, string>} */
    const texts = {};
    if (lot) texts.lot = lot;
    if (expiresOn) texts.expires_on = expiresOn;
    if (madeOn) texts.made_on = madeOn;
    let key = "";
    await this.store(async (draft) => { key = await draft.addLot(this.line.item, texts); });
    this.refresh();
    return this.open(Math.max(0, this.entries.findIndex((entry) => entry.lot === key)));
  }

  /** What the keys of a keyboard or a scanner do. */
  keyboard() {
    return {
      input: this.input,
      key: (/** @type {string} */ key) => this.key(key),
      next: () => (this.panel ? this.takeLot() : this.next()),
      text: () => this.text,
      restore: (/** @type {string} */ text) => this.typed(text),
      scanned: (/** @type {string} */ code) => {
        const [hit] = this.page.phone.search(this.depot, code, 1);
        if (hit) this.work.then(() => this.page.go(countPath(this.depot, hit)));
        else toast(t("search-none", { text: code }), true);
      },
    };
  }
}
