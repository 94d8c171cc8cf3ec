/** Shells and languages: what runs is a text in the command line, what comes through a pipe, or a file. */
import {
  hasLetter,
  type Inspection,
  type Inspector,
  isInput,
  isLongOption,
  opaque,
  plain,
  unknownArgument,
} from "./inspection.js";
import type { ShellWord } from "./word.js";

const posixShells = ["sh", "bash", "dash", "zsh", "ksh", "mksh", "ash", "rbash", "yash"];
/** Their language is another one. */
const otherShells = ["fish", "csh", "tcsh", "pwsh", "powershell", "cmd", "nu", "elvish", "xonsh", "rc", "es"];

/** How an interpreter may be called so that it runs a file; any other option makes it opaque. */
interface Interpreter {
  /** Letters of options without a value. */
  readonly flags?: string;
  readonly longFlags?: readonly string[];
  /** Letters of options that only ask what it is, when they stand alone. */
  readonly questions?: string;
  /** First operands that are no file but a command of its own, and run code. */
  readonly commands?: readonly string[];
}

const nodeForm: Interpreter = {
  flags: "c",
  longFlags: ["test", "watch", "check", "no-warnings", "enable-source-maps", "experimental-strip-types"],
  questions: "vh",
};

const interpreters: Readonly<Record<string, Interpreter>> = {
  python: { flags: "bBdEIOPqsSuv", questions: "Vh" },
  pypy: { flags: "bBdEIOPqsSuv", questions: "Vh" },
  node: nodeForm,
  nodejs: nodeForm,
  tsx: { longFlags: ["watch", "test"] },
  "ts-node": {},
  deno: { commands: ["eval", "repl"], questions: "Vh" },
  bun: { commands: ["exec", "repl"], questions: "vh" },
  perl: { flags: "wWtTc", questions: "vVh" },
  ruby: { flags: "wcv", questions: "vh" },
  php: { flags: "lnqsw", questions: "vh" },
  lua: { flags: "vW" },
  luajit: { flags: "v" },
  rscript: { longFlags: ["vanilla"] },
  julia: {},
  osascript: {},
  elixir: {},
  groovy: {},
  scala: {},
  tclsh: {},
  guile: {},
  racket: {},
};

/** Modules of Python that run the text behind them, or ask for it. */
const codeModules = new Set(["timeit", "code", "pdb", "cProfile", "profile", "trace", "asyncio", "idlelib"]);

/** Inspectors by the name of the program, without a version at its end. */
export const languages: ReadonlyMap<string, Inspector> = new Map<string, Inspector>([
  ...posixShells.map((name) => [name, shell] as [string, Inspector]),
  ...otherShells.map((name) => [name, () => opaque(`\`${name}\` reads another language`)] as [string, Inspector]),
  ...Object.entries(interpreters).map(
    ([name, form]) => [name, (args) => interpreter(name, form, args)] as [string, Inspector],
  ),
]);

const shellFlags = "euxvnfhlaCm";
const shellLongFlags = ["--norc", "--noprofile", "--posix", "--login"];

/** `sh -c "…"` runs a line, `sh file` a file like any program, and `sh` what comes through the pipe. */
function shell(args: readonly ShellWord[]): Inspection {
  if (isQuestion(args, "")) return plain;
  let isLine = false;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at];
    const text = word?.operand;
    if (word === undefined || text === undefined) return unknownArgument;
    if (/^[-+]./.test(text) && text !== "--") {
      if (shellLongFlags.includes(text)) continue;
      const letters = text.slice(1).replace(/o$/, "");
      if (text.startsWith("--") || [...letters].some((letter) => letter !== "c" && !shellFlags.includes(letter))) {
        return opaque("it has options of a shell whose effect is not known");
      }
      if (letters.includes("c")) isLine = text.startsWith("-");
      if (text.endsWith("o")) at += 1;
    } else if (text !== "--") {
      if (isLine) return word.value === undefined ? unknownArgument : { lines: [word.value] };
      return isInput(text) ? opaque("it runs what comes through the pipe") : plain;
    }
  }
  return opaque("it runs what comes through the pipe");
}

function interpreter(name: string, form: Interpreter, args: readonly ShellWord[]): Inspection {
  if (isQuestion(args, form.questions ?? "")) return plain;
  for (const [at, { operand: text }] of args.entries()) {
    if (text === undefined) return unknownArgument;
    if (text === "--") continue;
    if (!text.startsWith("-") || text === "-") return fileOrCommand(name, form, text, args.slice(at + 1));
    if (text === "-m" && (name === "python" || name === "pypy")) {
      const module = args[at + 1]?.value;
      const isCode = module === undefined || codeModules.has(module.split(".")[0] ?? "");
      return isCode ? opaque("it runs code that stands in the command line") : plain;
    }
    const isFlag = text.startsWith("--")
      ? form.longFlags?.includes(text.slice(2)) === true
      : [...text.slice(1)].every((letter) => form.flags?.includes(letter) === true);
    if (!isFlag) return opaque(`it has options of \`${name}\` that may be code, or load some`);
  }
  const isTestRun = args.some(({ operand }) => operand === "--test");
  return isTestRun ? plain : opaque("it runs what comes through the pipe");
}

function fileOrCommand(name: string, form: Interpreter, text: string, rest: readonly ShellWord[]): Inspection {
  if (isInput(text)) return opaque("it runs what comes through the pipe");
  if (text.startsWith("data:") || form.commands?.includes(text) === true)
    return opaque("it runs code from the command line");
  // `deno run -`, `bun run -`: what follows such a command is again a file.
  const hasCommands = name === "deno" || name === "bun";
  if (!hasCommands) return plain;
  const isCode = rest.some(
    ({ operand }) =>
      operand === undefined ||
      isInput(operand) ||
      operand.startsWith("data:") ||
      hasLetter(operand, "epr") ||
      isLongOption(operand, ["eval", "print", "preload", "require", "import"]),
  );
  return isCode ? opaque("it runs code from the command line") : plain;
}

/** Only asks the program what it is. (`bash -v` and `python -v` do not: they go on with what comes through the pipe.) */
function isQuestion(args: readonly ShellWord[], letters: string): boolean {
  const text = args[0]?.value ?? "";
  if (args.length !== 1) return false;
  return text === "--version" || text === "--help" || (/^-[A-Za-z]$/.test(text) && letters.includes(text.charAt(1)));
}
