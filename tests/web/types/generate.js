// Makes the types of the API from its document: `npm run types` does it before it checks types. The file is not kept in the
// repository.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import openapiTypes, { astToString } from "openapi-typescript";

const document = JSON.parse(readFileSync(new URL("../../../openapi/openapi.json", import.meta.url), "utf8"));
const made = new URL("api.d.ts", import.meta.url);
const unfinished = new URL(`api.d.ts.${process.pid}`, import.meta.url);
writeFileSync(unfinished, astToString(await openapiTypes(document, { silent: true })));
renameSync(unfinished, made);
