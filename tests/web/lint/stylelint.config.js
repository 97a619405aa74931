// What the oldest supported browsers do not know must not be in the style sheets: by the data of Can I use, and for what it lacks by
// the common ground of a year.

import { BROWSERS, STYLE_AT_RULES, STYLE_FEATURES, STYLE_PROPERTIES, STYLE_SELECTORS, STYLE_YEAR } from "./baseline.js";

export default {
  plugins: ["stylelint-no-unsupported-browser-features", "stylelint-plugin-use-baseline"],
  rules: {
    "plugin/no-unsupported-browser-features": [true, { browsers: BROWSERS, ignore: STYLE_FEATURES, ignorePartialSupport: true }],
    "plugin/use-baseline": [true, { available: STYLE_YEAR, ignoreProperties: STYLE_PROPERTIES, ignoreSelectors: STYLE_SELECTORS, ignoreAtRules: STYLE_AT_RULES }],
    "selector-not-notation": "simple",
  },
};
