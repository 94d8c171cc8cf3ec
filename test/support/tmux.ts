/** A program in a real pseudo-terminal, by tmux: what it shows, and the keys that are pressed. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { eventually } from "./slowness.js";

const run = promisify(execFile);

/** A running program and its screen. */
export interface Screen extends AsyncDisposable {
  /** What the terminal shows now, with what has scrolled away. */
  text(): Promise<string>;
  /** Resolves when the screen shows this; rejects with the screen. */
  shows(what: string | RegExp): Promise<void>;
  /** Types a text. */
  type(text: string): Promise<void>;
  /** Presses keys by tmux's names: `Enter`, `C-c`, `Down` … */
  press(...keys: string[]): Promise<void>;
  /** Resolves to the program's exit code. */
  exit(): Promise<number>;
}

/** Starts a program in a terminal of 110 × 50. */
export async function openScreen(
  command: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Screen> {
  const socket = `opencode-ts-${randomBytes(6).toString("hex")}`;
  const tmux = async (...args: string[]): Promise<string> => (await run("tmux", ["-L", socket, ...args])).stdout;
  const variables = Object.entries(env).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const size = ["-x", "110", "-y", "50"];
  // tmux 3.3a now and then never collects the status of a program: the shell does. Ctrl-C goes to both; the trap keeps the shell.
  const folder = mkdtempSync(join(tmpdir(), "opencode-ts-tmux-"));
  const statusFile = join(folder, "status");
  const readStatus = (): string => (existsSync(statusFile) ? readFileSync(statusFile, "utf8").trim() : "");
  const shell = ["sh", "-c", 'trap : INT; status=$1; shift; "$@"; echo $? >"$status"', "sh", statusFile];
  const session = ["new-session", "-d", "-s", "s", ...size, "-c", cwd, ...variables, "--", ...shell, ...command];
  // In one go: the terminal must still be there when the program has ended.
  await tmux("-f", "/dev/null", ...session, ";", "set-option", "-g", "remain-on-exit", "on");
  // What was taken away at the end of a line is told as spaces.
  const text = async (): Promise<string> =>
    (await tmux("capture-pane", "-p", "-J", "-S", "-", "-t", "s")).replace(/ +$/gm, "").trimEnd();
  const shows = async (what: string | RegExp): Promise<void> => {
    const matches = async (): Promise<boolean> => {
      const shown = await text();
      return typeof what === "string" ? shown.includes(what) : what.test(shown);
    };
    await eventually(`the screen shows ${what}`, matches).catch(async (error: unknown) => {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${await text()}`);
    });
  };
  const exit = async (): Promise<number> => {
    await eventually("the program has ended", () => readStatus() !== "");
    return Number(readStatus());
  };
  return {
    text,
    shows,
    exit,
    type: async (typed) => void (await tmux("send-keys", "-t", "s", "-l", "--", typed)),
    press: async (...keys) => void (await tmux("send-keys", "-t", "s", ...keys)),
    [Symbol.asyncDispose]: async () => {
      await tmux("kill-server").catch(() => {}); // it has ended with its last session
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
