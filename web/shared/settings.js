// The settings of this browser, which all pages share.

/**
 * @typedef {object} Settings
 * @property {string | null} language
 * @property {"auto" | "light" | "dark"} theme
 * @property {boolean} large
 * @property {"after" | "never" | "before"} last  when the last count is shown
 * @property {boolean} vibrate
 * @property {string} device  the name of this phone
 */

const SETTINGS_KEY = "muster.settings";

/** @returns {Settings} */
export function settings() {
  /** @type {Settings} */
  const usual = { language: null, theme: "auto", large: false, last: "after", vibrate: true, device: "" };
  try {
    return Object.assign(usual, JSON.parse(localStorage.getItem(SETTINGS_KEY) || "{}"));
  } catch (_) {
    return usual;
  }
}

/** Keeps settings and applies them. @param {Partial<Settings>} changed */
export function changeSettings(changed) {
  const all = Object.assign(settings(), changed);
  try {
    localStorage.setItem(SETTINGS_KEY, JSON.stringify(all));
  } catch (_) {
    // A browser that keeps nothing: they hold until the page is closed.
  }
  applySettings(all);
}

/** @param {Settings} chosen */
export function applySettings(chosen) {
  const root = document.documentElement;
  if (chosen.theme === "auto") root.removeAttribute("data-theme");
  else root.setAttribute("data-theme", chosen.theme);
  if (chosen.large) root.setAttribute("data-size", "large");
  else root.removeAttribute("data-size");
}
