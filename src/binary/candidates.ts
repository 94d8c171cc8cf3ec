/** Where an agent binary may be, in the order in which it is looked for. */
import { readdir } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { downloadFolder } from "../process/state-folder.js";
import type { Environment } from "../process/unsafe-environment.js";
import { packagedBinaries } from "./npm-package.js";
import { executableName, type Platform, packageNames, parseInstalledName } from "./platform.js";
import { compareVersions } from "./version.js";

/** Where a binary was found: an option, a variable, `PATH`, an npm package, or the download folder. */
export type BinarySource = "option" | "OPENCODE_BINARY" | "PATH" | "npm" | "download";

/** A usable agent binary. */
export interface ResolvedBinary {
  /** Absolute path. Symbolic links are not resolved, because some version managers depend on the name they are called by. */
  readonly path: string;
  /** The release that the binary reports, for example `"1.18.33"`. */
  readonly version: string;
  /** Where the binary was found. */
  readonly source: BinarySource;
}

/** A file that may be a binary, or a place where there is none and why. */
export type Candidate =
  | { readonly source: BinarySource; readonly path: string; readonly reason?: undefined }
  | { readonly source: BinarySource; readonly path?: undefined; readonly reason: string };

/** Places where nobody named a binary: PATH, npm packages, the download folder. Looked up one after the other. */
export async function* candidates(env: Environment, platform: Platform | undefined): AsyncGenerator<Candidate> {
  const onPath = pathFiles(env);
  for (const path of onPath) yield { source: "PATH", path };
  if (onPath.length === 0) yield { source: "PATH", reason: "the variable PATH names no absolute folder" };
  if (platform === undefined) {
    yield { source: "npm", reason: `no package for ${process.platform} ${process.arch}` };
  } else {
    yield* inPackages(platform);
  }
  yield* inDownloads(downloadFolder(env), platform);
}

/** Relative entries of PATH are left out: what they mean depends on the folder, and the folder may be anyone's. */
function pathFiles(env: Environment): string[] {
  const names = process.platform === "win32" ? ["opencode.exe", "opencode.cmd"] : ["opencode"];
  const value = env["PATH"] ?? env["Path"] ?? "";
  const folders = value.split(delimiter).map((folder) => folder.replace(/^"(.*)"$/, "$1"));
  return [...new Set(folders)].filter(isAbsolute).flatMap((folder) => names.map((name) => join(folder, name)));
}

function* inPackages(platform: Platform): Generator<Candidate> {
  // The first is "from the current folder": any file name in it does.
  const own: unknown = import.meta.url; // a bundle in CommonJS has none
  const bases = [join(process.cwd(), "package.json"), ...(typeof own === "string" ? [fileURLToPath(own)] : [])];
  const found = new Set(bases.flatMap((base) => packagedBinaries(base, platform)));
  for (const path of found) yield { source: "npm", path };
  if (found.size === 0) {
    yield {
      source: "npm",
      reason: `neither opencode-ai nor a package for this platform is installed at ${process.cwd()}`,
    };
  }
}

/**
 * `opencode` is the official installer's; those with a release in their name may stand beside it, the newest is taken
 * first. Builds for other platforms are of other machines that share the home.
 */
async function* inDownloads(folder: string, platform: Platform | undefined): AsyncGenerator<Candidate> {
  yield { source: "download", path: join(folder, executableName(platform?.os ?? "linux")) };
  const files = await readdir(folder).catch(() => []); // mostly there is no such folder
  const builds: readonly string[] = platform === undefined ? [] : packageNames(platform);
  const versioned = files.flatMap((file) => {
    const parsed = parseInstalledName(file);
    if (parsed === undefined) return [];
    const rank = parsed.build === undefined ? builds.length : builds.indexOf(parsed.build);
    return [{ file, version: parsed.version, rank }];
  });
  versioned.sort((a, b) => compareVersions(b.version, a.version) || a.rank - b.rank);
  for (const { file, rank } of versioned) {
    const path = join(folder, file);
    if (rank >= 0) yield { source: "download", path };
    else yield { source: "download", reason: `${path}: a build for another platform` };
  }
}
