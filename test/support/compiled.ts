/** Where the global setup has put the programs of the tests, see `compile-programs.ts`. */
import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The arguments of Node for a program: the source itself where it is not compiled. */
export function programArguments(source: string): readonly string[] {
  const compiled = process.env["OPENCODE_TEST_PROGRAMS"];
  if (compiled !== undefined) {
    const path = join(compiled, relative(repository, source)).replace(/\.ts$/, ".js");
    if (existsSync(path)) return [path];
  }
  return ["--import", import.meta.resolve("tsx"), source];
}
