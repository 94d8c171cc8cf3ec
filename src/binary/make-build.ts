/** One build of a release: downloaded, verified, unpacked, tried, and put in its place. */
import { join } from "node:path";
import { BinaryDownloadError } from "../errors/index.js";
import { noteVersion } from "./binary-version.js";
import type { ResolvedBinary } from "./candidates.js";
import type { ReleaseAsset } from "./download/assets.js";
import { unpack } from "./download/extract.js";
import { fetchAsset } from "./download/fetch-asset.js";
import type { Http } from "./download/http.js";
import type { DownloadLimits } from "./download/limits.js";
import type { Lock } from "./download/lock.js";
import { progressMeter } from "./download/progress.js";
import { isTransientDownload } from "./download/retry.js";
import type { StagingFolder } from "./download/staging.js";
import type { InstallPlan } from "./install-options.js";
import { executableName, installedName, type Platform } from "./platform.js";
import { probeVersion, type VersionAnswer } from "./probe-version.js";

export interface BuildParts {
  readonly plan: InstallPlan;
  readonly platform: Platform | undefined;
  readonly limits: DownloadLimits;
  /** A binary that has shown that this CPU cannot run it. */
  readonly avoid?: string | undefined;
  readonly workplace: StagingFolder;
  readonly signal: AbortSignal;
  /** Told of the lock while it is held. */
  readonly onLock: (lock: Lock | undefined) => void;
}

/** Resolves to the binary, or to the error when it dies of SIGILL: another build may do. */
export async function makeBuild(
  build: string,
  asset: ReleaseAsset,
  http: Http,
  { plan, limits, workplace, signal }: BuildParts,
): Promise<ResolvedBinary | BinaryDownloadError> {
  const { version, onProgress, logger, env } = plan;
  if (asset.sha256 === undefined) acceptWithoutDigest(asset, plan);
  logger.info(`downloading opencode ${version} (${asset.name}) into ${plan.directory}`);
  try {
    const key = asset.sha256 === undefined ? undefined : `${asset.name}-${asset.sha256.slice(0, 16)}`;
    const archive = await workplace.openPart(key);
    const meter = progressMeter({ version, total: asset.size, onProgress, logger });
    await fetchAsset({ http, asset, path: archive, meter, limits, logger, signal });
    const wanted = executableName(build.startsWith("opencode-windows-") ? "windows" : "linux");
    const unpacked = await workplace.openUnpacked(wanted.slice("opencode".length));
    await unpack({ archive, name: asset.name, wanted, path: unpacked, limits, signal });
    const answer = await probeVersion(unpacked, { env, privateHome: true, timeout: limits.probe, signal });
    signal.throwIfAborted();
    const problem = problemOf(answer, asset, version);
    if (problem !== undefined && answer.needsBaseline !== true) throw problem;
    if (problem !== undefined) return problem;
    const path = join(plan.directory, installedName(build, version));
    await workplace.publish(path);
    await noteVersion(path, version, env);
    logger.debug(`installed opencode ${version} at ${path}`);
    return { path, version, source: "download" };
  } catch (error) {
    if (signal.aborted || mayGoOn(error)) await workplace.keepPart();
    throw error;
  } finally {
    await workplace.clean();
  }
}

/** True when what is here may be right, and another call may get the rest. */
function mayGoOn(error: unknown): boolean {
  if (!(error instanceof BinaryDownloadError)) return false;
  return isTransientDownload(error) || ["http", "rate-limit", "insecure", "invalid-answer"].includes(error.reason);
}

function acceptWithoutDigest(asset: ReleaseAsset, { allowUnverified, logger }: InstallPlan): void {
  if (!allowUnverified) {
    throw new BinaryDownloadError(`The release names no SHA-256 of ${asset.name}: nothing was downloaded.`, {
      reason: "no-digest",
      hint: "Take a newer release, or accept the file as it comes: allowUnverified: true.",
    });
  }
  logger.warn(`${asset.name} is not verified: the release names no SHA-256 of it`);
}

function problemOf(answer: VersionAnswer, asset: ReleaseAsset, version: string): BinaryDownloadError | undefined {
  if (answer.version === version) return undefined;
  if (answer.version !== undefined) {
    return new BinaryDownloadError(`The binary in ${asset.name} says that it is ${answer.version}, not ${version}.`, {
      reason: "wrong-version",
    });
  }
  return new BinaryDownloadError(`The binary in ${asset.name} does not run here: ${answer.reason}.`, {
    reason: "not-executable",
    hint: "Is the folder on a file system that forbids programs (noexec)? Name another one with the option `directory`.",
  });
}
