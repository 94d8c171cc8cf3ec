/** Finds the agent inside installed npm packages: `opencode-<os>-<arch>…`, which `opencode-ai` depends on. */
import { readFile, realpath, stat } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join, resolve } from "node:path";
import { stringProperty } from "../util/json.js";
import { isScript } from "./binary-version.js";
import { executableName, type Platform, packageNames } from "./platform.js";

/** The package whose `bin/opencode` is a Node script that starts the real binary of a platform package. */
const launcher = "opencode-ai";

/**
 * Binaries of installed platform packages, best first: those that a module at `from` (a file path) would import, and
 * those that `opencode-ai`, as seen from there, depends on. The files need not exist.
 */
export function packagedBinaries(from: string, platform: Platform): readonly string[] {
  const names = packageNames(platform);
  const through = manifest(launcher, from);
  const bases = through === undefined ? [from] : [from, through];
  const found = names.flatMap((name) => bases.map((base) => manifest(name, base)));
  const file = executableName(platform.os);
  return [...new Set(found.filter((path) => path !== undefined).map((path) => join(dirname(path), "bin", file)))];
}

function manifest(name: string, from: string): string | undefined {
  try {
    return createRequire(from).resolve(`${name}/package.json`);
  } catch {
    return undefined; // not installed there
  }
}

/**
 * The script of `opencode-ai` that is behind `path`, if there is one: `path` is that script, a link to it, or a wrapper
 * that a package manager made for it (`opencode.cmd`, a shell script of pnpm). A wrapper is not what we want to start:
 * killing it leaves the agent running, and Windows starts `.cmd` files through a shell only.
 */
export async function launcherBehind(path: string): Promise<string | undefined> {
  const target = (await wrapperTarget(path)) ?? path;
  const real = await realpath(target).catch(() => undefined);
  if (real === undefined || !(await isScript(real))) return undefined;
  // <package>/bin/opencode
  const folder = dirname(dirname(real));
  return (await packageName(folder)) === launcher ? real : undefined;
}

async function wrapperTarget(path: string): Promise<string | undefined> {
  if (basename(path).endsWith(".exe") || (await stat(path)).size > 16_384) return undefined;
  const target = launcherInWrapper(await readFile(path, "utf8"));
  return target === undefined ? undefined : resolve(dirname(path), target);
}

/** The path, relative to the wrapper, of the script of `opencode-ai` that a package manager's wrapper starts. Pure. */
export function launcherInWrapper(text: string): string | undefined {
  // npm and yarn write "%dp0%\…", pnpm "%~dp0\…", and both "$basedir/…" in their shell scripts.
  const match = /["'](?:\$basedir|%~?dp0%?)[\\/]+([^"'\r\n]*opencode-ai[\\/][^"'\r\n]*)["']/.exec(text);
  return match?.[1]?.replaceAll("\\", "/");
}

async function packageName(folder: string): Promise<string | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    return stringProperty(content, "name");
  } catch {
    return undefined; // no package there
  }
}
