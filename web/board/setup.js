// The first account of an empty service: made with the code that the service printed when it was started.

import { callApi } from "../shared/api.js";
import { h } from "../shared/dom.js";
import { tally } from "../shared/icons.js";
import { language, t } from "../shared/text.js";
import { form } from "./parts/form.js";
import { heading } from "./parts/states.js";
import { BoardFault, signIn } from "./session.js";

/** The zone of almost all who use it; where the browser is elsewhere, its own. */
const USUAL_ZONE = "Asia/Shanghai";

/** The fields that a refusal of the whole is about. @type {Record<string, string>} */
const SETUP_POINTERS = { setup_code_wrong: "/code", other_region_at_the_top: "/region/code" };

/** @param {import("../shared/api.js").ApiProblem} problem */
function atItsField(problem) {
  const pointer = SETUP_POINTERS[problem.code];
  return pointer ? { ...problem, errors: [{ pointer, code: problem.code, detail: problem.detail }] } : problem;
}

/** @param {() => void} signedIn once the account is made and signed in @param {() => void} again once somebody else was faster @returns {import("./page.js").View} */
export function setupView(signedIn, again) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || USUAL_ZONE;
  const parts = form({
    fields: [
      { name: "code", label: t("setup-code"), hint: t("setup-code-hint"), required: true, attributes: { autocomplete: "off", autocapitalize: "characters", autofocus: true, maxlength: 64 } },
      { name: "display_name", label: t("setup-name"), required: true, attributes: { autocomplete: "name", maxlength: 100 } },
      { name: "username", label: t("signin-name"), hint: t("setup-username-hint"), required: true, attributes: { autocomplete: "username", autocapitalize: "none", maxlength: 64 } },
      { name: "password", kind: "password", label: t("signin-password"), hint: t("setup-password-hint"), required: true, attributes: { autocomplete: "new-password", maxlength: 256 } },
      { name: "region_code", label: t("setup-region-code"), hint: t("setup-region-code-hint"), pointer: "/region/code", required: true, attributes: { maxlength: 64, autocomplete: "off" } },
      { name: "region_zh", label: t("setup-region-zh"), hint: t("setup-region-hint"), pointer: "/region/name_zh", required: language() !== "en", attributes: { lang: "zh-CN", maxlength: 200, autocomplete: "off" } },
      { name: "region_en", label: t("setup-region-en"), pointer: "/region/name_en", required: language() === "en", attributes: { lang: "en", maxlength: 200, autocomplete: "off" } },
      { name: "time_zone", label: t("setup-zone"), hint: t("setup-zone-hint"), pointer: "/region/time_zone", value: zone, required: true, attributes: { maxlength: 64, autocomplete: "off" } },
    ],
    act: t("setup-act"),
    submit: async ({ code, username, password, display_name: name, region_code: region, region_zh: zh, region_en: en, time_zone: zoneGiven }) => {
      const body = { code, username, password, display_name: name, region: { code: region, name_zh: zh || en, name_en: en || zh, time_zone: zoneGiven } };
      const { problem, retryAfterMs } = await callApi({ method: "POST", url: "/api/v1/setup", body: JSON.stringify(body), language: language() });
      if (problem && problem.code === "already_set_up") return again();
      if (problem) throw new BoardFault(atItsField(problem), retryAfterMs);
      parts.saved();
      await signIn("login", { username, password });
      return signedIn();
    },
  });
  return {
    title: t("setup-title"),
    unsaved: parts.changed,
    body: h("div.setup.stack", null, tally(48), heading(t("setup-title")), h("p.text", null, t("setup-lead")), parts.node),
  };
}
