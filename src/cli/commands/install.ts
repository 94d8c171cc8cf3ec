/** `opencode-ts install`: an adapter to the package's download of the agent, as far as this build has one. */
import * as api from "../../index.js";
import { UsageError } from "../failures.js";
import { guarded } from "../guarded.js";

/** What is needed of `installBinary`. */
type Install = (options: {
  readonly version?: string | undefined;
  readonly onProgress?: (progress: unknown) => void;
  readonly signal?: AbortSignal;
}) => Promise<{ readonly path: string; readonly version: string }>;

/** Downloads the agent and says where it is. Resolves to the exit code. */
export function install(version: string | undefined, { json }: { readonly json?: boolean }): Promise<number> {
  return guarded(async (signal) => {
    const known: unknown = Reflect.get(api, "installBinary");
    if (typeof known !== "function") {
      throw new UsageError("this version cannot download the agent: install the npm package opencode-ai");
    }
    const installBinary = known as Install; // its contract
    const { progress } = await import("@clack/prompts");
    const bar =
      process.stderr.isTTY === true && json !== true ? progress({ max: 100, output: process.stderr }) : undefined;
    bar?.start("downloading the agent");
    let shown = 0;
    const onProgress = (state: unknown): void => {
      const percent = percentOf(state);
      if (bar === undefined || percent <= shown) return;
      bar.advance(percent - shown);
      shown = percent;
    };
    try {
      const found = await installBinary({ version, onProgress, signal });
      bar?.stop(`opencode ${found.version}`);
      process.stdout.write(json === true ? `${JSON.stringify(found)}\n` : `${found.path}\n`);
    } catch (error) {
      bar?.error("the download failed");
      throw error;
    }
  });
}

function percentOf(state: unknown): number {
  if (typeof state !== "object" || state === null) return 0;
  const part: unknown = Reflect.get(state, "received") ?? Reflect.get(state, "bytes");
  const total: unknown = Reflect.get(state, "total");
  return typeof part === "number" && typeof total === "number" && total > 0 ? Math.floor((part / total) * 100) : 0;
}
