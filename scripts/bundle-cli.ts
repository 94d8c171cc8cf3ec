/**
 * Bundles the command into few files: a warm call loads two of them instead of a hundred and thirty, which is most of its
 * time. What a call does not need stays in files of its own. `tsx scripts/bundle-cli.ts <folder>`, after `tsc`: what that made
 * of `src/cli` is replaced.
 */
import { rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "src", "cli");

const shared: BuildOptions = {
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  packages: "external",
  // The package's own file is found by its place: the pieces lie beside the entry.
  chunkNames: "[name]-[hash]",
  legalComments: "none",
  logLevel: "warning",
};

/** Writes the command into a folder, which must lie two below the package's: files of the package are found from there. */
export async function bundleCommand(outdir: string): Promise<void> {
  await rm(outdir, { recursive: true, force: true });
  // Twice: in one go the warm path would share its pieces with everything else, and load what only that needs.
  await build({ ...shared, outdir, entryPoints: [join(source, "program.ts")] });
  await build({ ...shared, outdir, entryPoints: [join(source, "main.ts")], external: ["./program.js"] });
}

const [, script, folder] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  if (folder === undefined) throw new Error("usage: tsx scripts/bundle-cli.ts <folder>");
  await bundleCommand(resolve(folder));
}
