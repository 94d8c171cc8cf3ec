/** `installBinary`: brings a release of the agent into the download folder. */
import { APIAbortError, BinaryDownloadError } from "../errors/index.js";
import { endAtExit } from "../process/on-exit.js";
import { linkSignals } from "../util/abort.js";
import type { ResolvedBinary } from "./candidates.js";
import { detectPlatform } from "./detect-platform.js";
import { storageFailure } from "./download/disk-error.js";
import { type DownloadLimits, downloadLimits } from "./download/limits.js";
import { StagingFolder } from "./download/staging.js";
import { installUnderLock } from "./install-build.js";
import { type InstallBinaryOptions, type InstallPlan, planInstall } from "./install-options.js";
import { findInstalled } from "./installed.js";
import type { Platform } from "./platform.js";

/** `installBinary()` of the package. */
export async function installBinary(options: InstallBinaryOptions = {}): Promise<ResolvedBinary> {
  return install(options, { platform: detectPlatform(), limits: downloadLimits });
}

/** What is given where it runs. */
export interface InstallSetting {
  /** `undefined`: there is no build of the agent for this machine. */
  readonly platform: Platform | undefined;
  readonly limits: DownloadLimits;
  /** A binary that has shown that this CPU cannot run it. */
  readonly avoid?: string | undefined;
}

/** As {@link installBinary}, for a platform and within limits that are given. */
export async function install(options: InstallBinaryOptions, setting: InstallSetting): Promise<ResolvedBinary> {
  const plan = planInstall(options);
  const stop = linkSignals(options.signal);
  const workplace = new StagingFolder(plan.directory, plan.version);
  let lock: { releaseNow(): void } | undefined;
  const work = run(plan, setting, workplace, stop.signal, (held) => {
    lock = held;
  });
  const late = tooLate(plan);
  const timer = setTimeout(() => stop.abort(late), plan.timeout);
  const release = endAtExit({
    kill: () => {
      workplace.abandonNow();
      lock?.releaseNow();
    },
    close: async () => {
      stop.abort(new Error("This process was told to end."));
      await work.catch(() => {}); // told to the caller
    },
  });
  try {
    return await work;
  } catch (error) {
    if (stop.signal.reason === late) throw late;
    if (stop.signal.aborted) {
      throw new APIAbortError("The installation of the agent binary was aborted.", { cause: stop.signal.reason });
    }
    throw storageFailure(error, plan.directory) ?? error;
  } finally {
    clearTimeout(timer);
    stop.release();
    release();
  }
}

async function run(
  plan: InstallPlan,
  setting: InstallSetting,
  workplace: StagingFolder,
  signal: AbortSignal,
  onLock: (lock: { releaseNow(): void } | undefined) => void,
): Promise<ResolvedBinary> {
  signal.throwIfAborted();
  const { binary } = await findInstalled(plan, setting, signal);
  if (binary !== undefined) return binary;
  if (plan.offline) throw offline(plan);
  return installUnderLock({ ...setting, plan, workplace, signal, onLock });
}

function offline({ version, directory }: InstallPlan): BinaryDownloadError {
  return new BinaryDownloadError(`opencode ${version} is not installed in ${directory}, and offline: true is set.`, {
    reason: "offline",
    hint: "Call installBinary() while there is a connection.",
  });
}

function tooLate({ version, timeout }: InstallPlan): BinaryDownloadError {
  return new BinaryDownloadError(`opencode ${version} was not installed within ${timeout} ms.`, {
    reason: "timeout",
    hint: "What was downloaded is kept: the next call goes on from there. A slow line may need a larger `timeout`.",
  });
}
