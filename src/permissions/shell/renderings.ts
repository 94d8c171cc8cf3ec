/** The ways in which one and the same command may be written, as rules are compared with them. */
import type { ShellWord } from "./word.js";

const plain = /^(?:[A-Za-z0-9_@%+:,./^-][A-Za-z0-9_@%+=:,./^~#-]*|\[|\])$/;

/**
 * Spellings that run exactly this: with quotes only around the words that need them, single or double ones. Two lines with
 * the same words have the same spellings, however they are quoted.
 */
export function faithfulSpellings(words: readonly ShellWord[]): string[] {
  return unique([spell(words, inSingleQuotes), spell(words, inDoubleQuotes)]);
}

/**
 * What it might be called beyond that: without quotes, without the folder of the program, in lower case (some file systems
 * do not tell them apart), and for git without the options before its command.
 */
export function looseSpellings(words: readonly ShellWord[], source: string): string[] {
  const [program, ...rest] = words.map(({ loose }) => loose);
  if (program === undefined) return [source];
  const base = program.slice(program.lastIndexOf("/") + 1);
  const names = unique([program, base, base.toLowerCase(), base.toLowerCase().replace(/\.exe$/, "")]);
  const tails = unique([
    rest.join(" "),
    rest.filter((word) => word !== "$@").join(" "), // as `xargs` is given it
    ...faithfulSpellings(words.slice(1)),
    ...(base.toLowerCase() === "git" ? [withoutGitOptions(rest).join(" ")] : []),
  ]);
  const spellings = names.flatMap((name) => tails.map((tail) => (tail === "" ? name : `${name} ${tail}`)));
  return unique([...spellings, source]);
}

function spell(words: readonly ShellWord[], quote: (value: string) => string): string {
  return words
    .map(({ value, raw }) => (value === undefined ? raw : plain.test(value) ? value : quote(value)))
    .join(" ");
}

function inSingleQuotes(value: string): string {
  return `'${value.replaceAll("'", "'\\''")}'`;
}

function inDoubleQuotes(value: string): string {
  return `"${value.replace(/[\\"$`]/g, "\\$&")}"`;
}

const gitOptionsWithValue = new Set([
  "-C",
  "-c",
  "--git-dir",
  "--work-tree",
  "--namespace",
  "--exec-path",
  "--config-env",
]);

function withoutGitOptions(args: readonly string[]): readonly string[] {
  let at = 0;
  while (args[at]?.startsWith("-") === true) at += gitOptionsWithValue.has(args[at] ?? "") ? 2 : 1;
  return args.slice(at);
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
