/** The user's own background server of opencode 2.x: found by the file that it writes, connected to, never ended. */
import { type Stats, statSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { uptime } from "node:os";
import { isAbsolute, join } from "node:path";
import { identify } from "../api/protocol.js";
import { createOpencodeClient } from "../client/client.js";
import { ConfigError } from "../errors/index.js";
import { hasProcess, linuxStartTime } from "../process/process-identity.js";
import { homeFolder } from "../process/state-folder.js";
import type { Environment } from "../process/unsafe-environment.js";
import type { BackgroundService } from "../types/kept.js";
import { checkOptions } from "../util/check-options.js";
import { messageOf } from "../util/error-message.js";
import { numberProperty, parseJson, stringProperty } from "../util/json.js";
import { createLogger, type LoggerOptions } from "../util/logger.js";
import { isLoopback } from "../util/loopback.js";

/**
 * Files in `$XDG_STATE_HOME/opencode`: that of released 2.x has the password in it (not run against a real 2.1), that of the preview has it
 * beside it (2.0 preview 1.18.18).
 */
const files = ["service.json", "server.json"] as const;
const passwordFile = "password";

/** The user name of every 2.x server. */
const username = "opencode";
/** Bytes; a service file has some hundred. */
const maxSize = 16_384;
/** A service writes its file after it has started; clocks of files are coarse (ms). */
const clockSlack = 2_000;
/** The clock tick of `/proc`, in ms (USER_HZ is 100 on every Linux). */
const tick = 10;
/** For an answer, in ms. */
const answerTimeout = 5_000;

const names = { env: true, logger: true, logLevel: true } as const;

/**
 * Finds this user's background server of opencode 2.x by the service file that it wrote. The process of the file must run, and a 2.x
 * server must answer with the file's password; otherwise the promise resolves with `undefined`. Starts and ends nothing.
 * @throws {ConfigError} for a wrong option, and for a file with a password that others may read.
 */
export async function findService(
  options: { readonly env?: Environment | undefined } & LoggerOptions = {},
): Promise<BackgroundService | undefined> {
  checkOptions(options, names, "findService()");
  const { env = process.env } = options;
  const logger = createLogger(options);
  const folder = serviceFolder(env);
  for (const name of files) {
    const file = join(folder, name);
    try {
      const service = await readService(file, folder);
      if (service === undefined) continue;
      const { url: baseUrl, password } = service;
      const client = createOpencodeClient({ baseUrl, username, password, timeout: answerTimeout, maxRetries: 0 });
      const { protocol, version } = await identify(client);
      if (protocol === "v2") return new KnownService({ ...service, version, file });
    } catch (error) {
      if (error instanceof ConfigError) throw error;
      logger.debug(`the service of ${file} is not used: ${messageOf(error)}`);
    }
  }
  return undefined;
}

function serviceFolder(env: Environment): string {
  const state = env["XDG_STATE_HOME"] ?? "";
  return join(isAbsolute(state) ? state : join(homeFolder(env), ".local", "state"), "opencode");
}

interface ServiceFacts {
  readonly url: string;
  readonly pid: number;
  readonly password: string;
}

/** What the file says, if its process runs; the password is not sent to a port that somebody else may have by now. */
async function readService(file: string, folder: string): Promise<ServiceFacts | undefined> {
  const text = await readOwn(file);
  if (text === undefined) return undefined;
  const entry = parseJson(text.content);
  const url = stringProperty(entry, "url");
  const pid = numberProperty(entry, "pid");
  if (url === undefined || pid === undefined || !isLoopback(url) || !wrote(pid, text.stats)) return undefined;
  const inFile = stringProperty(entry, "password");
  if (inFile !== undefined) requirePrivate(file, text.stats);
  const beside = inFile === undefined ? await readOwn(join(folder, passwordFile)) : undefined;
  if (beside !== undefined) requirePrivate(join(folder, passwordFile), beside.stats);
  const password = inFile ?? beside?.content;
  return password === undefined ? undefined : { url, pid, password };
}

/** A small regular file of this user. */
async function readOwn(file: string): Promise<{ readonly content: string; readonly stats: Stats } | undefined> {
  const stats = await stat(file).catch(() => undefined); // mostly there is none
  if (stats === undefined || !stats.isFile() || stats.size > maxSize) return undefined;
  if (process.getuid !== undefined && stats.uid !== process.getuid()) return undefined;
  return { content: await readFile(file, "utf8"), stats };
}

function requirePrivate(file: string, { mode }: Stats): void {
  if (process.platform === "win32" || (mode & 0o077) === 0) return;
  throw new ConfigError(`${file} has the password of the opencode service, and other users may read it`, {
    hint: `Take their rights away: chmod 600 ${file}`,
  });
}

/** The process runs, and began before the file was written: a later one has only its number. */
function wrote(pid: number, { mtimeMs }: Stats): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 1 || !hasProcess(pid)) return false;
  if (process.platform !== "linux") return true;
  if (statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid !== process.getuid?.()) return false;
  const bootedAt = Date.now() - uptime() * 1_000;
  return !(bootedAt + Number(linuxStartTime(pid)) * tick > mtimeMs + clockSlack);
}

/** Getters keep the password out of `console.log` and JSON. */
class KnownService implements BackgroundService {
  readonly url: string;
  readonly username = username;
  readonly pid: number;
  readonly version: string;
  readonly file: string;
  readonly #password: string;

  constructor({ url, pid, version, file, password }: ServiceFacts & Pick<BackgroundService, "version" | "file">) {
    this.url = url;
    this.pid = pid;
    this.version = version;
    this.file = file;
    this.#password = password;
  }

  get password(): string {
    return this.#password;
  }
}
