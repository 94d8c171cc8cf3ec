/**
 * Files of the package. Their path is relative to this file: two folders below the package, in the sources as in the
 * built command, which is bundled into pieces beside `main.js`.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Folder of the built web page. */
export const builtPage: string = fileURLToPath(new URL("../../dist/web/page/", import.meta.url));

/** The package's version. */
export function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(text) as { version: string }; // our own file
  return version;
}
