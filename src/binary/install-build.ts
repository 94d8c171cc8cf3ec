/** From the answer of the releases API to a binary that runs, while nobody else does the same. */
import { BinaryDownloadError } from "../errors/index.js";
import type { ResolvedBinary } from "./candidates.js";
import { assetFor, type ReleaseAsset } from "./download/assets.js";
import { openHttp } from "./download/http.js";
import { acquireLock } from "./download/lock.js";
import { releaseAssets } from "./download/release.js";
import type { InstallPlan } from "./install-options.js";
import { findInstalled } from "./installed.js";
import { type BuildParts, makeBuild } from "./make-build.js";
import { type Platform, packageNames } from "./platform.js";

/** Waits for its turn, and installs if nobody has done it meanwhile. */
export async function installUnderLock(parts: BuildParts): Promise<ResolvedBinary> {
  const { plan, workplace, limits, signal, onLock } = parts;
  const lock = await acquireLock(workplace.lockPath, { limits, logger: plan.logger, signal });
  onLock(lock);
  try {
    const { binary, unsuited } = await findInstalled(plan, parts, signal);
    if (binary !== undefined) return binary;
    await workplace.sweep();
    return await download(parts, unsuited);
  } finally {
    await lock.release();
    onLock(undefined);
    await workplace.removeFolder();
  }
}

async function download(parts: BuildParts, unsuited: ReadonlySet<string>): Promise<ResolvedBinary> {
  const { plan, platform, limits, signal } = parts;
  const { base, authorization, allowUnverified, env } = plan;
  const origin = new URL(base).origin;
  const http = await openHttp({ env, origin, authorization, allowPlain: allowUnverified, idle: limits.idle, signal });
  try {
    const assets = await releaseAssets(plan.version, { http, base, limits, logger: plan.logger, signal });
    const builds = platform === undefined ? [] : packageNames(platform).filter((build) => !unsuited.has(build));
    let refused: BinaryDownloadError | undefined;
    for (const build of builds) {
      const asset = assetFor(build, assets);
      // After one that this CPU could not run only a baseline build makes sense.
      if (asset === undefined || (refused !== undefined && !build.includes("-baseline"))) continue;
      const made = await makeBuild(build, asset, http, parts);
      if (!(made instanceof BinaryDownloadError)) return made;
      plan.logger.debug(made.message);
      refused = made;
    }
    throw refused ?? noAsset(plan, platform, assets);
  } finally {
    await http.close();
  }
}

function noAsset(
  { version }: InstallPlan,
  platform: Platform | undefined,
  assets: readonly ReleaseAsset[],
): BinaryDownloadError {
  const names = assets.map(({ name }) => name);
  const wanted = platform === undefined ? `${process.platform} ${process.arch}` : packageNames(platform).join(" or ");
  const list = names.length === 0 ? "It has no files." : `It has:\n${names.map((name) => `  ${name}`).join("\n")}`;
  return new BinaryDownloadError(`Release ${version} of opencode has nothing for ${wanted}. ${list}`, {
    reason: "no-asset",
    assets: names,
  });
}
