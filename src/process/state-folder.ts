/** Where this package keeps what it may lose: everything in it can be made again. */
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { Environment } from "./unsafe-environment.js";

/** The user's home folder: `HOME` (`USERPROFILE` on Windows), otherwise what the system says. */
export function homeFolder(env: Environment): string {
  return (process.platform === "win32" ? env["USERPROFILE"] : env["HOME"]) || homedir();
}

/**
 * `$XDG_STATE_HOME/opencode-ts`, by default `~/.local/state/opencode-ts` (XDG Base Directory Specification); on Windows
 * `%LOCALAPPDATA%\opencode-ts`. A relative `XDG_STATE_HOME` counts as none, as that specification says. It need not exist.
 */
export function stateFolder(env: Environment): string {
  const home = homeFolder(env);
  if (process.platform === "win32") return join(env["LOCALAPPDATA"] || join(home, "AppData", "Local"), "opencode-ts");
  const state = env["XDG_STATE_HOME"] ?? "";
  return join(isAbsolute(state) ? state : join(home, ".local", "state"), "opencode-ts");
}

/** `~/.opencode/bin`: where opencode's own installer puts its binary, and we put ours beside it, under other names. */
export function downloadFolder(env: Environment): string {
  return join(homeFolder(env), ".opencode", "bin");
}
