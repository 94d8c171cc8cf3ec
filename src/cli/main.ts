#!/usr/bin/env node
/** The command `opencode-ts`. It uses the public API and nothing else. */
import { readFileSync } from "node:fs";
import { ConfigError, isOpencodeError } from "../index.js";
import { parseCommand, UsageError, usage } from "./arguments.js";
import { ask } from "./ask.js";
import { createOutput, isBrokenPipe } from "./output.js";

const interrupted = 130; // 128 + SIGINT, as shells say it

/** Runs the command; resolves to its exit code. */
async function main(args: readonly string[]): Promise<number> {
  const { stdin, stdout, stderr } = process;
  const stop = new AbortController();
  // The first Ctrl-C ends the run properly; a second one is not caught, and ends this process.
  const onInterrupt = (): void => stop.abort();
  process.once("SIGINT", onInterrupt);
  let unwritable: Error | undefined;
  stdout.on("error", (error) => {
    unwritable = error;
    stop.abort();
  });
  stderr.on("error", () => {}); // nobody is left to tell
  try {
    const command = parseCommand(args);
    if (command.kind === "help") stdout.write(usage);
    else if (command.kind === "version") stdout.write(`${version()}\n`);
    else {
      const note = (line: string): boolean => stderr.write(`opencode-ts: ${line}\n`);
      await ask(command, { stdin, output: createOutput(stdout, stop.signal), note, signal: stop.signal });
    }
    return 0;
  } catch (error) {
    if (isBrokenPipe(unwritable ?? error)) return 0; // the reader has what it wanted
    if (stop.signal.aborted && unwritable === undefined) return interrupted;
    stderr.write(describe(unwritable ?? error));
    return error instanceof UsageError || error instanceof ConfigError ? 2 : 1;
  } finally {
    process.off("SIGINT", onInterrupt);
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return `opencode-ts: ${String(error)}\n`;
  if (error instanceof UsageError) {
    const more = error.message.includes("\n") ? "" : '\nTry "opencode-ts --help".';
    return `opencode-ts: ${error.message}${more}\n`;
  }
  const hint = isOpencodeError(error) && error.hint !== undefined ? `\n  ${error.hint}` : "";
  return `opencode-ts: ${error.message}${hint}\n`;
}

/** The package's own: `package.json` is two folders up, in the source tree as in the built package. */
function version(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(text) as { version: string }; // our own file
  return version;
}

void main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
