import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createMark, markedProcesses } from "../../scripts/leak-check.js";
import { exitCodes } from "../../src/cli/failures.js";
import { plainCall } from "../../src/cli/fast-path.js";
import { createOpencodeServer, type OpencodeServer } from "../../src/index.js";
import { hold, type ScriptedModel } from "../../src/testing/index.js";
import { type CliInput, type CliRun, finished, startCli } from "../support/cli.js";
import { fakeAgent } from "../support/fake-agent.js";
import {
  createLookupModel,
  eventually,
  type Fixture,
  sharedServer,
  temporaryFolder,
  testBinary,
} from "../support/fixture.js";
import { repositoryRoot } from "../support/root.js";

const mark = createMark();

let model: ScriptedModel;
let answer: Fixture["answer"];
let home: string;
let directory: string;

let server: OpencodeServer;

beforeAll(async () => {
  ({ model, answer } = await createLookupModel());
  home = await temporaryFolder();
  directory = await temporaryFolder();
  server = await createOpencodeServer(sharedServer(model, directory));
});
afterAll(async () => {
  await server.close();
  await model.close();
  for (const folder of [home, directory]) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const start = (args: readonly string[], input: CliInput = "none"): CliRun =>
  startCli(args, { ...hermeticEnvironment(), ...mark.env }, input);

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

/** With a server of its own. */
const inDirectory = (...args: string[]): string[] => ["--directory", directory, ...args];

/** With the server of these tests: for what does not depend on who has started it. */
function attached(args: readonly string[], input: CliInput = "none"): CliRun {
  const env = { ...hermeticEnvironment(), OPENCODE_SERVER_PASSWORD: server.password };
  return startCli(["--attach", server.url, "-d", directory, ...args], env, input);
}

describe("help, version and usage errors", () => {
  test("--help prints the usage to standard output", async () => {
    const { code, stdout, stderr } = await finished(start(["-h"]));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain("Usage: opencode-ts");
    for (const option of ["--model", "--directory", "--help", "--version"]) expect(stdout).toContain(option);
    for (const { code, meaning } of exitCodes)
      expect(stdout).toMatch(new RegExp(`^ +${code} +${meaning.slice(0, 8)}`, "m"));
  });

  test("--help lists each flag and each command on a line of its own", async () => {
    const { stdout } = await finished(start(["--help"]));
    const options = ["keep", "auto-tools", "port", "agent", "session", "continue", "attach", "file", "schema", "json"];
    options.push(
      "stream-json",
      "quiet",
      "timeout",
      "max-cost",
      "max-repeats",
      "permission-mode",
      "policy",
      "isolated",
      "command",
    );
    options.push("fork", "title", "variant", "thinking", "share", "budget", "max-subagents");
    for (const option of options) expect(stdout).toMatch(new RegExp(`^ +(-\\w, )?--${option}\\b`, "m"));
    for (const name of ["chat", "sessions", "models", "install", "doctor", "serve", "stop", "status", "web"]) {
      expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, "m"));
    }
  });

  test("--version prints the package's version", async () => {
    const { version } = JSON.parse(readFileSync(join(repositoryRoot, "package.json"), "utf8"));
    expect(await finished(start(["--version"]))).toEqual({ code: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("an unknown option is a usage error", async () => {
    const { code, stdout, stderr } = await finished(start(["--nope", "hello"]));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe(`opencode-ts: unknown option '--nope'\nTry "opencode-ts --help".\n`);
  });

  test("a group of commands without one of them is a usage error that lists them", async () => {
    expect(await finished(start(["approvals"]))).toEqual({
      code: 2,
      stdout: "",
      stderr: `opencode-ts: "opencode-ts approvals" needs one of list, approve, deny, continue\nTry "opencode-ts --help".\n`,
    });
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

describe("prompts", () => {
  test("the answer's text is printed as it arrives, with a newline at the end", async () => {
    const second = hold("second");
    answer("two pieces", { text: ["first ", second] });
    const run = attached(["two", "pieces"]);
    await eventually("the first piece is printed", () => run.stdout !== "");
    expect(run.stdout).toBe("first ");
    second.release();
    expect(await finished(run)).toEqual({ code: 0, stdout: "first second\n", stderr: "" });
  });

  test.each([
    [["modles"], "models"],
    [["sesions", "list"], "sessions"],
    [["instal", "1.18.33"], "install"],
    [["--json", "doctr"], "doctor"],
    [["-k", "statsu"], "status"],
  ])("the mistyped command %j exits with 2, and the error names the command that is meant", async (args, meant) => {
    const { code, stdout, stderr } = await finished(start(inDirectory(...args)));
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`did you mean "opencode-ts ${meant}"?`);
    expect(stderr).toContain('goes after "--"');
  });

  test('a mistyped command is a prompt after "--" and within a sentence', async () => {
    const { code, stdout } = await finished(attached(["--", "modles"]));
    expect({ code, stdout }).toEqual({ code: 0, stdout: "echo: modles\n" });
    const sentence = await finished(attached(["stops", "here"]));
    expect(sentence).toMatchObject({ code: 0, stdout: "echo: stops here\n" });
  });

  test("a call without words takes the prompt from a pipe", async () => {
    expect(await finished(attached([], { text: "from a pipe\n" }))).toEqual({
      code: 0,
      stdout: "echo: from a pipe\n",
      stderr: "",
    });
  });

  test('text from a pipe goes below the words; arguments after "--" are words, and "-" is not', async () => {
    const run = attached(["-", "--", "--what", "is this"], { text: "a pipe\n" });
    expect(await finished(run)).toEqual({ code: 0, stdout: "echo: --what is this\n\na pipe\n", stderr: "" });
  });

  test('the name of a command after "--" is a word of the prompt', async () => {
    const run = attached(["--", "models", "are", "nice"]);
    expect(await finished(run)).toEqual({ code: 0, stdout: "echo: models are nice\n", stderr: "" });
  });

  test("a pipe that stays open and silent is ignored with a warning", async () => {
    const { code, stdout, stderr } = await finished(attached(["hello"], "open"));
    expect({ code, stdout }).toEqual({ code: 0, stdout: "echo: hello\n" });
    expect(stderr).toContain("nothing came on standard input");
  });
});

describe("failures", () => {
  test("a provider's 401 is printed as one line with a hint, and the exit code is 6", async () => {
    answer("log in", { status: 401, message: "wrong key" });
    const { code, stdout, stderr } = await finished(attached(["log in"]));
    expect({ code, stdout }).toEqual({ code: 6, stdout: "" });
    expect(stderr).toMatch(/^opencode-ts: the model provider answered 401: wrong key\n {2}Log in with .*\n$/);
  });

  test.for([
    ["a model without a provider", ["--model", "nope", "hello"]],
    ["a directory that does not exist", ["--directory", "/does/not/exist", "hello"]],
    ["a file that does not exist", ["--file", "/does/not/exist", "hello"]],
    ["the page with a model without a provider", ["web", "--model", "nope"]],
  ] as const)("%s is a usage error that starts no agent", async ([, args]) => {
    const agent = await fakeAgent(join(home, "fake", "agent"));
    const env = { ...hermeticEnvironment(), OPENCODE_BINARY: agent.path };
    const { code, stdout, stderr } = await finished(startCli(args, env));
    expect(await agent.calls()).toEqual([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^opencode-ts: .*(nope|\/does\/not\/exist)/);
  });

  test("Ctrl-C aborts the run, ends the server and exits with 130", async () => {
    answer("run for ever", { text: "begun", end: "hang" });
    const run = start(inDirectory("run for ever"));
    await eventually("the run has begun", () => run.stdout === "begun");
    run.child.kill("SIGINT");
    expect(await finished(run)).toEqual({ code: 130, stdout: "begun\n", stderr: "" });
    const request = model.requests.find(({ lastUserText }) => lastUserText === "run for ever");
    await eventually("the model's request is gone", () => request?.aborted === true);
    expect(await markedProcesses(mark.line)).toEqual([]);
  });

  test("a closed standard output ends the run without an error", async () => {
    const second = hold("second");
    answer("for head", { text: ["first ", second, "third"], end: "hang" });
    const run = start(inDirectory("for head"));
    await eventually("the first piece is printed", () => run.stdout !== "");
    run.child.stdout?.destroy();
    second.release();
    expect(await finished(run)).toMatchObject({ code: 0, stderr: "" });
    expect(await markedProcesses(mark.line)).toEqual([]);
  });
});

describe("the fast path", () => {
  test.for([
    [["--keep", "what is", "this"], { words: "what is this", model: undefined, directory: undefined, quiet: false }],
    [
      ["-k", "-m", "a/b", "-d", "/tmp", "-q", "Say hi"],
      { words: "Say hi", model: "a/b", directory: "/tmp", quiet: true },
    ],
  ] as const)("the fast path takes the arguments %j", ([args, call]) => {
    expect(plainCall(args)).toEqual(call);
  });

  test.for([
    [["what is this"]],
    [["--keep"]],
    [["--keep", "-"]],
    [["--keep", "stop"]],
    [["--keep", "--json", "what is this"]],
    [["--keep", "--model"]],
    [["--keep", "--", "what is this"]],
    [["--keep", "--model=a/b", "what is this"]],
  ] as const)("the fast path does not take the arguments %j", ([args]) => {
    expect(plainCall(args)).toBeUndefined();
  });
});
