/** All commands of a line, those that other programs are told to run included, in the forms that rules are compared with. */

import { looseCommands } from "./fallback.js";
import type { Inspection } from "./inspection.js";
import { readLine } from "./parse-line.js";
import type { Parser } from "./parser.js";
import { inspect } from "./programs.js";
import { faithfulSpellings, looseSpellings } from "./renderings.js";
import type { ShellWord } from "./word.js";

/** A command that rules decide about. */
export interface ShellCommand {
  /** As it is written, or for one inside another command as it would be. */
  readonly text: string;
  /** The same, and what it stands in: a rule that names one of them exactly is about it. */
  readonly names: readonly string[];
  /** Spellings that run exactly this; a rule allows it by one of them. */
  readonly spellings: readonly string[];
  /** What it might be called beyond that; a rule denies it by any of them. */
  readonly looseSpellings: readonly string[];
  /** Why only a rule that names it exactly allows it: it does more than its name says, or cannot be read. */
  readonly opaque: string | undefined;
  /** False when nobody can say what it runs: then it may be whatever a rule denies. */
  readonly isKnown: boolean;
}

const deepest = 6;
const mostCommands = 400;

/** Never throws. A line that cannot be read is one command that is opaque; an empty line has none. */
export function commandsOf(parser: Parser, line: string): readonly ShellCommand[] {
  const text = line.trim();
  const collector = new Collector(parser);
  const problem = collector.line(line, [text]);
  return problem === undefined ? collector.commands : unreadable(parser, text, problem);
}

/** The line itself, which patterns do not allow, and if they can be found its commands, which they may deny. */
function unreadable(parser: Parser, text: string, problem: string): readonly ShellCommand[] {
  const found = looseCommands(parser, text);
  const collector = new Collector(parser);
  const rest = found?.map(({ words, source }) => collector.command(words, source, problem, [text]));
  const isKnown = rest?.every((one) => one === undefined) === true;
  const whole: ShellCommand = { text, names: [text], spellings: [], looseSpellings: [text], opaque: problem, isKnown };
  return [whole, ...collector.commands];
}

class Collector {
  readonly commands: ShellCommand[] = [];
  readonly #parser: Parser;

  constructor(parser: Parser) {
    this.#parser = parser;
  }

  /** `outer` is what the line stands in, from the whole line on. Returns why the line cannot be read. */
  line(line: string, outer: readonly string[]): string | undefined {
    const read = readLine(this.#parser, line);
    if ("problem" in read) return read.problem;
    for (const { source, words, besides } of read.commands) {
      const problem = this.command(words, source, besides, outer);
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  /** `besides` is what happens in addition. Returns why it cannot be looked into further. */
  command(
    words: readonly ShellWord[],
    text: string,
    besides: string | undefined,
    outer: readonly string[],
  ): string | undefined {
    if (outer.length > deepest) return "it has commands in commands in commands";
    if (this.commands.length >= mostCommands) return `it has more than ${mostCommands} commands`;
    const inspection = words.length === 0 ? {} : inspect(words);
    const names = [text, ...outer];
    const place = this.commands.length;
    const problem = inspection.opaque ?? this.#inner(inspection, names);
    // Its place is before what it runs.
    this.commands.splice(place, 0, {
      text,
      names,
      spellings: words.length === 0 ? [] : faithfulSpellings(words),
      looseSpellings: looseSpellings(words, text),
      opaque: problem ?? inspection.besides ?? besides,
      isKnown: problem === undefined,
    });
    return undefined;
  }

  /** What the command runs; the reason when that cannot be read. */
  #inner({ runs = [], lines = [] }: Inspection, outer: readonly string[]): string | undefined {
    for (const words of runs) {
      const problem = this.command(words, words.map(({ raw }) => raw).join(" "), undefined, outer);
      if (problem !== undefined) return problem;
    }
    for (const line of lines) {
      const problem = this.line(line, outer);
      if (problem !== undefined) return `the line it gives to a shell cannot be read: ${problem}`;
    }
    return undefined;
  }
}
