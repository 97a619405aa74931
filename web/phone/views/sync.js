// The last contact as time and age, what waits, and what each sync did.

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { failure, mark } from "../../shared/status.js";
import { age, clock, figureText, hasText, t } from "../../shared/text.js";
import { TIMES_DIFFER_MS, clockNotice } from "./clock.js";
import { to } from "../../shared/address.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Screen} Screen */
/** @typedef {import("../engine/types.js").SyncRound} SyncRound */

/** @param {Page} page @returns {Screen} */
export function syncView(page) {
  const status = page.phone.status();
  const rounds = page.phone.rounds();
  const title = t("sync-title");
  const { said } = page;
  const sync = async () => {
    fill(said, h("p", null, t("sync-running")));
    try {
      const round = await page.phone.sync();
      await page.redraw();
      fill(said, h("p.strong", null, t(`sync-end-${round.end.kind}`)));
    } catch (error) {
      fill(said, failure(error));
    }
  };
  return {
    title,
    where: t("settings-title"),
    back: to("settings"),
    tab: "settings",
    watch: ["sync", "counts", "session"],
    body: h("div.blocks", null,
      h("h1", { tabindex: "-1" }, title),
      h("dl.figures", null,
        h("div", null, h("dt", null, t("sync-only-here")), h("dd", null, figureText(status.unsent))),
        h("div", null, h("dt", null, t("sync-drafts")), h("dd", null, figureText(status.drafts))),
        h("div", null, h("dt", null, t("sync-last")), h("dd", null, status.lastContactAt ? clock(status.lastContactAt) : t("sync-never"), status.lastContactAt ? h("small.block", null, age(status.lastContactAt)) : null))),
      clockNotice(page, TIMES_DIFFER_MS),
      h("div.stack", null, h("button.button.primary", { type: "button", id: "sync-now", onclick: sync }, icon("sync", 22), status.syncing ? t("sync-running") : t("sync-now")), said,
        status.unsent ? h("p", null, h("a", { href: to("records") }, t("sync-see", { n: status.unsent }))) : null,
        status.nextSyncAt && !status.syncing && status.failures ? h("p.small.muted", null, t("sync-next", { at: clock(status.nextSyncAt), n: status.failures })) : null,
        h("p.small.muted", null, t("sync-by-itself"))),
      h("section", null, h("h2.group", null, t("sync-log")),
        rounds.length ? h("ul.lines", null, rounds.slice(0, 20).map((round) => h("li", null, roundRow(round)))) : h("p.muted", null, t("sync-log-empty")))),
  };
}

/** What a sync came to; where it did not settle, why. @param {SyncRound} round */
export function endWords(round) {
  const { kind, code, why } = round.end;
  if (kind === "settled") return t("sync-end-settled");
  if (hasText(`failure-${code}`)) return t(`failure-${code}`);
  return kind === "sign_in" ? t("strip-ended") : kind === "again" ? t("round-again", { code }) : why || code;
}

/** @param {SyncRound} round */
function roundRow(round) {
  const good = round.end.kind === "settled";
  const did = [
    t("round-sent", { n: round.sent }), round.quarantined ? t("round-waiting", { n: round.quarantined }) : null,
    t("round-refused", { n: round.rejected }), round.kept.length ? t("round-kept", { n: round.kept.length }) : null, t("round-received", { n: round.pulled }), round.wasReset ? t("round-reset") : null,
  ].filter(Boolean).map((part, at) => [at ? " · " : "", h("span.nowrap", null, part)]);
  const nothing = good && !(round.sent + round.pulled + round.quarantined + round.rejected) && !round.wasReset;
  return h("div.line.still", null, h("span.grow", null, h("span.name", null, nothing ? t("round-nothing") : did), good ? null : h("span.under", null, endWords(round))),
    h("span.side", null, h("span.block", null, clock(round.at)), mark(good ? "met" : "unknown", t(`sync-end-${round.end.kind}`))));
}
