// Column maps: the columns in which a return or a platform wants a table, saved under a name for the region and all below it.

import { fill, h } from "../../../shared/dom.js";
import { empty, toast } from "../../../shared/status.js";
import { clock, figureText, t } from "../../../shared/text.js";
import { read, send } from "../../api.js";
import { confirmDialog } from "../../parts/dialog.js";
import { saveChange } from "../../parts/conflict.js";
import { form } from "../../parts/form.js";
import { loading, refusal } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { mayEdit, ownRegion } from "../../rights.js";
import { mapColumns } from "./map-columns.js";

/** @typedef {import("../../session.js").ApiSchemas["ColumnMapView"]} ColumnMap */

const MAP_TABLES = ["stock", "counts", "shortages", "expiring", "count_list"];

/** @returns {import("../data.js").DataPart} */
export function columnMaps() {
  /** @type {{ changed: () => boolean }} */
  const now = { changed: () => false };
  const editor = h("div");
  const list = h("div");
  const draw = () => fill(list, loading(() => mapList(edit, draw)));

  /** @param {string | null} name of the map that is changed, or null for a new one */
  async function edit(name) {
    if (now.changed() && !(await confirmDialog(t("unsaved-title"), t("unsaved-text"), t("unsaved-leave"), { danger: true }))) return;
    try {
      const { json, etag } = name ? await read(mapPath(name)) : { json: null, etag: null };
      const parts = mapForm(json, etag, () => {
        now.changed = () => false;
        fill(editor);
        draw();
      });
      now.changed = parts.changed;
      fill(editor, parts.node);
      const title = /** @type {HTMLElement | null} */ (editor.querySelector("h3"));
      if (title) title.focus();
    } catch (error) {
      fill(editor, refusal(error));
    }
  }
  draw();
  return {
    unsaved: () => now.changed(),
    body: h("section.stack", null, h("p.text", null, t("data-maps-lead")), list,
      mayEdit() ? h("div.acts", null, h("button.button", { type: "button", id: "data-map-new", onclick: () => edit(null) }, t("data-map-new"))) : null, editor),
  };
}

/** @param {string} name */
function mapPath(name) {
  return `/regions/${encodeURIComponent(ownRegion() || "")}/column-maps/${encodeURIComponent(name)}`;
}

/** @param {(name: string) => void} edit @param {() => void} again */
async function mapList(edit, again) {
  const region = ownRegion();
  const maps = /** @type {ColumnMap[]} */ ((await read(`/regions/${region}/column-maps`, { limit: 500 })).json.items).filter(({ withdrawn }) => !withdrawn);
  if (!maps.length) return empty(t("data-maps-none"));
  return dataTable({
    caption: t("data-maps-caption"),
    rows: maps,
    columns: [
      { head: t("data-map-title"), rowHead: true, cell: ({ title, name }) => [title, h("span.muted.small.block", null, name)] },
      { head: t("data-map-tables"), cell: ({ tables }) => tables.map((table) => t(`data-table-${table}`)).join(" · ") },
      { head: t("data-map-columns"), number: true, cell: ({ columns }) => figureText(columns.length) },
      { head: t("data-map-region"), cell: ({ region: one }) => one.name },
      { head: t("data-map-saved"), cell: ({ recorded_at: at, revision }) => t("data-map-saved-at", { at: clock(at), revision: String(revision) }) },
      { head: t("data-map-acts"), cell: ({ name, title, region: one }) => (mayEdit() && one.code === region ? h("div.row.wrap", null,
        h("button.button", { type: "button", "aria-label": t("data-map-change-of", { title }), onclick: () => edit(name) }, t("data-map-change")),
        h("button.button", { type: "button", "aria-label": t("data-map-withdraw-of", { title }), onclick: () => withdraw(name, again) }, t("data-map-withdraw"))) : h("span.muted", null, t("data-map-not-yours"))) },
    ],
  }).node;
}

/** @param {string} name @param {() => void} again */
async function withdraw(name, again) {
  try {
    // What is asked about is what is withdrawn: whoever changes it meanwhile makes the tag another.
    const { json, etag } = await read(mapPath(name));
    if (!(await confirmDialog(t("data-map-withdraw-title"), t("data-map-withdraw-text", { title: json.title }), t("data-map-withdraw"), { danger: true }))) return;
    await send("DELETE", mapPath(name), undefined, { etag });
    toast(t("data-map-withdrawn"));
  } catch (error) {
    toast(/** @type {any} */ (error).message || t("state-failed-title"), true, true);
  }
  again();
}

/** @param {ColumnMap | null} map @param {string | null} etag @param {() => void} done */
function mapForm(map, etag, done) {
  const columns = mapColumns(map ? map.columns : []);
  const parts = form({
    fields: [
      { name: "name", label: t("data-map-name"), hint: t("data-map-name-hint"), required: true, value: map ? map.name : "", attributes: { readonly: Boolean(map) } },
      { name: "title_zh", label: t("data-map-title-zh"), value: map ? map.title_zh : "", attributes: { lang: "zh-CN" } },
      { name: "title_en", label: t("data-map-title-en"), value: map ? map.title_en : "", attributes: { lang: "en" } },
      ...MAP_TABLES.map((table) => /** @type {import("../../parts/form.js").Field} */ ({ name: `table-${table}`, kind: "checkbox", label: t(`data-table-${table}`), value: map ? map.tables.includes(/** @type {any} */ (table)) : table === "stock", pointer: "/tables" })),
    ],
    act: t("data-map-save"),
    beside: h("button.button", { type: "button", onclick: done }, t("cancel")),
    submit: async (values) => {
      /** @type {Record<string, any>} */
      const body = { tables: MAP_TABLES.filter((table) => values[`table-${table}`]), columns: columns.values() };
      if (values.title_zh) body.title_zh = values.title_zh;
      if (values.title_en) body.title_en = values.title_en;
      const path = mapPath(values.name);
      if (map) {
        const compared = ["title_zh", "title_en", "tables", "columns"].map((key) => ({ key, label: t(`data-map-part-${key}`), show: shownPart }));
        const saved = await saveChange({ path, body, etag, before: map, compared });
        if (!saved) return;
      } else await send("PUT", path, body, { isNew: true });
      toast(t("data-map-stored"));
      done();
    },
  });
  const acts = parts.node.querySelector(".acts");
  if (acts) acts.before(columns.node);
  return {
    node: h("section.stack.data-map", null, h("h3", { tabindex: "-1" }, map ? t("data-map-change-of", { title: map.title }) : t("data-map-new")), parts.node),
    changed: () => parts.changed() || columns.changed(),
  };
}

/** @param {any} value */
function shownPart(value) {
  if (!Array.isArray(value)) return value || h("span.muted", null, t("nothing-set"));
  return value.map((one) => (typeof one === "string" ? t(`data-table-${one}`) : `${one.head} = ${one.constant || one.column}`)).join("；");
}
