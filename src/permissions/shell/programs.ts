/**
 * What is known about programs that can run others, or write where one expects them to read. The list is not complete, and
 * cannot be: it closes the ways that are known and short. See "Limits" in `docs/permissions.md`.
 */
import { git } from "./git.js";
import {
  hasLetter,
  type Inspection,
  type Inspector,
  isLongOption,
  opaque,
  operandsOf,
  plain,
  unknownArgument,
} from "./inspection.js";
import { languages } from "./interpreters.js";
import { awk, sed } from "./scripts.js";
import type { ShellWord } from "./word.js";
import { wrappers } from "./wrappers.js";

/** Commands that change what later words mean, and programs whose input or arguments are other programs. */
const alwaysOpaque = new Set(
  `source . alias trap enable bind complete compgen mapfile readarray hash fc emulate sched autoload zmodload functions
   vared zle zstyle zcompile zsystem repeat foreach end always coproc function select
   ssh mosh rsh watch parallel su runuser pkexec sudoedit script scriptreplay flock chroot strace ltrace unshare nsenter
   systemd-run gdb lldb expect screen tmux at batch crontab setarch linux32 linux64 proot fakeroot xvfb-run firejail bwrap
   dbus-run-session dbus-launch daemonize start-stop-daemon entr hyperfine rlwrap socat setpriv run0 prlimit numactl
   vi vim nvim view ex ed emacs nano pico joe micro hx sqlite3 psql mysql ftp lftp dc m4 gnuplot jshell ghci irb pry ipython
   erl sbcl octave r`.split(/\s+/),
);

/** Commands of the shell that set variables and options for what follows. */
const settings =
  "export declare typeset readonly local float integer read getopts let set setopt unsetopt shopt unset unalias".split(
    " ",
  );

interface Options {
  /** Letters, alone or among others. */
  readonly short?: string;
  /** Long names, with their abbreviations. */
  readonly long?: readonly string[];
  /** Words that are no option: `ip netns exec`. */
  readonly words?: readonly string[];
  /** What stands behind `--` is another program's. */
  readonly endsAtDashes?: boolean;
}

const secureShellOptions: Options = { short: "SoFDb" };

const byOptions: Readonly<Record<string, Options>> = {
  rsync: { short: "e", long: ["rsh", "rsync-path", "daemon"] },
  scp: secureShellOptions,
  sftp: secureShellOptions,
  sort: { short: "o", long: ["output", "compress-program"] },
  split: { long: ["filter"] },
  tree: { short: "o", long: ["output"] },
  zip: { short: "T", long: ["unzip-command"] },
  rg: { long: ["pre", "hostname-bin"] },
  fd: { short: "xX", long: ["exec", "exec-batch"] },
  fdfind: { short: "xX", long: ["exec", "exec-batch"] },
  ag: { long: ["pager"] },
  less: { short: "koO+", long: ["log-file", "LOG-FILE", "lesskey-file", "lesskey-content", "lesskey-src"] },
  man: { short: "PHC", long: ["pager", "html", "config-file"] },
  go: { short: "", long: ["exec", "toolexec", "vettool"], words: ["-exec", "-toolexec", "-vettool"] },
  cargo: { long: ["config"], endsAtDashes: true },
  npm: { short: "c", long: ["call", "script-shell"], endsAtDashes: true },
  npx: { short: "c", long: ["call", "script-shell"] },
  nc: { short: "ec", long: ["exec", "sh-exec", "lua-exec"] },
  ncat: { short: "ec", long: ["exec", "sh-exec", "lua-exec"] },
  netcat: { short: "ec", long: ["exec", "sh-exec"] },
  tcpdump: { short: "zw" },
  ip: { words: ["exec"] },
  jobs: { short: "x" },
};

