/**
 * Runs a compiled example with plain Node, on the built package: `tsx scripts/run-example.ts <name> [arguments]`. Brings the
 * agent's binary if it is missing, and tells the example where it is unless OPENCODE_BINARY does.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { agentBinary } from "./agent.js";

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), ".build", "examples");

async function main([name, ...args]: readonly string[]): Promise<void> {
  const file = join(folder, `${basename(name ?? "", ".ts")}.js`);
  if (name === undefined || !existsSync(file)) {
    console.error(`There is no example ${JSON.stringify(name)}. One of examples/, for example: npm run example 01-ask`);
    process.exitCode = 2;
    return;
  }
  const OPENCODE_BINARY = process.env["OPENCODE_BINARY"] || (await agentBinary());
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, OPENCODE_BINARY },
    stdio: "inherit",
  });
  process.on("SIGINT", () => {}); // Ctrl-C reaches the example too, which ends by itself
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  child.once("close", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
