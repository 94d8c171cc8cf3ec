/** `tsx scripts/clean.ts <path...>`: removes files and folders of this repository, named relative to its root. */
import { rm } from "node:fs/promises";
import { dirname, isAbsolute, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const targets = process.argv.slice(2).map((name) => {
  const path = resolve(root, name);
  const inside = relative(root, path);
  // The root itself, what is above it, and another drive are all "not inside".
  if (inside === "" || inside.split(/[\\/]/)[0] === ".." || isAbsolute(inside)) {
    console.error(`clean: ${name} is not inside ${root}; nothing was removed.`);
    process.exit(1);
  }
  return path;
});

await Promise.all(targets.map((path) => rm(path, { recursive: true, force: true, maxRetries: 3 })));
