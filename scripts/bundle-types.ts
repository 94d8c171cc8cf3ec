/**
 * Rolls the declarations that `tsc` wrote up into one file per public entry and the chunks that entries share: a consumer's
 * compiler opens seven files instead of ninety. `tsx scripts/bundle-types.ts <declarations> <folder>`.
 */
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Plugin, rollup } from "@rollup/wasm-node";
import { dts } from "rollup-plugin-dts";

/** The public entries. Files that no entry reaches, the command's and the page's, are not shipped. */
const entries = ["index", "client", "kept", "testing/index"];

/** Writes the declarations of the public entries into a folder, from those that `tsc` wrote into another. */
export async function bundleTypes(declarations: string, outdir: string): Promise<void> {
  const bundle = await rollup({
    input: Object.fromEntries(entries.map((entry) => [entry, join(declarations, `${entry}.d.ts`)])),
    external: (id) => /^[^./]/.test(id),
    plugins: [dts(), tidy(declarations)],
    onLog(_level, { message }) {
      // The bases of public interfaces have no name of their own in the entries (`LoggerOptions`): so it is meant.
      if (!message.includes("no public re-export")) throw new Error(message);
    },
  });
  try {
    await bundle.write({
      dir: outdir,
      format: "es",
      entryFileNames: "[name].d.ts",
      chunkFileNames: ({ name }) => `types/${name.replace(/\.d$/, "")}.d.ts`,
      // Names stay as they are: they are shown in messages and editors.
      minifyInternalExports: false,
      manualChunks: (id) => (id.startsWith(join(declarations, "generated")) ? "schema" : undefined),
    });
  } finally {
    await bundle.close();
  }
}

/** Gives an entry its references to libraries back, and leaves out bytes that say nothing. */
function tidy(declarations: string): Plugin {
  return {
    name: "tidy",
    async renderChunk(code, { isEntry, name }) {
      const references = isEntry ? await libraries(join(declarations, `${name}.d.ts`)) : [];
      const text = code
        // The comment of a source file stands before that of its first declaration.
        .replace(/^\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*(?=\/\*\*)/gm, "")
        .replace(/^(?: {4})+/gm, (indent) => "\t".repeat(indent.length / 4));
      return [...references, text].join("\n");
    },
  };
}

/** `/// <reference lib="…" preserve="true" />`, which a roll-up drops. */
async function libraries(file: string): Promise<string[]> {
  return (await readFile(file, "utf8")).match(/^\/\/\/ <reference lib=.*$/gm) ?? [];
}

const [, script, declarations, folder] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  if (declarations === undefined || folder === undefined) {
    throw new Error("usage: tsx scripts/bundle-types.ts <declarations> <folder>");
  }
  await bundleTypes(resolve(declarations), resolve(folder));
}
