/** `createOpencodeServer`: an agent server of our own. */
import { optionNames, placesOfOptions } from "../types/option-names.js";
import type { ServerOptions } from "../types/options.js";
import type { OpencodeServer } from "../types/server.js";
import { checkOptions } from "../util/check-options.js";
import { launchServer } from "./launch.js";

/**
 * Finds or downloads the agent's binary, starts `opencode serve` on a free loopback port with a random password, and resolves when
 * the server answers. The server ends with `close()`, with the `signal`, and with this process, however this process ends. It does
 * not keep this process alive. After a rejection nothing is left running.
 * @throws {ConfigError} for a wrong option, before anything starts.
 * @throws {BinaryNotFoundError} if the named binary cannot run, or if there is no binary and `download` is false.
 * @throws {BinaryDownloadError} if there is no binary and the download fails.
 * @throws {UnsupportedServerVersionError} if the binary or the server has an unsupported release.
 * @throws {ServerStartupError} if the server ends before it is ready, or if its port is taken.
 * @throws {ServerStartupTimeoutError} if the start takes too long (`serverTimeout`).
 * @throws {APIAbortError} if the `signal` aborts before the server is ready.
 */
export async function createOpencodeServer(options: ServerOptions = {}): Promise<OpencodeServer> {
  checkOptions(options, optionNames.server, "createOpencodeServer()", placesOfOptions);
  return launchServer(options);
}
