// A clock of the phone that is not that of the service.

import { h } from "../../shared/dom.js";
import { notice } from "../../shared/status.js";
import { t } from "../../shared/text.js";

const MINUTE_MS = 60000;

/** A clock that differs by less than this changes no day. */
const DAYS_DIFFER_MS = 60 * MINUTE_MS;

/** A clock that differs by less than this is not worth a word. */
export const TIMES_DIFFER_MS = 2 * MINUTE_MS;

/** A wrong clock in words, null where it is right. @param {import("./page.js").Page} page @param {number} [least] how far it must be off */
export function clockNotice(page, least = DAYS_DIFFER_MS) {
  const offset = page.phone.status().clockOffsetMs || 0;
  if (Math.abs(offset) < least) return null;
  return notice("warn", h("p", null, t(offset > 0 ? "clock-slow" : "clock-fast", { span: spanText(Math.abs(offset)) })));
}

/** A time as days, hours or minutes, whichever says it in a small number. @param {number} ms */
function spanText(ms) {
  const minutes = Math.round(ms / MINUTE_MS);
  if (minutes < 120) return t("span-minutes", { n: minutes });
  const hours = Math.round(minutes / 60);
  return hours < 48 ? t("span-hours", { n: hours }) : t("span-days", { n: Math.round(hours / 24) });
}
