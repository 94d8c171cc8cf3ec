/**
 * The programs of the tests as JavaScript. A process that reads the sources needs four times the work of one that reads
 * these until it begins.
 */
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const programs = "test/support/programs";

/** Compiles the programs, and tells those who start one where they are. */
export async function compilePrograms(folder: string): Promise<void> {
  const names = (await readdir(join(repository, programs))).filter((name) => name.endsWith(".ts"));
  const sources = [
    ...names.map((name) => join(programs, name)),
    "test/support/stand-in-2x/main.ts",
    "src/node/notice-sender.ts", // a supervisor's, found beside the code of the package
  ];
  const entryPoints = sources.map((path) => join(repository, path));
  await compile({ outdir: folder, outbase: repository, entryPoints, chunkNames: "src/chunks/[hash]" });
  process.env["OPENCODE_TEST_PROGRAMS"] = folder;
}

/** Compiles TypeScript for the Node of the tests. */
export async function compile(options: BuildOptions): Promise<void> {
  await build({
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    packages: "external",
    logLevel: "warning",
    ...options,
  });
}
