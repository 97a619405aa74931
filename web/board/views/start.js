// The first steps of a bureau with an empty service, from the catalogue to the first count. Each step looks at the API to tell
// whether it is done; none needs more than this page and those it leads to.

import { fill, h } from "../../shared/dom.js";
import { saveFile } from "../../shared/files.js";
import { qrImage } from "../../shared/qr.js";
import { failureText, mark, notice, toast } from "../../shared/status.js";
import { clock, t } from "../../shared/text.js";
import { to } from "../../shared/address.js";
import { readFile } from "../api.js";
import { organizationLink } from "../links.js";
import { EDITORS } from "../page.js";
import { heading, loading } from "../parts/states.js";
import { mayAdminister } from "../rights.js";
import { fittingStandards } from "./start/adopting.js";
import { handAct } from "./start/byhand.js";
import { latestCount, readStanding } from "./start/standing.js";
import { supplyAct } from "./start/supply.js";

/** @typedef {import("../page.js").Board} Board */
/** @typedef {import("../../shared/dom.js").Child} Child */
/** @typedef {import("./start/standing.js").Standing} Standing */

/**
 * @typedef {object} StartStep
 * @property {string} key
 * @property {boolean} done
 * @property {Child} told  how it stands, in a line
 * @property {Child} [acts]  what to do; shown open while the step is the next one
 */

/** The time between two looks for the first count. */
const FIRST_COUNT_MS = 5000;

/** @type {import("../page.js").BoardPage} */
export const startPage = { name: "start", roles: EDITORS, show: startView };

/** @param {Board} board @returns {Promise<import("../page.js").View>} */
async function startView(board) {
  const standing = await readStanding(board.person.username);
  /** @type {import("../parts/form.js").FormParts | null} */
  let typed = null;
  const waiting = countWaiting(standing, board, () => Boolean(typed && typed.changed()));
  const all = startSteps(standing, board, waiting.node, (parts) => { typed = parts; });
  const next = all.find((step) => !step.done);
  const left = all.filter((step) => !step.done).length;
  return {
    title: t("nav-start"),
    body: h("div.stack.start", null,
      heading(t("steps-title")),
      next ? h("p.text", null, t("steps-lead", { done: all.length - left, of: all.length })) : notice("good", h("p.strong", null, t("steps-all-done")), h("p", null, h("a", { href: to("") }, t("steps-to-overview")))),
      h("ol.steps", null, all.map((step, at) => startStep(step, at + 1, step === next)))),
    unsaved: () => Boolean(typed && typed.changed()),
    leave: waiting.stop,
  };
}

/** @param {StartStep} step @param {number} number @param {boolean} isNext */
function startStep({ key, done, told, acts }, number, isNext) {
  const state = done ? mark("met", t("steps-done")) : isNext ? mark("accent", t("steps-next")) : mark("none", t("steps-later"));
  return h("li.step", { id: `step-${key}`, "aria-current": isNext ? "step" : null, data: { state: done ? "done" : isNext ? "next" : "later" } },
    h("div.step-head", null, h("h2", null, `${number}. ${t(`steps-${key}`)}`), state),
    h("div.text", null, told),
    !acts ? null : isNext ? h("div.stack", null, acts) : h("details", null, h("summary", null, t(done ? "steps-more" : "steps-how")), h("div.stack", null, acts)));
}

