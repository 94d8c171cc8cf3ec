/** `opencode-ts install`. */
import { installBinary } from "../../index.js";
import { withDownloadLine } from "../download-progress.js";
import { guarded } from "../run-command.js";
import { createTerminal } from "../terminal.js";

/** Downloads the agent and prints its path. Resolves to the exit code. */
export function install(version: string | undefined, { json }: { readonly json?: boolean }): Promise<number> {
  return guarded(async (signal) => {
    const terminal = createTerminal(signal);
    const found =
      json === true
        ? await installBinary({ version, signal })
        : await withDownloadLine(terminal, (onProgress) => installBinary({ version, onProgress, signal }));
    await terminal.text(json === true ? `${JSON.stringify(found)}\n` : `${found.path}\n`);
  });
}
