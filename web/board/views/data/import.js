// Import: files are chosen or dropped, checked by the service without writing anything, and then imported as they were checked.

import { fill, h } from "../../../shared/dom.js";
import { icon } from "../../../shared/icons.js";
import { toast } from "../../../shared/status.js";
import { figureText, t } from "../../../shared/text.js";
import { readFile } from "../../api.js";
import { cellReader } from "./cells.js";
import { FORMS } from "./forms.js";
import { dataTemplates } from "./templates.js";
import { importSettings } from "./import-settings.js";
import { fileResult } from "./report.js";

/**
 * A file as it was when it was chosen: what is imported is what was checked, even where the file changed on the disk meanwhile.
 * @typedef {object} ChosenFile
 * @property {string} name
 * @property {ArrayBuffer} content
 * @property {string} form  empty where the service finds it
 * @property {"chosen" | "checked" | "refused" | "imported"} state
 * @property {import("../../session.js").ApiSchemas["ImportReport"] | null} report
 * @property {any} error
 * @property {((pointer: string) => import("./cells.js").Cell) | null} cell  the cell that a fault names
 */

const MOST_BYTES = 16 * 1024 * 1024;

/** The media types by the ending of a file. @type {Record<string, string>} */
const TYPES = { csv: "text/csv", json: "application/json", xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" };

/** @returns {import("../data.js").DataPart} */
export function importFiles() {
  /** @type {ChosenFile[]} */
  let files = [];
  let busy = false;
  const settings = importSettings();
  const list = h("div.stack");
  const acts = h("div.acts");
  const results = h("div.data-results");
  const said = h("div", { role: "status" });

  /** @param {FileList | null} chosen */
  async function take(chosen) {
    fill(said);
    for (const file of Array.from(chosen || [])) {
      const ending = (/\.([a-z]+)$/i.exec(file.name) || ["", ""])[1].toLowerCase();
      if (!TYPES[ending]) fill(said, h("p.fault", null, t(ending === "xls" ? "data-file-old" : "data-file-kind", { name: file.name })));
      else if (file.size > MOST_BYTES) fill(said, h("p.fault", null, t("data-file-large", { name: file.name })));
      else {
        files = files.filter(({ name }) => name !== file.name);
        files.push({ name: file.name, content: await file.arrayBuffer(), form: "", state: "chosen", report: null, error: null, cell: null });
      }
    }
    draw();
  }

  /** @param {ChosenFile} file @param {boolean} dryRun */
  async function send(file, dryRun) {
    const ending = file.name.split(".").pop() || "";
    const query = { ...settings.values(), form: file.form, name: file.name.slice(0, 100), dry_run: dryRun };
    try {
      const answer = await readFile("/import", query, { method: "POST", body: new Blob([file.content]), type: TYPES[ending.toLowerCase()], accept: "application/json" });
      file.report = await answer.json();
      file.error = null;
      file.state = dryRun ? "checked" : "imported";
    } catch (error) {
      file.error = error;
      file.report = null;
      file.state = "refused";
    }
    file.cell = await cellReader(file);
  }

  /** One after the other: a later file may need what an earlier one has. @param {(file: ChosenFile) => boolean} which @param {boolean} dryRun */
  async function run(which, dryRun) {
    if (busy) return;
    busy = true;
    chosen.disabled = true;
    let imported = 0;
    drawActs();
    for (const file of files.filter(which)) {
      // Others may have been chosen meanwhile.
      if (!files.includes(file) || !which(file)) continue;
      fill(said, h("p.muted", null, t(dryRun ? "data-checking" : "data-importing", { name: file.name })));
      await send(file, dryRun);
      if (file.state === "imported") imported += 1;
    }
    if (!dryRun) {
      for (const file of files.filter(({ state }) => state === "refused")) await send(file, true);
      if (imported) toast(t("data-import-done"));
    }
    busy = false;
    chosen.disabled = false;
    fill(said);
    draw();
    const lacks = (/** @type {ChosenFile} */ { error, state }) => state === "refused" && error.problem && error.problem.errors.some((/** @type {{ code: string }} */ { code }) => code === "missing_field");
    if (files.some(lacks)) settings.node.setAttribute("open", "");
    const first = /** @type {HTMLElement | null} */ (results.querySelector("h3"));
    if (first) first.focus();
  }

  function drawActs() {
    const ready = files.filter(({ state }) => state === "checked");
    const left = files.filter(({ state }) => state !== "imported");
    const button = (/** @type {string} */ kind, /** @type {string} */ words, /** @type {() => void} */ act, /** @type {string} */ id) =>
      h(`button.button${kind}`, { type: "button", id, "aria-disabled": busy ? "true" : null, onclick: act }, words);
    fill(acts,
      left.length ? button(ready.length ? "" : ".primary", busy ? t("working") : t("data-check"), () => run(({ state }) => state !== "imported", true), "data-check") : null,
      ready.length ? button(".primary", t("data-import-act", { n: ready.length }), () => run(({ state }) => state === "checked", false), "data-import") : null,
      left.length && !busy ? button("", t("data-import-clear"), () => { files = []; draw(); }, "data-clear") : null);
  }

  function draw() {
    fill(list, files.length ? h("ul.data-files", null, files.map((file, at) => fileLine(file, at))) : h("p.muted", null, t("data-no-files")));
    drawActs();
    fill(results, files.filter(({ state }) => state !== "chosen").map((file) => fileResult(file)));
  }

  /** @param {ChosenFile} file @param {number} at */
  function fileLine(file, at) {
    const id = `data-file-form-${at}`;
    const select = h("select.input.select", { id, onchange: (/** @type {Event} */ event) => {
      file.form = /** @type {HTMLSelectElement} */ (event.target).value;
      file.state = "chosen";
      draw();
      const again = document.getElementById(id);
      if (again) again.focus();
    } }, ["", ...FORMS].map((form) => h("option", { value: form, selected: form === file.form }, t(form ? `data-form-${form}` : "data-form-found"))));
    return h("li", null,
      h("div.grow", null, h("span.strong", null, file.name), h("span.muted.small", null, ` ${t("data-file-size", { n: figureText(Math.ceil(file.content.byteLength / 1024)) })} · ${t(`data-state-${file.state}`)}`)),
      h("label.small", { for: id }, t("data-form")), select,
      h("button.button", { type: "button", "aria-label": t("data-file-remove", { name: file.name }), onclick: () => {
        files = files.filter((one) => one !== file);
        draw();
        input.focus();
      } }, t("data-remove")));
  }

  const input = /** @type {HTMLInputElement} */ (h("input.input", { id: "data-files", type: "file", multiple: true, accept: ".csv,.xlsx,.json", "aria-describedby": "data-files-hint", onchange: async () => {
    await take(input.files);
    input.value = "";
  } }));
  const over = (/** @type {boolean} */ is) => (/** @type {DragEvent} */ event) => {
    event.preventDefault();
    zone.classList.toggle("over", is);
  };
  const zone = h("div.data-drop.field", { ondragover: over(true), ondragleave: over(false), ondrop: async (/** @type {DragEvent} */ event) => {
    over(false)(event);
    await take(event.dataTransfer && event.dataTransfer.files);
  } }, icon("file", 28), h("label", { for: "data-files" }, t("data-files")), h("span.hint", { id: "data-files-hint" }, t("data-files-hint")), input);
  settings.node.addEventListener("change", () => {
    for (const file of files) if (file.state === "checked") file.state = "chosen";
    draw();
  });
  // While they are sent, nothing of them changes.
  const chosen = /** @type {HTMLFieldSetElement} */ (h("fieldset.stack", null, list, settings.node));
  draw();
  return {
    unsaved: () => files.some(({ state }) => state !== "imported"),
    body: [h("section.stack", null, h("p.text", null, t("data-import-lead")), zone, said, chosen, acts), results, dataTemplates()],
  };
}
