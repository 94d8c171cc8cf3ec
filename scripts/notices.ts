/** The licenses of the libraries that are compiled in. */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The text for the package, from the modules that were bundled. Throws for a library without a license file. */
export async function notices(modules: readonly string[]): Promise<string> {
  const folders = new Set(
    modules.flatMap((module) => /^\0?([^\0]*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(module)?.[1] ?? []),
  );
  const texts = await Promise.all([...folders].sort().map(noticeOf));
  return `Libraries that are compiled into opencode-ts, with their licenses.\n\n${texts.join("\n")}`;
}

async function noticeOf(folder: string): Promise<string> {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as {
    name: string;
    version: string;
    license: string;
  }; // npm's own form
  const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? `License: ${license}` : await readFile(join(folder, file), "utf8");
  return `== ${name} ${version} (${license})\n\n${text.trim()}\n`;
}
