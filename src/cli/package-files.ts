/** Files of the package. Their path is relative to the chunk of the build that has this module: `dist/chunks/…`. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Folder of the built web page. */
export const builtPage: string = fileURLToPath(new URL("../web/page/", import.meta.url));

/** The package's version. */
export function packageVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(text) as { version: string }; // our own file
  return version;
}
