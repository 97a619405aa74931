// What the oldest supported browsers lack must not be in the pages: syntax by the parser, methods by the types of their objects,
// interfaces of browsers by the data of MDN and Can I use.

import { fileURLToPath } from "node:url";
import parser from "@typescript-eslint/parser";
import compat from "eslint-plugin-compat";
import esX from "eslint-plugin-es-x";
import { BROWSERS, DETECTED, LATER_MEMBERS } from "./baseline.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const files = ["web/**/*.js"];
const later = LATER_MEMBERS.map(([object, property]) => ({ ...(object ? { object } : {}), property, message: "Not in all supported browsers." }));

export default [
  { files, ...compat.configs["flat/recommended"], settings: { browsers: BROWSERS, lintAllEsApis: true, polyfills: DETECTED } },
  { files, ...esX.configs["flat/restrict-to-es2020"] },
  ...["flat/no-new-in-es2022-intl-api", "flat/no-new-in-es2023-intl-api", "flat/no-new-in-esnext-intl-api"].map((name) => ({ files, ...esX.configs[name] })),
  { files, rules: { "no-restricted-properties": ["error", ...later] }, linterOptions: { noInlineConfig: true } },
  { files, ignores: ["web/phone/sw.js"], languageOptions: { parser, parserOptions: { project: "web/tsconfig.json", tsconfigRootDir: root } } },
  { files: ["web/phone/sw.js"], languageOptions: { ecmaVersion: 2020, sourceType: "script" } },
];
