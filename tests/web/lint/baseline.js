// The oldest browsers that the pages support, and what the pages use beyond these, each with its reason.

/** Chrome 87 (2020) and Safari 15.4 (2022), on a desk and on a phone, by Browserslist's names. */
export const BROWSERS = ["chrome 87", "safari 15.4", "ios_saf 15.4"];

/** What later browsers have and the code asks for before it uses it. */
export const DETECTED = [
  // Bodies go unpacked where it is missing (web/shared/api.js).
  "CompressionStream",
  "DecompressionStream",
];

/** Members that came later than these browsers, and that the data of the linters lack. */
export const LATER_MEMBERS = [
  ["AbortSignal", "timeout"], ["AbortSignal", "any"], ["AbortSignal", "abort"], ["Response", "json"], ["URL", "canParse"], ["URL", "parse"], ["ReadableStream", "from"],
  ...["throwIfAborted", "requestSubmit", "showPicker", "showPopover", "hidePopover", "togglePopover", "checkVisibility", "inert", "startViewTransition", "moveBefore", "setHTMLUnsafe", "getHTML"].map((name) => [null, name]),
];

/** Features of style sheets that do no harm where they are unknown. */
export const STYLE_FEATURES = [
  // The height before it, in per cent, is for browsers without it; it stands in `@supports`.
  "viewport-unit-variants",
  // The margins of a printed page are those of the browser.
  "css-paged-media",
  // Keys that are pressed fast then zoom on a desk, where nobody has a touch screen.
  "css-touch-action",
  // Other fonts stand behind it.
  "extended-system-fonts",
  // The prefixed one stands before it.
  "text-size-adjust",
  // One selector alone in `:not()` counts as a list here; `selector-not-notation` refuses lists.
  "css-not-sel-list",
];

/**
 * The year whose common ground of all browsers is allowed, and what is allowed beyond it: what another browser alone lacked (known),
 * or what does no harm where it is unknown (harmless).
 */
export const STYLE_YEAR = 2020;
const known = ["inset", "inset-inline", "inset-inline-start", "margin-inline", "padding-inline", "color-scheme", "contain", "scroll-padding", "appearance", "outline"];
const harmless = [
  // What it undoes came with it.
  "forced-color-adjust",
  // The line has its usual thickness, the text its usual gaps.
  "text-decoration-thickness", "text-autospace",
  // The prefixed one stands beside it.
  "user-select", "text-size-adjust", "print-color-adjust",
  // A heading may be the last line of a printed page.
  "break-after",
  // A wide table is printed on upright pages, as the others.
  "page",
];
export const STYLE_PROPERTIES = {
  ...Object.fromEntries([...known, ...harmless].map((name) => [name, ["/^.+$/"]])),
  "overflow-wrap": ["anywhere"],
  "font-family": ["ui-monospace"],
};
export const STYLE_SELECTORS = ["focus-visible", "backdrop"];
/** Rules that do no harm where they are unknown. */
export const STYLE_AT_RULES = ["page"];
/** Conditions that never hold where they are unknown; the linter itself has no list for them. */
export const STYLE_CONDITIONS = ["forced-colors"];