const inspectors: ReadonlyMap<string, Inspector> = new Map<string, Inspector>([
  ...languages,
  ...wrappers,
  ...Object.entries(byOptions).map(
    ([name, options]) => [name, (args) => withoutOptions(name, options, args)] as [string, Inspector],
  ),
  ...["more", "most", "pg"].map(
    (name) => [name, (args) => withoutOptions(name, { short: "+" }, args)] as [string, Inspector],
  ),
  ...["tar", "gtar", "bsdtar"].map((name) => [name, tar] as [string, Inspector]),
  ...["awk", "gawk", "mawk", "nawk"].map((name) => [name, awk] as [string, Inspector]),
  ...["sed", "gsed"].map((name) => [name, sed] as [string, Inspector]),
  ...settings.map((name) => [name, setting] as [string, Inspector]),
  ...["test", "[", "printf"].map((name) => [name, arithmetic] as [string, Inspector]),
  ["git", git],
]);

/** Programs that are named plainly: nothing in the name that a shell expands. */
const plainName = /^(?:~\/)?[A-Za-z0-9_./][A-Za-z0-9_./+-]*$/;

/** What the command runs besides itself. */
export function inspect(words: readonly ShellWord[]): Inspection {
  const [program, ...args] = words;
  const name = program?.operand;
  if (name === undefined || (name !== "[" && !plainName.test(name)))
    return opaque("the program it runs is not named plainly");
  const base = name
    .slice(name.lastIndexOf("/") + 1)
    .toLowerCase()
    .replace(/\.exe$/, "");
  const unversioned = base.replace(/(?<=[a-z])-?[0-9]+(?:\.[0-9]+)*$/, "");
  for (const known of [base, unversioned]) {
    if (alwaysOpaque.has(known)) return opaque(`what \`${known}\` does cannot be told from the line`);
    const inspector = inspectors.get(known);
    if (inspector !== undefined) return inspector(args);
  }
  return plain;
}

function withoutOptions(
  name: string,
  { short = "", long = [], words = [], endsAtDashes = false }: Options,
  args: readonly ShellWord[],
): Inspection {
  const end = endsAtDashes ? args.findIndex(({ value }) => value === "--") : -1;
  const texts = operandsOf(end < 0 ? args : args.slice(0, end));
  if (texts === undefined) return unknownArgument;
  const found = texts.find(
    (text) =>
      hasLetter(text, short) ||
      isLongOption(text, long) ||
      words.includes(text.split("=", 1)[0] ?? "") ||
      (short.includes("+") && text.startsWith("+")),
  );
  return found === undefined ? plain : opaque(`\`${name} ${found.slice(0, 40)}\` runs a program or writes a file`);
}

const tarOptions = [
  "to-command",
  "checkpoint-action",
  "use-compress-program",
  "info-script",
  "new-volume-script",
  "rsh-command",
  "rmt-command",
];

function tar(args: readonly ShellWord[]): Inspection {
  const texts = operandsOf(args);
  if (texts === undefined) return unknownArgument;
  const isFound = texts.some((text, index) => {
    // Its first word is options without a dash, as in `tar xf`.
    const letters = index === 0 && !text.startsWith("-") ? `-${text}` : text;
    return isLongOption(text, tarOptions) || hasLetter(letters, "IF");
  });
  return isFound ? opaque("`tar` with these options runs a program") : plain;
}

/** bash and zsh evaluate what stands in an index, commands included: `test -v 'a[$(…)]'`, in zsh also `[ 'a[$(…)]' -eq 0 ]`. */
function arithmetic(args: readonly ShellWord[]): Inspection {
  const isSuspicious = args.some(
    ({ loose, hasOutput, value }) =>
      hasOutput || (value !== "]" && loose.includes("[")) || /`|\$\(/.test(loose) || /^-[vR]$/.test(loose),
  );
  return isSuspicious ? opaque("an argument of it may be evaluated") : plain;
}

function setting(args: readonly ShellWord[]): Inspection {
  const { opaque: reason } = arithmetic(args);
  return reason === undefined ? { besides: "it sets variables or options of the shell" } : opaque(reason);
}
