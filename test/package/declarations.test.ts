/** The roll-up of the declarations, on those of a small package with the same entries. */
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleTypes } from "../../scripts/bundle-types.js";
import { temporaryFolder } from "../support/fixture.js";

const written: Readonly<Record<string, string>> = {
  "index.d.ts": `/// <reference lib="esnext.disposable" preserve="true" />
/** The entry. */
export { Box } from "./box.js";
export { open } from "./open.js";
`,
  "client.d.ts": 'export { Box } from "./box.js";\n',
  "kept.d.ts": 'export { open as reopen } from "./open.js";\n',
  "testing/index.d.ts": "export declare const nothing: undefined;\n",
  "box.d.ts": `/** The file of boxes. */
import type { Secret } from "./secret.js";
/** A box. */
export declare class Box {
    #private;
    /** Its size. */
    readonly size: number;
    /** @internal */
    constructor(secret: Secret, options?: {
        readonly size: number;
    });
}
`,
  "secret.d.ts":
    "/** The file of secrets. */\n/** Only a constructor names it. */\nexport interface Secret {\n    word: string;\n}\n",
  "open.d.ts": `import type { Box } from "./box.js";
/** Opens a box. */
export declare function open(box: Box): void;
`,
  "cli/main.d.ts": "export {};\n",
};

let folder: string;
let out: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  out = join(folder, "out");
  for (const [name, text] of Object.entries(written)) {
    const file = join(folder, "declarations", name);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  await bundleTypes(join(folder, "declarations"), out);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function rolled(): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(out, { recursive: true })).filter((name) => name.endsWith(".d.ts")).sort();
  return new Map(
    await Promise.all(names.map(async (name) => [name, await readFile(join(out, name), "utf8")] as const)),
  );
}

describe("the rolled-up declarations", () => {
  test("each entry has one file, and a declaration of two entries has one place", async () => {
    const files = await rolled();
    const shared = [...files.keys()].filter((name) => name.startsWith("types/"));
    expect([...files.keys()].filter((name) => !shared.includes(name))).toEqual([
      "client.d.ts",
      "index.d.ts",
      "kept.d.ts",
      "testing/index.d.ts",
    ]);
    expect([...files.values()].join("").match(/declare class Box/g)).toHaveLength(1);
    expect([...files.values()].join("").match(/declare function open/g)).toHaveLength(1);
  });

  test("a public name keeps its comment, and the comment of its source file is left out", async () => {
    const text = [...(await rolled()).values()].join("\n");
    expect(text).toContain("/** A box. */\ndeclare class Box {\n\t#private;\n\t/** Its size. */");
    expect(text).toContain("/** Opens a box. */");
    expect(text).not.toContain("The file of boxes");
  });

  test("an internal constructor is private, and the types that only it names are left out", async () => {
    const text = [...(await rolled()).values()].join("\n");
    expect(text).toContain("private constructor();");
    expect(text).not.toContain("Secret");
  });

  test("an entry keeps its reference to a library of the compiler", async () => {
    expect((await rolled()).get("index.d.ts")).toMatch(
      /^\/\/\/ <reference lib="esnext.disposable" preserve="true" \/>\n/,
    );
  });
});
