/** What a refusal of the file system means. Pure. */
import { BinaryDownloadError } from "../../errors/index.js";
import { isRecord } from "../../util/json.js";

const full: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

/** The error for one of the file system's; `undefined` for any other. `folder` is where the binary should have gone. */
export function storageFailure(error: unknown, folder: string): BinaryDownloadError | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return undefined;
  const isFull = full.has(error.code);
  const path = isRecord(error) && typeof error["path"] === "string" ? error["path"] : folder;
  return new BinaryDownloadError(
    isFull
      ? `There is not enough room in ${folder} (${String(error.code)}).`
      : `${path} cannot be written (${String(error.code)}).`,
    {
      reason: isFull ? "disk-full" : "not-writable",
      cause: error,
      hint: isFull
        ? "An installation needs about 250 MB while it runs, and 185 MB afterwards."
        : "Name another folder with the option `directory`, or install the agent yourself: npm install opencode-ai.",
    },
  );
}
