/**
 * Shows the behaviours of `test/conformance/` on one kind of server, and writes their matrix into `docs/compatibility.md`.
 *
 *   npm run conformance -- --server 1.18.33 [--only TEXT]
 *   npm run conformance -- --write
 *
 * `--only TEXT`: the behaviours with this text in the title. `--write`: writes the matrix and runs nothing.
 */
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { renderMatrix, replaceMatrix } from "../test/conformance/matrix.js";
import { targetNames } from "../test/conformance/target-names.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function run(server: string, only: string | undefined): Promise<number> {
  const filter = only === undefined ? [] : ["--testNamePattern", only.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")];
  const file = join("test", "conformance", `${server}.test.ts`);
  const child = spawn(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), "run", file, ...filter], {
    cwd: root,
    stdio: "inherit",
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

async function writeMatrix(): Promise<void> {
  const path = join(root, "docs", "compatibility.md");
  await writeFile(path, replaceMatrix(await readFile(path, "utf8"), renderMatrix()));
}

const { values } = parseArgs({
  options: { server: { type: "string" }, only: { type: "string" }, write: { type: "boolean", default: false } },
});
const { server, only, write } = values;
if (write) {
  await writeMatrix();
} else if (server === undefined || !targetNames.some((name) => name === server)) {
  console.error(`Expected --server to be one of ${targetNames.join(", ")}, got ${server ?? "nothing"}.`);
  process.exitCode = 2;
} else {
  process.exitCode = await run(server, only);
}
