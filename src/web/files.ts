/** The page's files. They are read once: a request never reaches the file system. */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { ConfigError } from "../index.js";

/** One file of the page. */
export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

/** The page's own files: address, name in the folder, media type. */
const served = [
  ["/", "index.html", "text/html; charset=utf-8"],
  ["/page.js", "page.js", "text/javascript; charset=utf-8"],
  ["/page.css", "page.css", "text/css; charset=utf-8"],
  ["/icon.svg", "icon.svg", "image/svg+xml"],
] as const;

/** The library, as the page imports it. */
const library = "client.js";

/** Reads the page and the library. Throws `ConfigError` if a file is missing. */
export async function readPage(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const files = served.map(async ([path, name, type]): Promise<[string, PageFile]> => {
    return [path, { type, body: await read(folder, name) }];
  });
  // In the package the library lies two folders above the page.
  const libraryFolder = existsSync(join(folder, library)) ? folder : join(folder, "../..");
  return new Map([...(await Promise.all(files)), ...(await readModules(libraryFolder))]);
}

/** The library's entry, and the modules that it imports at once or later. */
async function readModules(folder: string): Promise<ReadonlyMap<string, PageFile>> {
  const found = new Map<string, PageFile>();
  const names = new Set([library]);
  for (const name of names) {
    const body = await read(folder, name);
    found.set(`/${name}`, { type: "text/javascript; charset=utf-8", body });
    for (const [, imported = ""] of body
      .toString()
      .matchAll(/(?:\bfrom|\bimport\(?)\s*["'](\.\.?\/[\w./-]+\.js)["']/g)) {
      names.add(posix.join(posix.dirname(name), imported));
    }
  }
  return found;
}

async function read(folder: string, name: string): Promise<Buffer> {
  return readFile(join(folder, name)).catch((cause: unknown) => {
    const hint = "In a source checkout, build it with `npm run build`.";
    throw new ConfigError(`the web page is incomplete: ${join(folder, name)} cannot be read`, { cause, hint });
  });
}
