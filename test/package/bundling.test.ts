/** Applications that esbuild, rollup and webpack make one file of, where the library for tools is not installed. */

import { cp, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { nodeResolve } from "@rollup/plugin-node-resolve";
import { type RollupBuild, rollup } from "@rollup/wasm-node";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import webpack from "webpack";
import { bundle } from "../../scripts/bundle.js";
import { detectPlatform } from "../../src/binary/detect-platform.js";
import { packageNames } from "../../src/binary/platform.js";
import { createScriptedModel, type ScriptedModel } from "../../src/testing/index.js";
import { agentScript, tarGz } from "../support/archives.js";
import { sharedBinary, temporaryFolder } from "../support/fixture.js";
import { runNode } from "../support/processes.js";
import { type ReleaseServer, startReleaseServer } from "../support/release-server.js";
import { repositoryRoot } from "../support/root.js";

/** What an application may do: it attaches files, has a server with a watchdog, downloads an agent, and would like tools. */
const program = `
import { writeFileSync } from "node:fs";
import { attach, createOpencode, defineTool, installBinary } from "opencode-ts";

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
  // The package as it is published: nothing else is installed.
  const installed = join(folder, "node_modules", "opencode-ts");
  await bundle(join(installed, "dist"));
  await cp(join(repositoryRoot, "package.json"), join(installed, "package.json"));
  await writeFile(join(folder, "program.js"), program);
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  model = await createScriptedModel("a dot");
  const [name] = packageNames(detectPlatform() ?? expect.fail("no agent for this machine"));
  releases = await startReleaseServer([
    { name: `${name}.tar.gz`, content: tarGz([{ path: "opencode", content: agentScript() }]) },
  ]);
});
afterAll(async () => {
  await (await rolled)?.close();
  await releases[Symbol.asyncDispose]();
  await model.close();
  await rm(folder, { recursive: true, force: true });
});

type Format = "esm" | "cjs";

/** What rollup has read: the formats differ in how it is written. */
let rolled: Promise<RollupBuild> | undefined;

/** Each makes one file of the application, as its users are told in docs/bundling.md. */
const bundlers: Readonly<Record<string, (format: Format, outfile: string) => Promise<void>>> = {
  esbuild: async (format, outfile) => {
    const { errors } = await build({
      entryPoints: [join(folder, "program.js")],
      bundle: true,
      platform: "node",
      target: "node20",
      format,
      outfile,
      logLevel: "silent",
    });
    expect(errors).toEqual([]);
  },
  rollup: async (format, outfile) => {
    rolled ??= rollup({
      input: join(folder, "program.js"),
      plugins: [nodeResolve({ preferBuiltins: true, exportConditions: ["node"] })],
      onLog: () => {},
    });
    await (await rolled).write({ file: outfile, format, inlineDynamicImports: true });
  },
  webpack: async (format, outfile) => {
    const isModule = format === "esm";
    const compiler = webpack({
      mode: "production",
      target: "node20",
      entry: join(folder, "program.js"),
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
      const env = {
        CONFIG: JSON.stringify(model.config),
        BINARY: sharedBinary(),
        RELEASES: releases.url,
        PLACE: place,
      };
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
