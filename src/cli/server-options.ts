/** The options of commands that need a server. */
import type { Command } from "commander";

/** Takes the exit code of a command. */
export type Settle = (code: number) => void;

/** Options for the server. */
export function addServerOptions(command: Command): Command {
  return command
    .option("-d, --directory <path>", "where the agent works (default: the current directory)")
    .option("-p, --port <number>", "port of the server to start (default: a free port)")
    .option("--isolated", "use a private home without your configuration, logins and data; it is removed at the end")
    .option("--protocol <v1|v2>", "use a server of opencode 1.x (v1) or 2.x (v2) only")
    .option("--attach <url>", attachHelp);
}

/** A command with the server's options, and `--json`. Options before and after its name count. */
export function serverCommand(parent: Command, nameAndArgs: string, description: string): Command {
  return addServerOptions(parent.command(nameAndArgs).description(description)).option("--json", "print JSON");
}

/** The description of `--attach`. */
export const attachHelp: string =
  'use a running server; password: OPENCODE_SERVER_PASSWORD, or a prompt for it. "service": your background server of opencode 2.x';

/** Flag and help of the models that take over. */
export const fallbackModelFlag: readonly [flags: string, help: string] = [
  "--fallback-model <provider/model>",
  "go on with this model if the one before fails; may be repeated",
];

/** For an option that may be repeated. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
