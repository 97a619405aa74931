// Devices: when each was seen last, what it still holds or lost, and the act for one that is lost.

import { to } from "../../../shared/address.js";
import { h } from "../../../shared/dom.js";
import { failureText, mark, toast } from "../../../shared/status.js";
import { age, t } from "../../../shared/text.js";
import { readAll, send } from "../../api.js";
import { loading } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { askReason, peopleFilter, peopleView } from "./frame.js";
import { fullTime } from "../../parts/instant.js";

/** @typedef {import("../../session.js").ApiSchemas["DeviceView"]} DeviceView */

/** The commands of a device that never arrived. @param {DeviceView} device */
function unsentOf({ sync }) {
  const late = sync.filter((one) => one.not_received.count > 0);
  return { n: late.reduce((sum, one) => sum + one.not_received.count, 0), queued: late.reduce((sum, one) => sum + one.not_received.queued, 0), since: late.map((one) => one.not_received.since || "").filter(Boolean).sort()[0] };
}

/** @param {DeviceView} device */
function unsentCell(device) {
  const { n, queued, since } = unsentOf(device);
  if (!device.sync.length) return h("span.muted", null, t("people-never-pushed"));
  if (!n) return t("people-unsent-none");
  return [mark("unknown", t("people-unsent", { n })), h("div.small.muted", null, [queued ? t("people-unsent-queued", { n: queued }) : "", queued < n ? t("people-unsent-lost", { n: n - queued }) : "", since ? t("people-unsent-since", { at: fullTime(since) }) : ""].filter(Boolean).join(" · "))];
}

/** When it was seen last: by its sign-in, its refreshes or its sends. @param {DeviceView} device */
const lastSeen = (device) => [device.last_seen_at, ...device.sync.map((one) => one.last_contact_at)].sort().pop() || device.last_seen_at;

/**
 * A table of devices with the act that ends one.
 * @param {DeviceView[]} rows
 * @param {() => unknown} changed  after one was ended
 * @param {import("../../../shared/dom.js").Child} [beside]
 */
export function deviceTable(rows, changed, beside) {
  return dataTable({
    caption: t("people-devices-caption"),
    rows,
    beside,
    text: (one) => [one.name, one.account.display_name, one.account.username].join(" "),
    empty: t("people-devices-none"),
    columns: [
      { head: t("people-device"), rowHead: true, sort: (one) => one.name, cell: (one) => one.name },
      { head: t("people-account"), sort: (one) => one.account.username, cell: (one) => h("a", { href: to("people", "accounts", one.account.id) }, one.account.display_name) },
      { head: t("people-last-seen"), sort: (one) => lastSeen(one), cell: (one) => h("time", { datetime: lastSeen(one), title: fullTime(lastSeen(one)) }, age(lastSeen(one))) },
      { head: t("people-unsent-head"), sort: (one) => unsentOf(one).n, cell: unsentCell },
      { head: t("people-app"), wide: true, cell: (one) => h("span.small.muted", null, one.sync.map(({ app }) => app).filter(Boolean).join(", ") || t("value-unknown")) },
      { head: t("people-act"), cell: (one) => (one.withdrawn_at ? h("span.small.muted", null, `${t("people-withdrawn-at", { at: fullTime(one.withdrawn_at) })} ${one.withdrawn_reason || ""}`) : withdrawButton(one, changed)) },
    ],
  });
}

/** @param {DeviceView} device @param {() => unknown} changed */
function withdrawButton(device, changed) {
  return h("button.button", { type: "button", "aria-label": t("people-device-withdraw-one", { name: device.name, who: device.account.display_name }), onclick: async () => {
    const { n } = unsentOf(device);
    const text = [h("p", null, t("people-device-withdraw-text")), n ? h("p.fault", null, t("people-device-withdraw-unsent", { n })) : null];
    const title = t("people-device-withdraw-title", { name: device.name });
    if (!(await askReason(title, text, t("people-device-withdraw"), (reason) => send("POST", `/devices/${device.id}/withdraw`, { reason })))) return;
    toast(t("people-device-withdrawn"));
    await changed();
  } }, t("people-device-withdraw"));
}

/** @param {Record<string, string>} query `missing` shows those with unsent counts alone */
export function deviceListView(query) {
  const chosen = { state: query.missing === "true" ? "missing" : "present" };
  const block = loading(() => deviceList(chosen));
  return peopleView("devices", t("people-part-devices"), block, { lead: t("people-devices-lead") });
}

/** @param {{ state: string }} chosen */
async function deviceList(chosen) {
  /** @type {DeviceView[]} */
  let all = [];
  const shown = () => all.filter((one) => (chosen.state === "withdrawn" ? one.withdrawn_at !== null : one.withdrawn_at === null && (chosen.state !== "missing" || unsentOf(one).n > 0)));
  const load = async () => {
    all = await readAll("/devices");
    table.setRows(shown());
  };
  // What was read before stays where it cannot be read again.
  const again = () => load().catch((error) => toast(failureText(error), true, true));
  const table = deviceTable([], again, peopleFilter("devices-state", t("people-shown"), [["present", t("people-devices-present")], ["missing", t("people-devices-missing")], ["withdrawn", t("people-devices-withdrawn")]], chosen.state, (state) => {
    chosen.state = state;
    table.setRows(shown());
  }));
  await load();
  return table.node;
}
