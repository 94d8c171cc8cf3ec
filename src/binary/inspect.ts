/** What is at a path: an agent of which release, or why it will not do. */
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import type { Environment } from "../process/unsafe-environment.js";
import { binaryVersion } from "./binary-version.js";
import { launcherBehind, packagedBinaries } from "./npm-package.js";
import type { Platform } from "./platform.js";

/** What every step of a search needs. */
export interface Search {
  readonly env: Environment;
  readonly platform: Platform | undefined;
  readonly signal: AbortSignal | undefined;
  /** Told when a binary that is asked for its version shows that it is at work. */
  readonly onLife?: (() => void) | undefined;
  /** A binary that has shown that it does not run here. */
  readonly avoid: string | undefined;
}

/** A binary that answers, of any release, or why there is none. */
export type Inspected =
  | { readonly path: string; readonly version: string; readonly reason?: undefined }
  | { readonly reason: string };

/** What is at `path`. Rejects only when the search is aborted. */
export async function inspect(path: string, context: Search): Promise<Inspected> {
  const problem = await fileProblem(path);
  if (problem !== undefined) return { reason: problem };
  if (path === context.avoid)
    return { reason: "it ended by SIGILL when it was started: this CPU needs a -baseline build" };
  try {
    const launcher = await launcherBehind(path);
    if (launcher !== undefined) return await inspectLauncher(launcher, context);
    if (/\.(cmd|bat|ps1)$/i.test(path)) return { reason: "a script of the command line, which only a shell can start" };
    return withVersion(path, await binaryVersion(path, context));
  } catch (error) {
    context.signal?.throwIfAborted();
    return { reason: unreadable(error) }; // gone or replaced meanwhile, or executable but not readable
  }
}

/** The script of `opencode-ai` gives way to the binary it would start. */
async function inspectLauncher(launcher: string, context: Search): Promise<Inspected> {
  const { platform, avoid } = context;
  const reasons: string[] = [];
  for (const binary of platform === undefined ? [] : packagedBinaries(launcher, platform)) {
    const found = (await fileProblem(binary)) ?? withVersion(binary, await binaryVersion(binary, context));
    if (typeof found !== "string" && found.reason === undefined && binary !== avoid) return found;
    reasons.push(`${binary}: ${typeof found === "string" ? found : (found.reason ?? "it ended by SIGILL")}`);
  }
  const why = reasons.length > 0 ? reasons.join("; ") : "the npm package of this platform is not installed beside it";
  return { reason: `the script of opencode-ai, without a binary to start (${why})` };
}

function withVersion(path: string, answer: Awaited<ReturnType<typeof binaryVersion>>): Inspected {
  return answer.version === undefined ? { reason: answer.reason } : { path, version: answer.version };
}

async function fileProblem(path: string): Promise<string | undefined> {
  try {
    const file = await stat(path);
    if (!file.isFile()) return file.isDirectory() ? "a directory" : "not a regular file";
    await access(path, constants.X_OK);
    return undefined;
  } catch (error) {
    return unreadable(error);
  }
}

function unreadable(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") return "no such file";
  return code === "EACCES" ? "not executable, or not readable" : `not readable (${String(code ?? error)})`;
}
