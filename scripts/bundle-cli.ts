/**
 * Bundles the command into few files: a warm call loads two of them instead of a hundred and thirty, which is most of its
 * time. What a call does not need stays in files of its own. Run after `tsc`; what that made of `src/cli` is replaced.
 */
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outdir = join(root, "dist", "cli");

const shared: BuildOptions = {
  outdir,
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

await rm(outdir, { recursive: true, force: true });
// Twice: in one go the warm path would share its pieces with everything else, and load what only that needs.
await build({ ...shared, entryPoints: [join(root, "src", "cli", "program.ts")] });
await build({ ...shared, entryPoints: [join(root, "src", "cli", "main.ts")], external: ["./program.js"] });
