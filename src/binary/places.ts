/** Where an agent binary may be, in the order in which it is looked for. */
import { readdir } from "node:fs/promises";
import { delimiter, isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Environment } from "./environment.js";
import { packagedBinaries } from "./npm-package.js";
import { executableName, type Platform } from "./platform.js";
import { homeFolder } from "./state-folder.js";
import { compareVersions } from "./version.js";

/** How a binary was found. */
export type BinarySource = "option" | "OPENCODE_BINARY" | "PATH" | "npm" | "download";

/** A file that may be a binary, or a place where there is none and why. */
export type Place =
  | { readonly source: BinarySource; readonly path: string; readonly reason?: undefined }
  | { readonly source: BinarySource; readonly path?: undefined; readonly reason: string };

/** Places where nobody named a binary: PATH, npm packages, the download folder. Looked up one after the other. */
export async function* places(env: Environment, platform: Platform | undefined): AsyncGenerator<Place> {
  const onPath = pathFiles(env);
  for (const path of onPath) yield { source: "PATH", path };
  if (onPath.length === 0) yield { source: "PATH", reason: "the variable PATH names no absolute folder" };
  if (platform === undefined) {
    yield { source: "npm", reason: `no package for ${process.platform} ${process.arch}` };
  } else {
    yield* inPackages(platform);
  }
  yield* inDownloads(join(homeFolder(env), ".opencode", "bin"), executableName(platform?.os ?? "linux"));
}

/** Relative entries of PATH are left out: what they mean depends on the folder, and the folder may be anyone's. */
function pathFiles(env: Environment): string[] {
  const names = process.platform === "win32" ? ["opencode.exe", "opencode.cmd"] : ["opencode"];
  const value = env["PATH"] ?? env["Path"] ?? "";
  const folders = value.split(delimiter).map((folder) => folder.replace(/^"(.*)"$/, "$1"));
  return [...new Set(folders)].filter(isAbsolute).flatMap((folder) => names.map((name) => join(folder, name)));
}

function* inPackages(platform: Platform): Generator<Place> {
  // The first is "from the current folder": any file name in it does.
  const bases = [join(process.cwd(), "package.json"), fileURLToPath(import.meta.url)];
  const found = new Set(bases.flatMap((base) => packagedBinaries(base, platform)));
  for (const path of found) yield { source: "npm", path };
  if (found.size === 0) {
    yield {
      source: "npm",
      reason: `neither opencode-ai nor a package for this platform is installed at ${process.cwd()}`,
    };
  }
}

/** `opencode` is the official installer's; `opencode-<version>` may stand beside it, the newest is taken first. */
async function* inDownloads(folder: string, name: string): AsyncGenerator<Place> {
  yield { source: "download", path: join(folder, name) };
  const files = await readdir(folder).catch(() => []); // mostly there is no such folder
  const versioned = files.flatMap((file) => {
    const version = /^opencode-(\d+\.\d+\.\d+[\w.-]*?)(?:\.exe)?$/.exec(file)?.[1];
    return version === undefined ? [] : [{ file, version }];
  });
  versioned.sort((a, b) => compareVersions(b.version, a.version));
  for (const { file } of versioned) yield { source: "download", path: join(folder, file) };
}
