/** Programs that run the command behind their own options: `env`, `sudo`, `timeout`, `xargs`, `find -exec` … */
import { type Inspection, type Inspector, opaque, operandsOf, plain, unknownArgument } from "./inspection.js";
import type { ShellWord } from "./word.js";

/** The options that may stand before the command. Any other one makes it unknown where the command begins. */
interface Grammar {
  /** Letters of options without a value. */
  readonly flags?: string;
  /** Letters of options with a value: `-n 5` or `-n5`. */
  readonly valued?: string;
  /** Names of long options without a value. */
  readonly longFlags?: readonly string[];
  /** Names of long options with a value: `--signal KILL` or `--signal=KILL`. */
  readonly longValued?: readonly string[];
  /** Operands before the command, such as the duration of `timeout`. */
  readonly operands?: number;
}

const grammars: Readonly<Record<string, Grammar>> = {
  env: {
    flags: "i0v",
    valued: "uC",
    longFlags: ["ignore-environment", "null", "debug"],
    longValued: ["unset", "chdir"],
  },
  sudo: {
    flags: "nHkSAPbBE",
    valued: "ugpCTD",
    longFlags: ["non-interactive", "set-home", "stdin", "preserve-env"],
    longValued: ["user", "group", "prompt", "chdir"],
  },
  doas: { flags: "n", valued: "u" },
  nohup: {},
  setsid: { flags: "cfw", longFlags: ["ctty", "fork", "wait"] },
  nice: { flags: "0123456789", valued: "n", longValued: ["adjustment"] },
  ionice: { flags: "t", valued: "cn", longFlags: ["ignore"], longValued: ["class", "classdata"] },
  timeout: {
    flags: "v",
    valued: "ks",
    longFlags: ["foreground", "preserve-status", "verbose"],
    longValued: ["kill-after", "signal"],
    operands: 1,
  },
  time: { flags: "pvql", valued: "f", longFlags: ["portability", "verbose", "quiet"], longValued: ["format"] },
  stdbuf: { valued: "ioe", longValued: ["input", "output", "error"] },
  command: { flags: "p" },
  builtin: {},
  exec: { flags: "cl", valued: "a" },
  noglob: {},
  nocorrect: {},
  busybox: {},
  toybox: {},
  taskset: { flags: "a", operands: 1 },
  chrt: { flags: "bfior", operands: 1 },
  caffeinate: { flags: "disu", valued: "tw" },
  unbuffer: { flags: "p" },
};

const xargsGrammar: Grammar = {
  flags: "0rtxpo",
  valued: "InLPsdEa",
  longFlags: ["null", "no-run-if-empty", "verbose", "exit", "interactive", "open-tty"],
  longValued: ["max-args", "max-lines", "max-procs", "max-chars", "delimiter", "arg-file"],
};

/** What another program will put there. */
const unknownWords: ShellWord = {
  raw: '"$@"',
  value: undefined,
  operand: undefined,
  loose: "$@",
  hasOutput: true,
};

/** Inspectors by the name of the program. */
export const wrappers: ReadonlyMap<string, Inspector> = new Map<string, Inspector>([
  ...Object.entries(grammars).map(
    ([name, grammar]) => [name, (args) => prefixed(name, grammar, args)] as [string, Inspector],
  ),
  ["xargs", xargs],
  ["gxargs", xargs],
  ["find", find],
  ["gfind", find],
  ["eval", evaluated],
]);

function prefixed(name: string, grammar: Grammar, args: readonly ShellWord[]): Inspection {
  if (name === "command" && /^-p?[vV]$/.test(args[0]?.value ?? "")) return plain; // it only looks the name up
  const command = behindOptions(grammar, args);
  if (command === undefined) return opaque(`it has options with which it is not known what \`${name}\` runs`);
  // `env X=1 ls` and `sudo X=1 ls`: the variable may be PATH.
  const first = command.findIndex(({ loose }) => !/^[A-Za-z_][A-Za-z0-9_]*=/.test(loose));
  const behind = first < 0 ? [] : command.slice(first);
  const besides = behind.length < command.length ? { besides: "it sets a variable" } : {};
  return behind.length === 0 ? besides : { ...besides, runs: [behind] };
}

