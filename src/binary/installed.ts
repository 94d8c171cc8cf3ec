/** Looks for a release that was installed before. */
import { access } from "node:fs/promises";
import { join } from "node:path";
import { binaryVersion } from "./binary-version.js";
import type { ResolvedBinary } from "./candidates.js";
import type { InstallPlan } from "./install-options.js";
import { installedName, type Platform, packageNames } from "./platform.js";

/** What is there already. */
export interface Installed {
  /** One that runs and is of the wanted release. */
  readonly binary: ResolvedBinary | undefined;
  /** Builds that are there and that this CPU cannot run: a home may be shared by machines. */
  readonly unsuited: ReadonlySet<string>;
}

/** Looks at the builds of this release in the folder, best first. What does not run is passed over. */
export async function findInstalled(
  { version, directory, env, logger }: InstallPlan,
  { platform, avoid }: { readonly platform: Platform | undefined; readonly avoid?: string | undefined },
  signal: AbortSignal,
): Promise<Installed> {
  const unsuited = new Set<string>();
  for (const build of platform === undefined ? [] : packageNames(platform)) {
    const path = join(directory, installedName(build, version));
    if (!(await exists(path))) continue;
    if (path === avoid) {
      unsuited.add(build);
      continue;
    }
    const answer = await binaryVersion(path, { env, signal });
    if (answer.version === version) return { binary: { path, version, source: "download" }, unsuited };
    logger.debug(`passing over ${path}: ${answer.reason ?? `it is ${answer.version}`}`);
    if (answer.needsBaseline === true) unsuited.add(build);
  }
  return { binary: undefined, unsuited };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
