/** A shell that outlives us: in a session of its own, so that neither a closed terminal nor Ctrl-C reaches it. */
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";

/** How it is started. */
export interface DetachedShellOptions {
  /** Shown by `ps` after `sh -c` and the loader. */
  readonly name: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Reads a script as one line from the input and runs it: `ps` shows these few words, not the script. For any POSIX shell. */
export const scriptLoader = 'read -r s && eval "$(printf %b "$s")"';

/** A script as `scriptLoader` reads it, with its arguments: one line. No argument ends up on a command line. */
export function scriptLine(script: string, args: readonly string[]): string {
  const quoted = args.map((arg) => `'${arg.replaceAll("'", "'\\''")}'`);
  const text = `set -- ${quoted.join(" ")}\n${script}`;
  return `${text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}\n`;
}

/**
 * Runs a script under a name that all watchdogs leave alone. The shell holds nothing of ours but its input, a pipe: it hears
 * from us, and of our end.
 */
export function detachedShell(
  script: string,
  args: readonly string[],
  { name, cwd, env }: DetachedShellOptions,
): ChildProcess {
  const passed = passedOn();
  const nothing = passed.length === 0 ? undefined : openSync("/dev/null", "r+");
  try {
    const stdio: StdioOptions = ["pipe", "ignore", "ignore"];
    for (const descriptor of passed) {
      while (stdio.length < descriptor) stdio.push("ignore");
      stdio[descriptor] = nothing;
    }
    const child = spawn("/bin/sh", ["-c", scriptLoader, name], { cwd, detached: true, env, stdio });
    child.stdin?.on("error", () => {}); // it has been killed: nothing hears us
    child.stdin?.write(scriptLine(script, args));
    return child;
  } finally {
    if (nothing !== undefined) closeSync(nothing);
  }
}

/** Looking at more of them would take longer than starting the watchdog. */
const maxDescriptors = 1_024;

/**
 * Descriptors that somebody gave us and that a child would get, too: a lock, or a pipe whose other end waits for everybody
 * to let go. The script can close those up to 9 itself; on Linux the others are found by what they lack.
 */
function passedOn(): readonly number[] {
  // Deno passes nothing on, and its descriptors are no numbers that the system knows.
  if (process.platform !== "linux" || "deno" in process.versions) return [];
  const closesOnExec = 0o2000000;
  const isPassedOn = (descriptor: number): boolean => {
    try {
      const info = readFileSync(`/proc/self/fdinfo/${descriptor}`, "latin1");
      return (Number.parseInt(/^flags:\s*(\d+)/m.exec(info)?.[1] ?? "", 8) & closesOnExec) === 0;
    } catch {
      return false; // the one that has just read the list
    }
  };
  try {
    const all = readdirSync("/proc/self/fd").map(Number);
    return all.filter((descriptor) => descriptor > 9 && descriptor < maxDescriptors && isPassedOn(descriptor));
  } catch {
    return [];
  }
}
