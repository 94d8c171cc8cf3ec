/** Small languages whose programs stand in the command line: those of `sed` and `awk`. */
import { type Inspection, opaque, plain, unknownArgument } from "./inspection.js";
import type { ShellWord } from "./word.js";

/**
 * Regular expressions of a script are only followed where all implementations find the same end: a `[…]` may contain the
 * delimiter in GNU sed, so it is not let through with one, nor with a class in it.
 */
function between(delimiter: string): string {
  return `(?:\\\\[^\\n]|\\[\\^?\\]?[^\\]\\[\\n${delimiter}]*\\]|[^\\\\\\[\\n${delimiter}])*`;
}

const substitutions = ["/", "|", ",", "#", ":", "@"].map(
  (delimiter) =>
    `s${escaped(delimiter)}${between(escaped(delimiter))}${escaped(delimiter)}(?:\\\\[^\\n]|[^\\\\\\n${escaped(delimiter)}])*${escaped(delimiter)}[gpiIm0-9]*`,
);
const address = `(?:[0-9]+(?:~[0-9]+)?|\\$|/${between("/")}/I?)`;
const step = `(?:${address}(?:,(?:${address}|[+~][0-9]+))?[ \\t]*!?[ \\t]*)?(?:[pdqQ=nNgGhHxDPl]|${substitutions.join("|")})`;
const harmlessSed = new RegExp(`^[ \\t]*${step}[ \\t]*(?:[;\\n][ \\t]*(?:${step}[ \\t]*)?)*$`);

const longestScript = 1_000;

/** Commands `e` and `w`, the flags of that name, scripts in files and editing in place are what it must not have. */
export function sed(args: readonly ShellWord[]): Inspection {
  const scripts: (string | undefined)[] = [];
  let hasOption = false;
  let first: ShellWord | undefined;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at];
    const text = word?.operand;
    if (word === undefined || text === undefined) return unknownArgument;
    if (/^(?:-[nErsuz]*e|--expression)$/.test(text)) {
      hasOption = true;
      at += 1;
      scripts.push(args[at]?.value);
    } else if (/^--expression=/.test(text)) {
      hasOption = true;
      scripts.push(word.value?.slice("--expression=".length));
    } else if (/^-./.test(text)) {
      if (!/^(?:-[nErsuz]+|--quiet|--silent|--regexp-extended|--posix|--sandbox|--version|--help|--)$/.test(text)) {
        return opaque("it has options of `sed` that write, or whose effect is not known");
      }
    } else first ??= word;
  }
  if (!hasOption) {
    if (first === undefined) return plain; // nothing but --version
    scripts.push(first.value);
  }
  const isHarmless = scripts.every(
    (script) => script !== undefined && script.length <= longestScript && harmlessSed.test(script),
  );
  return isHarmless ? plain : opaque("its script for `sed` may run commands or write files");
}

/** Programs that call `system`, use a pipe, write (or compare with `>`), or load something. */
const harmfulAwk = /system|getline|[|>@`]/;

export function awk(args: readonly ShellWord[]): Inspection {
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at];
    const text = word?.operand;
    if (word === undefined || text === undefined) return unknownArgument;
    if (text === "-F" || text === "-v") {
      at += 1;
      if (args[at]?.operand === undefined) return unknownArgument;
    } else if (text === "--version") return plain;
    else if (/^-[Fv]./.test(text)) continue;
    else if (/^-./.test(text) && text !== "--") return opaque("it has options of `awk` whose effect is not known");
    else if (text !== "--") {
      const isHarmless = word.value !== undefined && !harmfulAwk.test(word.value);
      return isHarmless ? plain : opaque("its program for `awk` may run commands or write files");
    }
  }
  return plain;
}

function escaped(delimiter: string): string {
  return delimiter === "|" ? "\\|" : delimiter;
}
