/** The password of a server that keeps it in a file of its state folder: raw, for this user only (2.0 preview 1.18.18). */
import { randomUUID } from "node:crypto";
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { ConfigError, ServerStartupError } from "../errors/index.js";

/** Where the file is: in the state folder of a server with this environment. */
export function passwordPath(env: Readonly<Record<string, string>>, file: string): string {
  const state = env["XDG_STATE_HOME"] || join(env["HOME"] || homedir(), ".local", "state");
  return join(state, "opencode", file);
}

/**
 * The password that the server will have. One that is in the file belongs to the user and his other servers: it stays. Otherwise
 * the file is made with `password`, and it stays too, as the one that the server would make.
 * @param isNamed the caller has named the password.
 * @throws {ConfigError} when the caller has named another one than the file has.
 * @throws {ServerStartupError} when the file can neither be read nor written.
 */
export function ensurePassword(path: string, password: string, isNamed: boolean): string {
  const known = readOrWrite(path, password);
  if (!isNamed || known === password) return known;
  throw new ConfigError(
    `Option "password" cannot hold: this server takes its password from ${path}, which has another one.`,
    {
      hint: 'Leave the option out, or give the server a home of its own (isolation: "clean" or { home }).',
    },
  );
}

function readOrWrite(path: string, password: string): string {
  try {
    const known = readPassword(path);
    if (known) return known;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    if (known !== undefined) rmSync(path); // the server replaces an empty file, too; others may read that one
    // In one step with its content. Another start may be quicker: then its password counts.
    const whole = `${path}.${randomUUID()}`;
    writeFileSync(whole, password, { mode: 0o600, flag: "wx" });
    try {
      linkSync(whole, path);
    } finally {
      rmSync(whole);
    }
    return password;
  } catch (cause) {
    const again = (cause as NodeJS.ErrnoException).code === "EEXIST" ? readPassword(path) : undefined;
    if (again) return again;
    throw new ServerStartupError(`The password file ${path} can neither be read nor written.`, {
      cause,
      hint: 'The server needs it. `isolation: "clean"` gives the server a home of its own.',
    });
  }
}

/** `undefined` where there is no file. */
function readPassword(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
