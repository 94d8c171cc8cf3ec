/** Bundles the web page for browsers: `tsx scripts/build-page.ts <folder>`. Nothing else of `src/web/page` is shipped. */
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "src/web/page");

/** Writes `index.html`, `page.js`, `page.css` and `icon.svg` into a folder. */
export async function buildPage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await build({
    entryPoints: ["main.ts", "page.css"].map((file) => ({ in: join(source, file), out: "page" })),
    outdir: folder,
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: ["chrome123", "firefox120", "safari17.5"],
    legalComments: "inline",
    logLevel: "warning",
    tsconfig: join(source, "tsconfig.json"),
  });
  for (const name of ["index.html", "icon.svg"]) await copyFile(join(source, name), join(folder, name));
}

const [, script, folder] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  if (folder === undefined) throw new Error("usage: tsx scripts/build-page.ts <folder>");
  await buildPage(resolve(folder));
}