/** The words from the command on; `undefined` when an option is not known. */
function behindOptions(grammar: Grammar, args: readonly ShellWord[]): readonly ShellWord[] | undefined {
  let at = 0;
  for (; at < args.length; at += 1) {
    const text = args[at]?.operand;
    if (text === undefined) return undefined;
    if (text === "--") {
      at += 1;
      break;
    }
    if (!/^-./.test(text)) break;
    const taken = wordsOfOption(grammar, text);
    // A value that the shell makes of nothing, or of several words, moves the place of the command.
    if (taken === undefined || operandsOf(args.slice(at, at + taken)) === undefined) return undefined;
    at += taken - 1;
  }
  const operands = grammar.operands ?? 0;
  if (operandsOf(args.slice(at, at + operands)) === undefined || at > args.length) return undefined;
  return args.slice(at + operands);
}

/** How many words an option takes, itself included. */
function wordsOfOption(grammar: Grammar, text: string): number | undefined {
  if (text.startsWith("--")) {
    const [name = "", value] = text.slice(2).split("=", 2);
    if (grammar.longFlags?.includes(name) === true && value === undefined) return 1;
    if (grammar.longValued?.includes(name) === true) return value === undefined ? 2 : 1;
    return undefined;
  }
  for (let at = 1; at < text.length; at += 1) {
    const letter = text.charAt(at);
    if (grammar.valued?.includes(letter) === true) return at === text.length - 1 ? 2 : 1;
    if (grammar.flags?.includes(letter) !== true) return undefined;
  }
  return 1;
}

function xargs(args: readonly ShellWord[]): Inspection {
  const command = behindOptions(xargsGrammar, args);
  if (command === undefined) return opaque("it has options with which it is not known what `xargs` runs");
  if (command.length === 0) return plain; // it runs echo
  // What `-I` names is replaced in every word of the command.
  const marks = args.slice(0, args.length - command.length).flatMap((word, index, options) => {
    const text = word.operand ?? "";
    if (!text.startsWith("-") || text.startsWith("--") || !text.includes("I")) return [];
    return [text.endsWith("I") ? (options[index + 1]?.operand ?? "") : text.slice(text.indexOf("I") + 1)];
  });
  const isReplaced = ({ loose }: ShellWord): boolean => marks.some((mark) => mark === "" || loose.includes(mark));
  const words = command.map((word) =>
    isReplaced(word) ? { ...unknownWords, raw: word.raw, loose: word.loose } : word,
  );
  return { runs: [[...words, unknownWords]] };
}

const findRuns = new Set(["-exec", "-execdir", "-ok", "-okdir"]);
const findWrites = new Set(["-delete", "-fprint", "-fprint0", "-fprintf", "-fls"]);

function find(args: readonly ShellWord[]): Inspection {
  const texts = operandsOf(args);
  if (texts === undefined) return unknownArgument;
  const runs: ShellWord[][] = [];
  let besides: Inspection = {};
  for (let at = 0; at < texts.length; at += 1) {
    const text = texts[at] ?? "";
    if (findWrites.has(text)) besides = { besides: `\`find ${text}\` deletes or writes files` };
    if (!findRuns.has(text)) continue;
    const length = texts.slice(at + 1).findIndex((word, index, rest) => isEndOfExec(word, rest[index - 1]));
    if (length < 1) return opaque(`the command of \`find ${text}\` has no end`);
    const command = args.slice(at + 1, at + 1 + length);
    runs.push(
      command.map((word) => (word.loose.includes("{}") ? { ...unknownWords, raw: word.raw, loose: word.loose } : word)),
    );
    at += length + 1;
  }
  return { ...besides, runs };
}

function isEndOfExec(word: string, before: string | undefined): boolean {
  return word === ";" || (word === "+" && before === "{}");
}

/** Its arguments, put together, are a line. */
function evaluated(args: readonly ShellWord[]): Inspection {
  const values = args.map(({ value }) => value).filter((value) => value !== undefined);
  if (values.length !== args.length) return unknownArgument;
  const line = values.join(" ");
  return line.trim() === "" ? plain : { lines: [line] };
}
