/** Applications that esbuild, rollup and webpack make one file of, where the library for tools is not installed. */

import { cp, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import commonjs from "@rollup/plugin-commonjs";
import json from "@rollup/plugin-json";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { rollup } from "@rollup/wasm-node";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import webpack from "webpack";
import { detectPlatform } from "../../src/binary/detect-platform.js";
import { packageNames } from "../../src/binary/platform.js";
import { createScriptedModel, type ScriptedModel } from "../../src/testing/index.js";
import { agentScript, tarGz } from "../support/archives.js";
import { temporaryFolder, testBinary } from "../support/fixture.js";
import { runNode } from "../support/processes.js";
import { type ReleaseServer, startReleaseServer } from "../support/release-server.js";
import { repositoryRoot } from "../support/root.js";

const peer = "@modelcontextprotocol";

/** What an application may do: it attaches files, has a server with a watchdog, downloads an agent, and would like tools. */
const program = `
import { writeFileSync } from "node:fs";
import { attach, createOpencode, defineTool, installBinary } from "./src/index.js";

const { CONFIG, BINARY, RELEASES, PLACE } = process.env;
async function main() {
  const installed = await installBinary({ downloadUrl: RELEASES, env: { HOME: PLACE, PATH: "/nowhere" } });
  const opencode = await createOpencode({
    binary: BINARY, config: JSON.parse(CONFIG), directory: PLACE, isolation: "clean", serverTimeout: 80_000,
  });
  const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  writeFileSync(PLACE + "/dot", png); // what it is, its content says
  const { text } = await opencode.ask("What is this?", { files: [await attach(PLACE + "/dot")] });
  await opencode.close();
  const tool = defineTool({ name: "add", description: "Adds.", input: { type: "object" }, execute: () => 1 });
  const refused = await createOpencode({ tools: [tool] }).catch((error) => error.name + ": " + error.message);
  console.log(JSON.stringify({ text, source: installed.source, refused }));
}
main();
`;

let folder: string;
let model: ScriptedModel;
let releases: ReleaseServer;
beforeAll(async () => {
  folder = await temporaryFolder();
  await cp(join(repositoryRoot, "src"), join(folder, "src"), { recursive: true });
  await mkdir(join(folder, "node_modules"));
  for (const name of await readdir(join(repositoryRoot, "node_modules"))) {
    if (name === peer || name.startsWith(".")) continue;
    await symlink(join(repositoryRoot, "node_modules", name), join(folder, "node_modules", name));
  }
  await writeFile(join(folder, "program.ts"), program);
  // The other bundlers take the package as it is published: as JavaScript.
  const sources = await readdir(join(folder, "src"), { recursive: true });
  const modules = sources.filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"));
  await build({
    entryPoints: ["program.ts", ...modules.map((name) => join("src", name))].map((name) => join(folder, name)),
    outdir: join(folder, "js"),
    outbase: folder,
    format: "esm",
    target: "node20",
    tsconfigRaw: {}, // else the page's own is looked for, with the one that it extends
  });
  await writeFile(join(folder, "js/package.json"), JSON.stringify({ type: "module" }));
  model = await createScriptedModel("a dot");
  const [name] = packageNames(detectPlatform() ?? expect.fail("no agent for this machine"));
  releases = await startReleaseServer([
    { name: `${name}.tar.gz`, content: tarGz([{ path: "opencode", content: agentScript() }]) },
  ]);
});
afterAll(async () => {
  await releases[Symbol.asyncDispose]();
  await model.close();
  await rm(folder, { recursive: true, force: true });
});

type Format = "esm" | "cjs";

/** What comes from CommonJS calls `require`, which a module does not have by itself. */
const banner =
  'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);';

/** The types of these plugins are those of CommonJS, where the function is `default`; the modules are the function. */
const callable = <T>(plugin: { readonly default: T }): T => plugin as unknown as T;

/** Each makes one file of the application, as its users are told in docs/bundling.md. */
const bundlers: Readonly<Record<string, (format: Format, outfile: string) => Promise<void>>> = {
  esbuild: async (format, outfile) => {
    const { errors } = await build({
      entryPoints: [join(folder, "program.ts")],
      bundle: true,
      platform: "node",
      target: "node20",
      format,
      outfile,
      logLevel: "silent",
      ...(format === "esm" ? { banner: { js: banner } } : {}),
    });
    expect(errors).toEqual([]);
  },
  rollup: async (format, outfile) => {
    const bundle = await rollup({
      input: join(folder, "js/program.js"),
      plugins: [
        nodeResolve({ preferBuiltins: true, exportConditions: ["node"] }),
        // Else what undici requires when it is used is required when the program starts: Node 20 does not have it.
        callable(commonjs)({ ignore: ["node:sqlite"] }),
        callable(json)(),
      ],
      onLog: () => {},
    });
    const banners = format === "esm" ? { banner } : {};
    await bundle.write({ file: outfile, format, inlineDynamicImports: true, ...banners });
    await bundle.close();
  },
  webpack: async (format, outfile) => {
    const isModule = format === "esm";
    const compiler = webpack({
      mode: "production",
      target: "node20",
      entry: join(folder, "js/program.js"),
      output: {
        path: dirname(outfile),
        filename: basename(outfile),
        ...(isModule ? { module: true, chunkFormat: "module", library: { type: "module" } } : {}),
      },
      experiments: { outputModule: isModule },
      optimization: { minimize: !isModule }, // once is enough: it takes most of the time
      plugins: [new webpack.optimize.LimitChunkCountPlugin({ maxChunks: 1 })],
    });
    const stats = await new Promise<webpack.Stats | undefined>((resolve, reject) => {
      compiler?.run((error, result) => (error === null ? resolve(result) : reject(error)));
    });
    expect(stats?.toJson({ all: false, errors: true }).errors).toEqual([]);
  },
};

describe("an application that is bundled without the library for tools", () => {
  const cases = Object.keys(bundlers).flatMap((name) => [
    { name, format: "esm", extension: "mjs" } as const,
    { name, format: "cjs", extension: "cjs" } as const,
  ]);
  test.each(cases)(
    "a $format bundle by $name runs without the MCP SDK and names the missing package for tools",
    async (each) => {
      const { name, format, extension } = each;
      const outfile = join(folder, name, `program.${extension}`);
      await bundlers[name]?.(format, outfile);
      // Nothing but the bundle is there when it runs.
      const place = await temporaryFolder();
      await cp(outfile, join(place, `program.${extension}`));
      const env = { CONFIG: JSON.stringify(model.config), BINARY: testBinary(), RELEASES: releases.url, PLACE: place };
      const { report, exit, output } = runNode([`program.${extension}`], { ...process.env, ...env }, place);
      expect(await exit, output()).toMatchObject({ exitCode: 0 });
      expect(await report).toEqual({
        text: "a dot",
        source: "download",
        refused: expect.stringMatching(/^ConfigError: tools need the package @modelcontextprotocol\/sdk/),
      });
      await rm(place, { recursive: true, force: true });
    },
  );
});
