// The page's reader of files of unsent counts as a program: `node unsent-file.js ACCOUNT` takes in the file of its input in an empty
// store of that account, and answers what became of it, what waits then, and the file that the page would save.
import { readFileSync } from "node:fs";
import { MemoryStores } from "../../../web/phone/engine/store-memory.js";
import { allCommands } from "../../../web/phone/engine/commands.js";
import { exportText, importText } from "../../../web/phone/engine/transfer.js";
import { openAccount } from "./tools.js";

const store = await openAccount(new MemoryStores(), String(process.argv[2]));
const result = await importText(store, readFileSync(0, "utf8"), Date.now());
const commands = allCommands(store).map(({ id, seq, type, text, place }) => ({ id, seq, type, text, place }));
process.stdout.write(JSON.stringify({ result, commands, file: exportText(store, Date.now()).text }));
