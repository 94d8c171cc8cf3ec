/** The stand-in as a file that can be started like the agent's binary. */
import { chmodSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { programArguments } from "../compiled.js";

/** Writes an executable named `opencode` into a new folder. Returns its path. */
export function standInBinary(): string {
  const path = join(mkdtempSync(join(tmpdir(), "opencode-ts-stand-in-")), "opencode");
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const command = [process.execPath, ...programArguments(main)].map((word) => `'${word}'`).join(" ");
  writeFileSync(path, `#!/bin/sh\nexec ${command} "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}
