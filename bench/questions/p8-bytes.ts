/** P8: the bytes of the installed package with all its runtime dependencies. Counted once: nothing here depends on the machine. */
import { existsSync } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { npm } from "../../scripts/run.js";
import { root } from "../machine.js";
import type { Question } from "../question.js";
import { spreadOf } from "../statistics.js";

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Folders of all packages that an installed package needs at run time, itself not included. */
async function closureOf(folder: string, found: Set<string> = new Set()): Promise<Set<string>> {
  const manifest: Manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const optional = Object.keys(manifest.optionalDependencies ?? {});
  for (const name of [...Object.keys(manifest.dependencies ?? {}), ...optional]) {
    const dependency = locate(name, folder);
    if (dependency === undefined && optional.includes(name)) continue; // of another platform
    if (dependency === undefined) throw new Error(`${name} is not installed`);
    if (found.has(dependency)) continue;
    found.add(dependency);
    await closureOf(dependency, found);
  }
  return found;
}

/** As Node looks: beside the package, then further up. */
function locate(name: string, from: string): string | undefined {
  const here = join(from, "node_modules", name);
  if (existsSync(join(here, "package.json"))) return here;
  return dirname(from) === from ? undefined : locate(name, dirname(from));
}

/** Bytes of all files of a package, without packages inside of it. */
async function bytesOf(folder: string): Promise<number> {
  let sum = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile()) sum += (await stat(path)).size;
    else if (entry.isDirectory() && entry.name !== "node_modules") sum += await bytesOf(path);
  }
  return sum;
}

async function closureBytes(folder: string, report: (line: string) => void): Promise<number> {
  let sum = 0;
  for (const dependency of await closureOf(folder)) {
    const bytes = await bytesOf(dependency);
    sum += bytes;
    report(`${dependency.split("node_modules/").at(-1)}: ${kilobytes(bytes)}`);
  }
  return sum;
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(0)} KiB`;
}

export const installed: Question = {
  name: "P8",
  title: "installed bytes of the package and its dependencies",
  async run({ report }) {
    const packed = JSON.parse(await npm(["pack", "--dry-run", "--json", "--ignore-scripts"], root));
    const own: number = packed[0].unpackedSize;
    report(`ours: ${kilobytes(own)}`);
    const ours = own + (await closureBytes(root, report));
    const sdk = join(root, "node_modules", "@opencode-ai", "sdk");
    const official = (await bytesOf(sdk)) + (await closureBytes(sdk, () => {}));
    report(`ours with dependencies ${kilobytes(ours)}, official ${kilobytes(official)}`);
    const value = spreadOf([ours / official]);
    return { findings: [{ label: "installed bytes ÷ official", value, goal: 2.5, before: 12.7 }] };
  },
};
