/** Applications that are bundled into one file, where the library for tools is not installed. */
import { cp, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { detectPlatform } from "../src/binary/detect-platform.js";
import { packageNames } from "../src/binary/platform.js";
import { createScriptedModel, type ScriptedModel } from "../src/testing/index.js";
import { agentScript, tarGz } from "./support/archives.js";
import { runNode } from "./support/processes.js";
import { type ReleaseServer, startReleaseServer } from "./support/release-server.js";
import { temporaryFolder, testBinary } from "./support/stage.js";

const repository = dirname(dirname(fileURLToPath(import.meta.url)));
const peer = "@modelcontextprotocol";

/** What an application may do: it attaches files, has a server with a guardian, downloads an agent, and would like tools. */
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
  await cp(join(repository, "src"), join(folder, "src"), { recursive: true });
  await mkdir(join(folder, "node_modules"));
  for (const name of await readdir(join(repository, "node_modules"))) {
    if (name === peer || name.startsWith(".")) continue;
    await symlink(join(repository, "node_modules", name), join(folder, "node_modules", name));
  }
  await writeFile(join(folder, "program.ts"), program);
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

describe("an application that is bundled by esbuild without the library for tools", () => {
  test.each([
    ["esm", "mjs"],
    ["cjs", "cjs"],
  ] as const)("runs in the format %s, and says what is missing when it uses tools", async (format, extension) => {
    const outfile = join(folder, format, `program.${extension}`);
    // What comes from CommonJS calls \`require\`, which a module does not have by itself.
    const banner =
      'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);';
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
  });
});
