/** git runs programs that options, configuration and some of its commands name. */
import { hasLetter, type Inspection, isLongOption, opaque, operandsOf, plain, unknownArgument } from "./inspection.js";
import type { ShellWord } from "./word.js";

/** Before the command; any other one (`-c`, `--exec-path=…`, `--config-env`) may name a program. */
const globalFlags = new Set([
  "--no-pager",
  "-P",
  "--bare",
  "--no-replace-objects",
  "--no-optional-locks",
  "--literal-pathspecs",
  "--version",
  "--help",
  "-h",
  "-v",
]);
const globalValued = new Set(["-C", "--git-dir", "--work-tree", "--namespace"]);

/** Options of commands that name a program, or a file that is written. git takes their abbreviations too. */
const dangerous = [
  "upload-pack",
  "receive-pack",
  "exec",
  "extcmd",
  "open-files-in-pager",
  "output",
  "config",
  "template",
  "smtp-server",
  "sendmail-cmd",
  "to-cmd",
  "cc-cmd",
];

const dangerousLetters: Readonly<Record<string, string>> = {
  grep: "O",
  clone: "uc",
  rebase: "x",
  init: "c",
  submodule: "c",
};

/** Commands whose work is to run others. */
const runners = new Set([
  "filter-branch",
  "difftool",
  "mergetool",
  "daemon",
  "shell",
  "instaweb",
  "gui",
  "citool",
  "svn",
  "p4",
  "hook",
  "maintenance",
  "for-each-repo",
  "send-email",
  "imap-send",
  "remote-ext",
  "remote-fd",
  "upload-pack",
  "receive-pack",
  "upload-archive",
  "credential",
  "web--browse",
]);

export function git(args: readonly ShellWord[]): Inspection {
  const texts = operandsOf(args);
  if (texts === undefined) return unknownArgument;
  const at = placeOfCommand(texts);
  if (at === undefined) return opaque("it has options of `git` that may name a program");
  const command = texts[at];
  if (command === undefined) return plain;
  return ofCommand(command, texts.slice(at + 1));
}

function placeOfCommand(texts: readonly string[]): number | undefined {
  let at = 0;
  while (texts[at]?.startsWith("-") === true) {
    const [name = "", value] = (texts[at] ?? "").split("=", 2);
    if (globalFlags.has(name) && value === undefined) at += 1;
    else if (globalValued.has(name)) at += value === undefined ? 2 : 1;
    else return undefined;
  }
  return at;
}

function ofCommand(command: string, rest: readonly string[]): Inspection {
  if (runners.has(command)) return opaque(`\`git ${command}\` runs other programs`);
  if (command === "config") return isReading(rest) ? plain : opaque("`git config` may set what git runs");
  if (command === "bisect" && rest.includes("run")) return opaque("`git bisect run` runs other programs");
  if (command === "submodule" && rest.includes("foreach")) return opaque("`git submodule foreach` runs other programs");
  const letters = dangerousLetters[command] ?? "";
  const found = rest.find((text) => isLongOption(text, dangerous) || (letters !== "" && hasLetter(text, letters)));
  if (found !== undefined)
    return opaque(`\`git ${command}\` with \`${found.slice(0, 40)}\` runs a program or writes a file`);
  // Transport helpers: `ext::sh -c …` is a command in the form of an address.
  if (rest.some((text) => /^[\w+.-]+::/.test(text))) return opaque("an address of it names a program");
  return plain;
}

const readers = new Set(["--get", "--get-all", "--get-regexp", "--get-urlmatch", "--list", "-l", "list", "get"]);
const readingFlags = /^--(?:global|local|system|worktree|null|name-only|show-origin|show-scope|type=[a-z-]+)$|^-z$/;

function isReading(args: readonly string[]): boolean {
  const rest = args.filter((text) => !readingFlags.test(text));
  const [first, ...others] = rest;
  if (first === undefined) return false;
  if (readers.has(first)) return others.every((text) => !text.startsWith("-"));
  return others.length === 0 && !first.startsWith("-"); // `git config user.name` prints
}
