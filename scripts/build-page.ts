/**
 * Bundles the web page for browsers. The page imports the library as `./client.js`: in the package that is the entry
 * `opencode-ts/client`, which lies in `dist` already.
 */
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build, type Plugin } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "src/web/page");

const forBrowsers: BuildOptions = {
  bundle: true,
  minify: true,
  format: "esm",
  platform: "browser",
  target: ["chrome123", "firefox120", "safari17.5"],
  legalComments: "inline",
  logLevel: "warning",
};

/** The page's own modules leave the library outside. */
const withoutLibrary: Plugin = {
  name: "without-library",
  setup: ({ onResolve }) => {
    onResolve({ filter: /^\.\.\/\.\.\/client\.js$/ }, () => ({ path: "./client.js", external: true }));
  },
};

/** Writes `index.html`, `page.js`, `page.css` and `icon.svg` into a folder. */
export async function buildPage(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await build({
    ...forBrowsers,
    entryPoints: ["main.ts", "page.css"].map((file) => ({ in: join(source, file), out: "page" })),
    outdir: folder,
    plugins: [withoutLibrary],
    tsconfig: join(source, "tsconfig.json"),
  });
  for (const name of ["index.html", "icon.svg"]) await copyFile(join(source, name), join(folder, name));
}

/** Writes the page with the library beside it: what serves it needs no built package. */
export async function buildWholePage(folder: string): Promise<void> {
  await buildPage(folder);
  await build({
    ...forBrowsers,
    entryPoints: [join(root, "src/client.ts")],
    outdir: folder,
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
  });
}
