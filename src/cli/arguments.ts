/** From the words of the command line to what is to be done. Pure. */
import { parseArgs } from "node:util";

/** A question to the agent. */
export interface AskCommand {
  readonly kind: "ask";
  /** The words given; `""` when there are none. */
  readonly words: string;
  /** Standard input belongs to the prompt and is read to its end: there are no words, or one of them is `-`. */
  readonly needsInput: boolean;
  readonly model: string | undefined;
  readonly directory: string | undefined;
}

export type Command = { readonly kind: "help" } | { readonly kind: "version" } | AskCommand;

/** The command line cannot be understood. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** What `--help` prints. */
export const usage = `Usage: opencode-ts [options] [--] <prompt>...
       command | opencode-ts [options] [<prompt>...]

Asks the opencode agent once, in a server of its own, and prints the answer as it comes.

Options:
  -m, --model <provider/model>   the model to ask; default: the agent's own
  -d, --directory <path>         where the agent works; default: the current directory
  -h, --help                     print this
  -v, --version                  print the version of opencode-ts

What comes through a pipe is the prompt, or is added to the one given. "-" as a word waits for it;
otherwise a pipe that stays silent for 3 seconds is left alone.

The answer goes to standard output, everything else to standard error.
Exit codes: 0 answered · 1 failed · 2 wrong usage or configuration · 130 interrupted

Environment:
  OPENCODE_BINARY   path of the agent's binary; default: found on PATH or in npm packages
  OPENCODE_LOG      error, warn, info or debug
`;

/** @throws UsageError for an unknown option or one without its value. */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help === true) return { kind: "help" };
  if (values.version === true) return { kind: "version" };
  const words = positionals
    .filter((word) => word !== "-")
    .join(" ")
    .trim();
  return {
    kind: "ask",
    words,
    needsInput: words === "" || positionals.includes("-"),
    model: values.model,
    directory: values.directory,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        model: { type: "string", short: "m" },
        directory: { type: "string", short: "d" },
        help: { type: "boolean", short: "h" },
        version: { type: "boolean", short: "v" },
      },
    });
  } catch (error) {
    // node:util explains itself with a second sentence that is about its own API.
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(message.split(/\. |\n/, 1)[0] ?? message);
  }
}
