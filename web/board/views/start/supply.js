// The catalogue, the dictionary of facts and the standards that Muster brings along, taken into an empty service by the import that
// takes any other file: each file is one change, and the same again changes nothing.

import { fill, h } from "../../../shared/dom.js";
import { t } from "../../../shared/text.js";
import { refusal } from "../../parts/states.js";
import { callApi } from "../../../shared/api.js";
import { readFile } from "../../api.js";
import { BoardFault } from "../../session.js";

/** The first day of what is brought along, so that counts of the past find their items. */
const SUPPLY_SINCE = "2020-01-01";

/** @param {() => Promise<void>} done @returns {HTMLElement} the button, and how far it is */
export function supplyAct(done) {
  const said = h("div", { role: "status" });
  const bar = /** @type {HTMLProgressElement} */ (h("progress.supply-bar", { hidden: true, max: 1, "aria-label": t("steps-supply-act") }));
  const button = h("button.button.primary", { type: "button", id: "supply", onclick: async () => {
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    fill(said);
    try {
      await bringAlong((at, of, name) => {
        bar.hidden = false;
        bar.max = of;
        bar.value = at;
        fill(said, h("p.small", null, t("steps-supply-at", { at, of, name })));
      });
      await done();
    } catch (error) {
      fill(said, refusal(error));
      bar.hidden = true;
    }
    button.removeAttribute("aria-disabled");
  } }, t("steps-supply-act"));
  return h("div.stack-8", null, button, bar, said);
}

/** @param {(at: number, of: number, name: string) => void} tell */
async function bringAlong(tell) {
  const answer = await callApi({ method: "GET", url: "/board/supply.json" });
  if (answer.problem) throw new BoardFault(answer.problem, answer.retryAfterMs);
  /** @type {{ files: { name: string, text: string }[] }} */
  const { files } = answer.json;
  for (const [at, { name, text }] of files.entries()) {
    const short = name.split("/").pop() || name;
    tell(at, files.length, short);
    const type = name.endsWith(".csv") ? "text/csv; charset=utf-8" : "application/json";
    await readFile("/import", { name: short, valid_from: SUPPLY_SINCE, reason: t("steps-supply-reason") }, { method: "POST", body: text, type, accept: "application/json" });
  }
  tell(files.length, files.length, "");
}
