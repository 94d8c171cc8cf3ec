/**
 * The functions of the package that load their modules with the first call. Importing the package loads what every program needs,
 * and no more.
 */
import type { ResolvedBinary } from "../binary/candidates.js";
import type { InstallBinaryOptions } from "../binary/install-options.js";
import type { BinaryVerdict } from "../binary/list-binaries.js";
import type { ResolveBinaryOptions } from "../binary/resolve.js";
import type { Opencode } from "../opencode.js";
import { approvalsOf, checkApprovalStore } from "../session/approvals/approvals.js";
import type { ApprovalStore, Approvals, OpencodeServer, ServerOptions } from "../types/index.js";
import type { StoredData } from "../types/stored-data.js";
import type { OpencodeOptions } from "./create.js";

/**
 * With `baseUrl`: connects to a running server, checks its health and release, and never ends it. Without: finds the agent's
 * binary and starts a server, which `close()` ends. Rejects also as `createOpencodeServer()`, and as a request of
 * {@link OpencodeClient}.
 * @throws {ConfigError} for a wrong option.
 * @throws {UnsupportedServerVersionError} for a server of an unsupported release.
 */
export async function createOpencode(options?: OpencodeOptions): Promise<Opencode> {
  return (await import("./create.js")).createOpencode(options);
}

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
export async function createOpencodeServer(options?: ServerOptions): Promise<OpencodeServer> {
  return (await import("../server/server.js")).createOpencodeServer(options);
}

/**
 * Finds the first usable agent binary of: the option `binary`, the variable `OPENCODE_BINARY`, `PATH`, the npm package of this
 * platform (from the current directory, from this package, or as a dependency of `opencode-ai`), `~/.opencode/bin`, and
 * with `download: true` a download. A version probe runs each binary once per file, which takes half a second.
 * @throws {BinaryNotFoundError} if there is none (`tried` lists every place), or if the named binary cannot run.
 * @throws {UnsupportedServerVersionError} if the named binary has an unsupported release. Other places are skipped instead.
 * @throws {BinaryDownloadError} if the download fails (`tried` lists the places of the search).
 * @throws {ConfigError} for an empty `binary`.
 * @throws {APIAbortError} if the `signal` aborts. Nothing is left running.
 */
export async function resolveBinary(options?: ResolveBinaryOptions): Promise<ResolvedBinary> {
  return (await import("../binary/resolve.js")).resolveBinary(options);
}

/**
 * Inspects every place of `resolveBinary()`, in the same order, and does not stop at the first usable binary. Downloads nothing.
 * @throws {APIAbortError} if the `signal` aborts.
 * @throws {ConfigError} for a wrong option.
 */
export async function listBinaries(
  options?: Pick<ResolveBinaryOptions, "binary" | "env" | "signal">,
): Promise<readonly BinaryVerdict[]> {
  return (await import("../binary/list-binaries.js")).listBinaries(options);
}

/**
 * Installs a release of the agent, unless it is installed, under a name of its own
 * (`~/.opencode/bin/opencode-1.18.33-linux-x64`). It does not replace an existing `opencode`. The archive must have the SHA-256
 * of the release, and the binary must run and report this release. If several processes install at the same time, one of them
 * downloads. An interrupted download continues at the same byte, also in the next call.
 * @throws {BinaryDownloadError} if the release cannot be downloaded or installed. `reason` has the kind.
 * @throws {ConfigError} for a wrong option.
 * @throws {UnsupportedServerVersionError} for a release that this package does not support.
 * @throws {APIAbortError} if the `signal` aborts.
 */
export async function installBinary(options?: InstallBinaryOptions): Promise<ResolvedBinary> {
  return (await import("../binary/install.js")).installBinary(options);
}

/**
 * The approvals of a store, without a server: for a program that only lists and decides. Without `store`, those of the user's files.
 * @throws {ConfigError} for a value that is no store.
 */
export function openApprovals(store?: ApprovalStore): Approvals {
  checkApprovalStore(store);
  return approvalsOf(async () => store ?? (await import("./approval-files.js")).approvalFiles());
}

/**
 * Measures the agent's stored data. It reads the file system only: no server is necessary, and nothing changes. `home` is the folder
 * of `isolation: { home }`; without it, the user's home is measured.
 * @throws {ConfigError} for a wrong `home`.
 */
export async function measureData(options?: { readonly home?: string | undefined }): Promise<StoredData[]> {
  return (await import("../server/stored-data.js")).measureData(options);
}
