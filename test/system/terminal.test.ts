/** The command in a real terminal: permission prompts, questions, passwords, and the chat. Needs tmux. */
import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOpencodeServer, type OpencodeServer } from "../../src/index.js";
import { hold, type ScriptedModel, toolCall } from "../../src/testing/index.js";
import { cliCommand, finished, startCli } from "../support/cli.js";
import { homeVariables } from "../support/home.js";
import { createLookupModel, hermetic, type Stage, temporaryFolder, testBinary } from "../support/stage.js";
import { openScreen, type Screen } from "../support/tmux.js";

let model: ScriptedModel;
let answer: Stage["answer"];
let home: string;
let directory: string;
let server: OpencodeServer;

beforeAll(async () => {
  ({ model, answer } = await createLookupModel());
  home = await temporaryFolder();
  directory = await temporaryFolder();
  const config = { ...model.config, permission: { bash: "ask", edit: "ask" } } as const;
  server = await createOpencodeServer({ ...hermetic(model, directory), config });
});
afterAll(async () => {
  await server.close();
  await model.close();
  for (const folder of [home, directory]) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Runs the command in a terminal, against the server of these tests. */
function open(args: readonly string[], env: Record<string, string> = {}): Promise<Screen> {
  const password = { OPENCODE_SERVER_PASSWORD: server.password };
  const variables = { ...homeVariables(home), TERM: "xterm-256color", ...password, ...env };
  const target = ["--attach", server.url, "--directory", directory];
  const path = new URL("../..", import.meta.url).pathname;
  return openScreen([process.execPath, ...cliCommand, ...args, ...target], { cwd: path, env: variables });
}

const bash = (command: string) => toolCall("bash", { command, description: "run" });
const messagesOf = (prompt: string): string =>
  JSON.stringify(model.requests.findLast(({ lastUserText }) => lastUserText === prompt)?.messages);

describe("a permission", () => {
  test("is asked for with the command and the directory; yes, once lets it run", async () => {
    answer("touch one", bash("touch one.txt"), "done");
    await using screen = await open(["touch one"]);
    await screen.shows("Allow bash");
    const shown = await screen.text();
    expect(shown).toContain("$ touch one.txt");
    expect(shown).toContain(`(in ${directory})`);
    for (const choice of ["Yes, once", "Yes, always", "No, and say why"]) expect(shown).toContain(choice);
    expect(existsSync(join(directory, "one.txt"))).toBe(false);
    await screen.press("Enter");
    expect(await screen.exit()).toBe(0);
    expect(existsSync(join(directory, "one.txt"))).toBe(true);
    await screen.shows(/done\n/);
    await screen.shows(/scripted\/model · 2 steps · \d+ tokens/);
  });

  test("is refused with the reason that is typed, which the agent is told", async () => {
    answer("touch two", bash("touch two.txt"), "understood");
    await using screen = await open(["touch two"]);
    await screen.shows("Allow bash");
    await screen.press("Down", "Down", "Enter");
    await screen.shows("What should the agent do instead?");
    await screen.type("write a poem");
    await screen.press("Enter");
    expect(await screen.exit()).toBe(0);
    await screen.shows("understood");
    expect(messagesOf("touch two")).toContain("the user said no: write a poem");
    expect(existsSync(join(directory, "two.txt"))).toBe(false);
  });

  test("always is not asked for again", async () => {
    answer("echo twice", bash("ls always-one"), bash("ls always-two"), "both");
    await using screen = await open(["echo twice"]);
    await screen.shows("Allow bash");
    await screen.press("Down", "Enter");
    expect(await screen.exit()).toBe(0);
    await screen.shows("both");
    expect((await screen.text()).match(/\(in /g)).toHaveLength(1);
  });

  test("of an edit shows the change", async () => {
    answer(
      "write it",
      toolCall("write", { filePath: join(directory, "new.txt"), content: "first line\nsecond\n" }),
      "written",
    );
    await using screen = await open(["write it"]);
    await screen.shows("Allow edit");
    expect(await screen.text()).toContain("+first line");
    await screen.press("Enter");
    expect(await screen.exit()).toBe(0);
    expect(readFileSync(join(directory, "new.txt"), "utf8")).toBe("first line\nsecond\n");
  });

  test("Ctrl-C at the prompt ends the run with 130", async () => {
    answer("touch three", bash("touch three.txt"), "done");
    await using screen = await open(["touch three"]);
    await screen.shows("Allow bash");
    await screen.press("C-c");
    expect(await screen.exit()).toBe(130);
    expect(existsSync(join(directory, "three.txt"))).toBe(false);
  });

  test("what would steer the terminal is not shown", async () => {
    answer("steer", bash("echo '\u001b[2J\u001b]52;c;aGk=\u0007' # hidden"), "done");
    await using screen = await open(["steer"]);
    await screen.shows("Allow bash");
    await screen.shows("# hidden");
    await screen.press("C-c");
    await screen.exit();
  });
});

test("a warm call of a kept server asks, too", async () => {
  const config = { ...model.config, permission: { bash: "ask" } };
  const env = {
    ...homeVariables(home),
    OPENCODE_BINARY: testBinary(),
    OPENCODE_CONFIG_CONTENT: JSON.stringify(config),
    TERM: "xterm-256color",
  };
  try {
    expect((await finished(startCli(["-k", "-d", directory, "begin here"], env))).code).toBe(0);
    answer("touch five", bash("touch five.txt"), "done");
    const command = [process.execPath, ...cliCommand, "-k", "-d", directory, "touch five"];
    await using screen = await openScreen(command, { cwd: directory, env });
    await screen.shows("Allow bash");
    await screen.press("Enter");
    expect(await screen.exit()).toBe(0);
    expect(existsSync(join(directory, "five.txt"))).toBe(true);
    expect(messagesOf("touch five")).toContain("begin here");
  } finally {
    await finished(startCli(["stop", "--all"], env));
  }
});

test("a question is asked with its options", async () => {
  const options = ["Red", "Green"].map((label) => ({ label, description: `the ${label.toLowerCase()} one` }));
  answer(
    "ask me",
    toolCall("question", { questions: [{ question: "Which colour?", header: "Colour", options }] }),
    "noted",
  );
  await using screen = await open(["ask me"]);
  await screen.shows("Colour: Which colour?");
  await screen.press("Down", "Enter");
  expect(await screen.exit()).toBe(0);
  await screen.shows("noted");
  expect(messagesOf("ask me")).toContain("Green");
});

test("the password of a server is asked for, and not shown", async () => {
  await using screen = await open(["let me in"], { OPENCODE_SERVER_PASSWORD: "" });
  await screen.shows(`Password of ${server.url}`);
  await screen.type(server.password);
  await screen.press("Enter");
  expect(await screen.exit()).toBe(0);
  await screen.shows("echo: let me in");
  expect(await screen.text()).not.toContain(server.password);
});

describe("the chat", () => {
  test("goes on after Ctrl-C, keeps a history, and asks for permissions in between", async () => {
    const rest = hold("never");
    answer("run on", { text: ["begun ", rest] });
    answer("touch four", bash("touch four.txt"), "touched");
    await using screen = await open(["chat"]);
    await screen.shows("›");
    await screen.type("hello chat");
    await screen.press("Enter");
    await screen.shows("echo: hello chat");
    await screen.type("run on");
    await screen.press("Enter");
    await screen.shows("begun");
    await screen.press("C-c");
    await screen.shows("(interrupted)");
    rest.release();
    await screen.type("touch four");
    await screen.press("Enter");
    await screen.shows("Allow bash");
    await screen.press("Enter");
    await screen.shows(/touched\n/);
    expect(existsSync(join(directory, "four.txt"))).toBe(true);
    expect(messagesOf("touch four")).toContain("hello chat");
    // Three up: past "touch four" and "run on".
    await screen.press("Up", "Up", "Up", "Enter");
    await screen.shows(/echo: hello chat[\s\S]*echo: hello chat/);
    await screen.type("/exit");
    await screen.press("Enter");
    expect(await screen.exit()).toBe(0);
  });

  test("takes several lines, and leaves at Ctrl-D or at the second Ctrl-C", async () => {
    await using screen = await open(["chat"]);
    await screen.shows("›");
    await screen.type('"""');
    await screen.press("Enter");
    await screen.shows("…");
    await screen.type("line one");
    await screen.press("Enter");
    await screen.type("line two");
    await screen.press("Enter");
    await screen.type('"""');
    await screen.press("Enter");
    await screen.shows(/echo: line one\nline two/);
    await screen.press("C-d");
    expect(await screen.exit()).toBe(0);
    await using other = await open(["chat"]);
    await other.shows("›");
    await other.press("C-c");
    await other.shows("Ctrl-C again");
    await other.press("C-c");
    expect(await other.exit()).toBe(0);
  });
});
