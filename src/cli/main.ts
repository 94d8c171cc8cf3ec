#!/usr/bin/env node
/** The command `opencode-ts`. It uses the public entries and nothing else. */
import { endWith } from "./exit.js";
import { plainCall } from "./fast-path.js";

/** Resolves to the exit code. Loads only the modules that the call needs: parser and prompts cost more than a warm call. */
async function main(args: readonly string[]): Promise<number> {
  const plain = plainCall(args);
  if (plain !== undefined) {
    const { askWarm } = await import("./preload.js");
    const code = await askWarm(plain);
    if (code !== undefined) return code;
  }
  const { runProgram } = await import("./program.js");
  return runProgram(args);
}

void main(process.argv.slice(2)).then(endWith);
