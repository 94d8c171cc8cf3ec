/** Every program of README and docs that can run, with the real agent and a model that answers anything. */
import { execFile, spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMark, markedProcesses } from "../../scripts/leak-check.js";
import { type Config, createOpencodeServer, type OpencodeServer } from "../../src/index.js";
import { createScriptedModel, type ScriptedModel } from "../../src/testing/index.js";
import { finished, startCli } from "../support/cli.js";
import { compile } from "../support/compile-programs.js";
import { type DocProgram, docPrograms, root } from "../support/doc-programs.js";
import { eventually, hermeticServer, sharedBinary, temporaryFolder } from "../support/fixture.js";
import { homeVariables } from "../support/home.js";
import { scaled } from "../support/slowness.js";

/** By the line that tells them from the others: why it cannot run here. */
const notHere: readonly (readonly [tells: string, why: string])[] = [
  [
    "await installBinary();\nconsole.log(version, path)",
    "it downloads 60 MB from GitHub; test/binary/install.test.ts does it",
  ],
  ['installBinary({ version: "1.17.0"', "it downloads 60 MB from GitHub; test/binary/install.test.ts does it"],
  ["location.origin", "it is for a browser; test/system/web.test.ts"],
  ["/opt/opencode/bin/lildax", "it starts the preview of 2.0; test/server/preview-opencode.test.ts does it"],
  ["https://mcp.example/mcp", "it needs two MCP servers of others; test/tools/mcp.test.ts"],
];

const programs = docPrograms().filter(({ isWhole }) => isWhole);
const reasonNotToRun = ({ text }: DocProgram): string | undefined =>
  notHere.find(([tells]) => text.includes(tells))?.[1];
const runnable = programs.filter((program) => reasonNotToRun(program) === undefined);

let model: ScriptedModel;
let home: string;
let folders: readonly string[];
let server: OpencodeServer;
const mark = createMark();
const built = join(root, ".build", `docs-${process.pid}`);

/** Fits every schema of the documents. */
const output = { name: "mine", version: "1.0.0", dependencies: ["zod"], breaking: false, notes: ["none"] };

/** The model under the names that the documents use. */
function named(config: Config): Config {
  const scripted = Object.values(config.provider ?? {})[0] ?? {};
  const entry = Object.values(scripted.models ?? {})[0] ?? {};
  const models = {
    model: entry,
    "claude-sonnet-4-5": { ...entry, id: "model" },
    "claude-haiku-4-5": { ...entry, id: "model" },
  };
  const anthropic = { ...scripted, models };
  return { ...config, enabled_providers: ["scripted", "anthropic"], provider: { ...config.provider, anthropic } };
}

beforeAll(async () => {
  model = await createScriptedModel(({ tools, system }) =>
    tools.includes("StructuredOutput") || system.includes("this JSON Schema") ? { structured: output } : "An answer.",
  );
  home = await temporaryFolder();
  folders = await Promise.all(runnable.map(project));
  server = await createOpencodeServer({
    ...hermeticServer(model, home),
    config: named(model.config),
    password: "of-the-docs",
  });
  await mkdir(built, { recursive: true });
  const entryPoints = await Promise.all(
    runnable.map(async ({ place, text }, index) => {
      const path = join(built, `${place.replace(/[/:]/g, "-")}.ts`);
      await writeFile(path, hereInstead(text, folders[index] ?? ""));
      return path;
    }),
  );
  await compile({
    entryPoints,
    outdir: built,
    outExtension: { ".js": ".mjs" },
    alias: {
      "opencode-ts": join(root, "src/index.ts"),
      "opencode-ts/client": join(root, "src/client.ts"),
      "opencode-ts/kept": join(root, "src/kept.ts"),
      "opencode-ts/testing": join(root, "src/testing/index.ts"),
    },
    logLevel: "error",
  });
  runAll();
});

afterAll(async () => {
  await finished(startCli(["stop", "--all"], environment()));
  await server?.close();
  await model?.close();
  for (const path of [built, home, ...(folders ?? [])]) await rm(path, { recursive: true, force: true, maxRetries: 5 });
});

