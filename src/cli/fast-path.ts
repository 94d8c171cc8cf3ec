/**
 * Reads the command lines of warm calls without the parser: `--keep`, a prompt, and a few options. Pure. All other command
 * lines go to the real parser, which reads these in the same way.
 */

/** A prompt for the daemon. */
export interface PlainCall {
  /** The joined arguments. */
  readonly words: string;
  readonly model: string | undefined;
  readonly directory: string | undefined;
  readonly quiet: boolean;
}

const flags: Readonly<Record<string, "keep" | "quiet" | "model" | "directory">> = {
  "--keep": "keep",
  "-k": "keep",
  "--quiet": "quiet",
  "-q": "quiet",
  "--model": "model",
  "-m": "model",
  "--directory": "directory",
  "-d": "directory",
};

/** `undefined` for a command line that is not of that kind. */
export function plainCall(args: readonly string[]): PlainCall | undefined {
  const found: { keep?: true; quiet?: true; model?: string; directory?: string } = {};
  const words: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    if (!arg.startsWith("-")) {
      words.push(arg);
      continue;
    }
    const name = flags[arg];
    if (name === "keep" || name === "quiet") found[name] = true;
    else if (name === "model" || name === "directory") {
      const value = args[at + 1];
      if (value === undefined || value.startsWith("-")) return undefined;
      found[name] = value;
      at += 1;
    } else return undefined;
  }
  // Without a prompt the pipe is the prompt; a first word may be the name of a command.
  if (found.keep !== true || words.length === 0 || /^[a-z]+$/.test(words[0] ?? "")) return undefined;
  const { quiet = false, model, directory } = found;
  return { words: words.join(" ").trim(), model, directory, quiet };
}
