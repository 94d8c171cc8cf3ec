/** The page's files. They are read once: a request never reaches the file system. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigError } from "../index.js";

/** One file of the page. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

/** All served files: address, name in the folder, media type. */
const served = [
  ["/", "index.html", "text/html; charset=utf-8"],
  ["/page.js", "page.js", "text/javascript; charset=utf-8"],
  ["/page.css", "page.css", "text/css; charset=utf-8"],
  ["/icon.svg", "icon.svg", "image/svg+xml"],
] as const;

/** Output folder of the page's build. The path holds for a file two folders below the package: in the sources, and in a chunk of the build. */
const builtFolder = fileURLToPath(new URL("../../dist/web/page/", import.meta.url));

/** Reads the page. Throws `ConfigError` if a file is missing. */
export async function readPage(folder: string = builtFolder): Promise<ReadonlyMap<string, PageFile>> {
  const files = served.map(async ([path, name, type]): Promise<[string, PageFile]> => {
    const body = await readFile(join(folder, name)).catch((cause: unknown) => {
      const hint = "In a source checkout, build it with `npm run build`.";
      throw new ConfigError(`the web page is incomplete: ${join(folder, name)} cannot be read`, { cause, hint });
    });
    return [path, { type, body }];
  });
  return new Map(await Promise.all(files));
}
