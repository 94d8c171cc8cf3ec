/** What a program is told to run besides itself. */
import type { ShellWord } from "./word.js";

export interface Inspection {
  /** Why it cannot be said what it runs. */
  readonly opaque?: string;
  /** What it does besides, that its name does not say: it writes a file, it sets a variable. */
  readonly besides?: string;
  /** Commands that it runs, as words. */
  readonly runs?: readonly (readonly ShellWord[])[];
  /** Lines that it gives to a shell. */
  readonly lines?: readonly string[];
}

/** Looks at the arguments of one program. */
export type Inspector = (args: readonly ShellWord[]) => Inspection;

/** It runs nothing else, as far as is known. */
export const plain: Inspection = {};

export function opaque(reason: string): Inspection {
  return { opaque: reason };
}

export const unknownArgument: Inspection = opaque("an argument of it is only known when it runs");

/** The arguments, if each of them is known well enough to say that it is no option in disguise. */
export function operandsOf(args: readonly ShellWord[]): readonly string[] | undefined {
  const texts = args.map(({ operand }) => operand).filter((text) => text !== undefined);
  return texts.length === args.length ? texts : undefined;
}

/** True for `-x`, `-ax` and the like when one of `letters` is in it. */
export function hasLetter(text: string, letters: string): boolean {
  return /^-[^-]/.test(text) && [...text.slice(1)].some((letter) => letters.includes(letter));
}

/** True for `--name`, `--name=value`, and the abbreviations that GNU programs and git take. */
export function isLongOption(text: string, names: readonly string[]): boolean {
  const [name = ""] = text.split("=", 1);
  return /^--./.test(name) && names.some((known) => `--${known}`.startsWith(name));
}

/** A file name that means "what comes through the pipe". */
export function isInput(text: string): boolean {
  return text === "-" || /^\/dev\/(?:stdin|fd\/)|^\/proc\/\w+\/fd\//.test(text);
}
