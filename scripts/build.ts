/** Builds the package: `tsx scripts/build.ts`. Everything that users get beside texts lies in `dist`. */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPage } from "./build-page.js";
import { bundle } from "./bundle.js";
import { bundleTypes } from "./bundle-types.js";
import { notices } from "./notices.js";
import { run } from "./run.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, "dist");
const declarations = join(root, ".build", "declarations");

async function buildTypes(): Promise<void> {
  await rm(declarations, { recursive: true, force: true });
  await run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"], {
    cwd: root,
  });
  await bundleTypes(declarations, dist);
}

await rm(dist, { recursive: true, force: true, maxRetries: 3 });
await mkdir(dist);
const [files] = await Promise.all([bundle(dist), buildTypes(), buildPage(join(dist, "web", "page"))]);
await writeFile(
  join(dist, "third-party-licenses.txt"),
  await notices(files.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []))),
);