/** A folder of its own for each, so that the shared agent can have the configuration of each. */
async function project(): Promise<string> {
  const folder = await temporaryFolder();
  for (const name of ["src", "docs", "test"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "policy.json"), JSON.stringify([{ permission: "read", action: "allow" }]));
  await promisify(execFile)("git", ["init", "-q", folder]);
  return folder;
}

/** Addresses, folders and times of this machine. */
function hereInstead(text: string, folder: string): string {
  return text
    .replaceAll(/"\/(?:home\/me|tmp)\/project"/g, JSON.stringify(folder))
    .replaceAll('"/tmp/project/NOTES.md"', JSON.stringify(join(folder, "NOTES.md")))
    .replaceAll('"http://127.0.0.1:4096"', JSON.stringify(server.url))
    .replaceAll(/AbortSignal\.timeout\(60_000\)/g, `AbortSignal.timeout(${scaled(60_000)})`);
}

function environment(): Record<string, string> {
  return {
    ...homeVariables(home),
    ...mark.env,
    PATH: String(process.env["PATH"]),
    TMPDIR: String(process.env["TMPDIR"]),
    AGENT_TEST_POOL: String(process.env["AGENT_TEST_POOL"]),
    AGENT_TEST_FILE: String(process.env["AGENT_TEST_FILE"]),
    BUN_JSC_useFTLJIT: "0",
    OPENCODE_BINARY: sharedBinary(),
    OPENCODE_CONFIG_CONTENT: JSON.stringify(named(model.config)),
    OPENCODE_DOWNLOAD_URL: "http://127.0.0.1:9", // nobody is there
    OPENCODE_SERVER_PASSWORD: server.password,
  };
}

/** All of them, two at a time: most of what one does is to wait for the agent's start. */
const results = new Map<DocProgram, Promise<Ran>>();

function runAll(): void {
  const lines = [Promise.resolve<unknown>(undefined), Promise.resolve<unknown>(undefined)];
  for (const [index, program] of runnable.entries()) {
    const result = (lines[index % 2] ?? Promise.resolve()).then(() => run(program));
    lines[index % 2] = result.catch(() => {}); // told to its test
    results.set(program, result);
  }
}

interface Ran {
  readonly code: number | string;
  readonly written: string;
}

async function run(program: DocProgram): Promise<Ran> {
  const { place } = program;
  const folder = folders[runnable.indexOf(program)];
  const file = join(built, `${place.replace(/[/:]/g, "-")}.mjs`);
  const child = spawn(process.execPath, [file], { cwd: folder, env: environment(), stdio: ["ignore", "pipe", "pipe"] });
  let written = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      written += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code: code ?? signal ?? "nothing", written }));
  });
}

describe("programs of the documents", () => {
  test.each(runnable.map((program) => [program.place, program] as const))(
    "the program %s runs as it is written",
    async (_place, program) => {
      const { code, written } = (await results.get(program)) ?? {};
      expect({ code, written }).toEqual({ code: 0, written: expect.not.stringMatching(/\bat .*\.mjs:\d+/) });
    },
  );

  test("a program that runs again with the same message id gets the stored answer", async () => {
    const upgrade = runnable.find(({ text }) => text.includes("msg_upgrade_2026_11"));
    if (upgrade === undefined) throw new Error("docs/reliability.md has no such program");
    const calls = (): number => model.calls("Upgrade the dependencies.");
    expect(await results.get(upgrade)).toMatchObject({ code: 0 });
    expect(calls()).toBe(1);
    expect(await run(upgrade)).toMatchObject({ code: 0 });
    expect(calls()).toBe(1);
  });

  test("no process stays after the programs and `stop --all`", async () => {
    await finished(startCli(["stop", "--all"], environment()));
    await eventually("all processes have ended", async () => (await markedProcesses(mark.line)).length === 0);
  });

  test("each exception in the list of programs that do not run matches one program", () => {
    expect(programs.length).toBeGreaterThan(30);
    for (const [tells] of notHere) {
      expect(
        programs.filter(({ text }) => text.includes(tells)),
        tells,
      ).toHaveLength(1);
    }
  });
});