/** @param {Standing} now @param {Board} board @param {HTMLElement} waiting @param {(parts: import("../parts/form.js").FormParts | null) => void} opened @returns {StartStep[]} */
function startSteps(now, board, waiting, opened) {
  const { person } = board;
  const hand = handAct(board.redraw, opened);
  const hasPlaces = now.organizations.length > 0 && now.hasDepots;
  const where = person.region ? person.region.name : "";
  return [
    { key: "account", done: true, told: t("steps-account-done", { name: person.display_name, where }) },
    {
      key: "supply", done: now.hasCatalogue && now.hasStandards,
      told: t(now.hasCatalogue && now.hasStandards ? "steps-supply-done" : "steps-supply-lead"),
      acts: now.hasCatalogue && now.hasStandards ? null : mayAdminister() ? supplyAct(board.redraw) : h("p", null, t("steps-supply-admin")),
    },
    {
      key: "places", done: hasPlaces,
      told: hasPlaces ? t("steps-places-done", { n: now.organizations.length }) : now.organizations.length ? t("steps-places-no-depot") : t("steps-places-lead"),
      acts: [
        h("div.acts", null,
          h("button.button", { type: "button", id: "template", onclick: saveTemplate }, t("steps-template")),
          h(hasPlaces ? "a.button" : "a.button.primary", { href: to("data") }, t("steps-import")),
          hand.button),
        h("p.small.muted.text", null, t("steps-template-lead")),
        hand.box,
      ],
    },
    {
      key: "adopt", done: now.adopted.length > 0,
      told: now.adopted.length ? t("steps-adopt-done", { n: now.adopted.length }) : t("steps-adopt-lead"),
      acts: [
        now.organizations.length && now.hasStandards ? loading(() => fittingStandards(now, () => adoptedOne(board))) : h("p", null, t("steps-adopt-first")),
        h("p", null, h("a", { href: to("standards") }, t("steps-all-standards"))),
      ],
    },
    {
      key: "people", done: now.accounts > 0 && !now.unattended.length && hasPlaces,
      told: now.accounts ? [t("steps-people-done", { n: now.accounts }), " ", now.unattended.length ? t("steps-people-unattended", { n: now.unattended.length }) : ""] : t("steps-people-lead"),
      acts: h("div.acts", null, h("a.button.primary", { href: to("people") }, t("steps-people-act"))),
    },
    now.count
      ? { key: "count", done: true, told: countTold(now.count) }
      : { key: "count", done: false, told: [h("p", null, t("steps-count-lead")), waiting], acts: phoneWay() },
  ];
}

/** The step stays open for the next standard; only its heading follows. @param {Board} board */
function adoptedOne(board) {
  const step = document.getElementById("step-adopt");
  if (!step || step.dataset["state"] === "done") return;
  step.dataset["state"] = "done";
  const head = step.querySelector(".step-head .mark");
  if (head) head.replaceWith(mark("met", t("steps-done")));
  const inner = step.querySelector(".stack");
  if (inner) inner.append(h("button.button.primary", { type: "button", id: "onward", onclick: board.redraw }, t("steps-onward")));
}

/** Where phones begin. */
function phoneWay() {
  const address = `${location.origin}/phone`;
  const isOwn = /^(localhost|127\.|\[::1\])/.test(location.hostname);
  return h("div.row.wrap.phone-way", null, qrImage(address, t("steps-phone-code")),
    h("div.stack-8.grow", null, h("p", null, t("steps-phone"), " ", h("a", { href: "/phone" }, address)), isOwn ? h("p.small.muted.text", null, t("steps-phone-local")) : null));
}

/** Looks for the first count until it is there. @param {Standing} standing @param {Board} board @param {() => boolean} isTyped whether another step holds what is not saved */
function countWaiting(standing, board, isTyped) {
  const node = h("p.waiting", { role: "status" });
  let timer = 0;
  const look = async () => {
    const count = await latestCount().catch(() => null);
    if (!node.isConnected) return;
    if (count) {
      toast(t("steps-count-came"));
      const step = node.closest("li.step");
      if (isTyped() && step && step.parentElement) {
        step.replaceWith(startStep({ key: "count", done: true, told: countTold(count) }, step.parentElement.children.length, false));
        return;
      }
      await board.redraw();
      return;
    }
    fill(node, t("steps-count-waiting", { at: clock(Date.now()) }));
    timer = window.setTimeout(look, FIRST_COUNT_MS);
  };
  // Only once somebody can count: before, there is nothing to wait for.
  if (!standing.count && standing.accounts) timer = window.setTimeout(look, 0);
  return { node, stop: () => window.clearTimeout(timer) };
}

/** @param {NonNullable<Standing["count"]>} count */
function countTold(count) {
  const { organization, depot } = count;
  return [t("steps-count-done", { depot: depot.name, at: clock(count.received_at), by: count.counted_by }), " ",
    h("a", { href: organizationLink(organization.code) }, organization.name)];
}

/** Saves the workbook with a sheet for each form. */
async function saveTemplate() {
  try {
    const answer = await readFile("/export", { template: true, format: "xlsx" });
    saveFile(`${t("steps-template-name")}.xlsx`, await answer.arrayBuffer(), answer.headers.get("content-type") || "");
    toast(t("downloaded"));
  } catch (error) {
    toast(failureText(error), true, true);
  }
}
