import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMark, markedProcesses } from "../scripts/left-behind.js";
import { parseCommand } from "../src/cli/arguments.js";
import { hold, type ScriptedModel } from "../src/testing/index.js";
import { createLookupModel, eventually, type Stage, temporaryFolder, testBinary } from "./support/stage.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const mark = createMark();

let model: ScriptedModel;
let answer: Stage["answer"];
let home: string;
let directory: string;

beforeAll(async () => {
  ({ model, answer } = await createLookupModel());
  home = await temporaryFolder();
  directory = await temporaryFolder();
});
afterAll(async () => {
  await model.close();
  for (const folder of [home, directory]) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

interface Run {
  readonly child: ChildProcess;
  stdout: string;
  stderr: string;
  readonly exit: Promise<number | string | null>;
}

/** Starts the command. `input` is what comes through the pipe; `"open"` leaves it open without a word, `"none"` is `/dev/null`. */
function start(args: readonly string[], input: { readonly text: string } | "open" | "none" = "none"): Run {
  const child = spawn(process.execPath, ["--import", "tsx", join(root, "src/cli/main.ts"), ...args], {
    cwd: root,
    env: { ...process.env, ...hermeticEnvironment(), ...mark.env },
    stdio: [input === "none" ? "ignore" : "pipe", "pipe", "pipe"],
  });
  const exit = new Promise<number | string | null>((resolve) => {
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  const run: Run = { child, stdout: "", stderr: "", exit };
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    run.stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    run.stderr += text;
  });
  if (typeof input === "object") child.stdin?.end(input.text);
  return run;
}

async function finished(run: Run): Promise<{ code: number | string | null; stdout: string; stderr: string }> {
  const code = await run.exit;
  return { code, stdout: run.stdout, stderr: run.stderr };
}

function hermeticEnvironment(): Record<string, string> {
  return {
    HOME: home,
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_DATA_HOME: join(home, ".local/share"),
    XDG_STATE_HOME: join(home, ".local/state"),
    XDG_CACHE_HOME: join(home, ".cache"),
    OPENCODE_BINARY: testBinary(),
    OPENCODE_CONFIG_CONTENT: JSON.stringify(model.config),
    OPENCODE_LOG: "warn",
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
    npm_config_registry: "http://127.0.0.1:9",
  };
}

const inDirectory = (...args: string[]): string[] => ["--directory", directory, ...args];

describe("without asking anything", () => {
  test("--help prints the usage to standard output", async () => {
    const { code, stdout, stderr } = await finished(start(["-h"]));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("Usage: opencode-ts");
    for (const option of ["--model", "--directory", "--help", "--version"]) expect(stdout).toContain(option);
  });

  test("--version prints the package's version", async () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    expect(await finished(start(["--version"]))).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("an unknown option is a usage error", async () => {
    const { code, stdout, stderr } = await finished(start(["--nope", "hello"]));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe(`opencode-ts: Unknown option '--nope'\nTry "opencode-ts --help".\n`);
  });

  test.for([
    ["no words and no pipe", start.bind(undefined, [])],
    ["an empty prompt", start.bind(undefined, [""])],
    ["an empty pipe", start.bind(undefined, [], { text: " \n" })],
  ] as const)("%s is a usage error that shows the usage", async ([, begin]) => {
    const { code, stdout, stderr } = await finished(begin());
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("opencode-ts: there is no prompt\n");
    expect(stderr).toContain("Usage: opencode-ts");
  });
});

describe("asking", () => {
  test("prints the text as it comes, and ends the line", async () => {
    const second = hold("second");
    answer("two pieces", { text: ["first ", second] });
    const run = start(inDirectory("two", "pieces"));
    await eventually("the first piece is printed", () => run.stdout !== "", 80_000);
    expect(run.stdout).toBe("first ");
    second.release();
    expect(await finished(run)).toEqual({ code: 0, stdout: "first second\n", stderr: "" });
  });

  test("takes the prompt from a pipe", async () => {
    expect(await finished(start(inDirectory(), { text: "from a pipe\n" }))).toEqual({
      code: 0,
      stdout: "echo: from a pipe\n",
      stderr: "",
    });
  });

  test('puts what comes through a pipe below the words; what follows "--" is words, and "-" is none', async () => {
    expect(parseCommand(["look", "-"])).toMatchObject({ words: "look", needsInput: true });
    expect(parseCommand(["look"])).toMatchObject({ words: "look", needsInput: false });
    const run = start(inDirectory("-", "--", "--what", "is this"), { text: "a pipe\n" });
    expect(await finished(run)).toEqual({ code: 0, stdout: "echo: --what is this\n\na pipe\n", stderr: "" });
  });

  test("goes on without a pipe that stays open and silent, and says so", async () => {
    const { code, stdout, stderr } = await finished(start(inDirectory("hello"), "open"));
    expect({ code, stdout }).toEqual({ code: 0, stdout: "echo: hello\n" });
    expect(stderr).toContain("nothing came on standard input");
  });
});

describe("failing", () => {
  test("an error of the model is one line with a hint, and exit code 1", async () => {
    answer("log in", { status: 401, message: "wrong key" });
    const { code, stdout, stderr } = await finished(start(inDirectory("log in")));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/^opencode-ts: the model provider answered 401: wrong key\n {2}Log in with .*\n$/);
  });

  test.for([
    ["a model without a provider", ["--model", "nope", "hello"]],
    ["a directory that does not exist", ["--directory", "/does/not/exist", "hello"]],
  ] as const)("%s is wrong usage", async ([, args]) => {
    const { code, stdout, stderr } = await finished(start(args));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^opencode-ts: .*(nope|\/does\/not\/exist)/);
  });

  test("Ctrl-C aborts the run, ends the server and exits with 130", async () => {
    answer("run for ever", { text: "begun", end: "hang" });
    const run = start(inDirectory("run for ever"));
    await eventually("the run has begun", () => run.stdout === "begun", 80_000);
    run.child.kill("SIGINT");
    expect(await finished(run)).toEqual({ code: 130, stdout: "begun\n", stderr: "" });
    const request = model.requests.find(({ lastUserText }) => lastUserText === "run for ever");
    await eventually("the model's request is gone", () => request?.aborted === true);
    expect(await markedProcesses(mark.line)).toEqual([]);
  });

  test("a reader that goes away ends the run quietly", async () => {
    const second = hold("second");
    answer("for head", { text: ["first ", second, "third"], end: "hang" });
    const run = start(inDirectory("for head"));
    await eventually("the first piece is printed", () => run.stdout !== "", 80_000);
    run.child.stdout?.destroy();
    second.release();
    expect(await finished(run)).toMatchObject({ code: 0, stderr: "" });
    expect(await markedProcesses(mark.line)).toEqual([]);
  });
});
