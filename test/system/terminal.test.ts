/** The command in a real terminal: permission prompts, questions, passwords. Needs tmux. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toolCall } from "../../src/testing/index.js";
import { cliCommand, finished, startCli } from "../support/cli.js";
import { testBinary } from "../support/fixture.js";
import { homeVariables } from "../support/home.js";
import { startTerminalFixture, type TerminalFixture } from "../support/terminal-fixture.js";
import { openScreen } from "../support/tmux.js";

let fixture: TerminalFixture;
beforeAll(async () => {
  fixture = await startTerminalFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const bash = (command: string) => toolCall("bash", { command, description: "run" });

describe("a permission", () => {
  test("a permission prompt shows command and directory, and `Yes, once` runs the command", async () => {
    fixture.answer("touch one", bash("touch one.txt"), "done");
    await using screen = await fixture.open(["touch one"]);
    await screen.shows("Allow bash");
    const shown = await screen.text();
    expect(shown).toContain("$ touch one.txt");
    expect(shown).toContain(`(in ${fixture.directory})`);
    for (const choice of ["Yes, once", "Yes, always", "No, and say why"]) expect(shown).toContain(choice);
    expect(existsSync(join(fixture.directory, "one.txt"))).toBe(false);
    await screen.press("Enter");
    expect(await screen.exit()).toBe(0);
    expect(existsSync(join(fixture.directory, "one.txt"))).toBe(true);
    await screen.shows(/done\n/);
    await screen.shows(/scripted\/model · 2 steps · \d+ tokens/);
  });

  test("a refused permission passes the typed reason to the agent", async () => {
    fixture.answer("touch two", bash("touch two.txt"), "understood");
    await using screen = await fixture.open(["touch two"]);
    await screen.shows("Allow bash");
    await screen.press("Down", "Down", "Enter");
    await screen.shows("What should the agent do instead?");
    await screen.type("write a poem");
    await screen.press("Enter");
    expect(await screen.exit()).toBe(0);
    await screen.shows("understood");
    expect(fixture.messagesOf("touch two")).toContain("the user said no: write a poem");
    expect(existsSync(join(fixture.directory, "two.txt"))).toBe(false);
  });

  test("a permission with `Yes, always` is not asked for again", async () => {
    fixture.answer("echo twice", bash("ls always-one"), bash("ls always-two"), "both");
    await using screen = await fixture.open(["echo twice"]);
    await screen.shows("Allow bash");
    await screen.press("Down", "Enter");
    expect(await screen.exit()).toBe(0);
    await screen.shows("both");
    expect((await screen.text()).match(/\(in /g)).toHaveLength(1);
  });

  test("a permission prompt of an edit shows the change", async () => {
    fixture.answer(
      "write it",
      toolCall("write", { filePath: join(fixture.directory, "new.txt"), content: "first line\nsecond\n" }),
      "written",
    );
    await using screen = await fixture.open(["write it"]);
    await screen.shows("Allow edit");
    expect(await screen.text()).toContain("+first line");
    await screen.press("Enter");
    expect(await screen.exit()).toBe(0);
    expect(readFileSync(join(fixture.directory, "new.txt"), "utf8")).toBe("first line\nsecond\n");
  });

  test("Ctrl-C at a permission prompt ends the run with exit code 130", async () => {
    fixture.answer("touch three", bash("touch three.txt"), "done");
    await using screen = await fixture.open(["touch three"]);
    await screen.shows("Allow bash");
    await screen.press("C-c");
    expect(await screen.exit()).toBe(130);
    expect(existsSync(join(fixture.directory, "three.txt"))).toBe(false);
  });

  test("a permission prompt stays readable when the command has terminal control sequences", async () => {
    fixture.answer("steer", bash("echo '\u001b[2J\u001b]52;c;aGk=\u0007' # hidden"), "done");
    await using screen = await fixture.open(["steer"]);
    await screen.shows("Allow bash");
    await screen.shows("# hidden");
    await screen.press("C-c");
    await screen.exit();
  });
});

test("a warm call of a kept server shows the permission prompt", async () => {
  const config = { ...fixture.model.config, permission: { bash: "ask" } };
  const env = {
    ...homeVariables(fixture.home),
    OPENCODE_BINARY: testBinary(),
    OPENCODE_CONFIG_CONTENT: JSON.stringify(config),
    TERM: "xterm-256color",
  };
  try {
    expect((await finished(startCli(["-k", "-d", fixture.directory, "begin here"], env))).code).toBe(0);
    fixture.answer("touch five", bash("touch five.txt"), "done");
    const command = [process.execPath, ...cliCommand, "-k", "-d", fixture.directory, "touch five"];
    await using screen = await openScreen(command, { cwd: fixture.directory, env });
    await screen.shows("Allow bash");
    await screen.press("Enter");
    expect(await screen.exit()).toBe(0);
    expect(existsSync(join(fixture.directory, "five.txt"))).toBe(true);
    expect(fixture.messagesOf("touch five")).toContain("begin here");
  } finally {
    await finished(startCli(["stop", "--all"], env));
  }
});

test("a question of the agent is shown with its options, and the choice reaches the agent", async () => {
  const options = ["Red", "Green"].map((label) => ({ label, description: `the ${label.toLowerCase()} one` }));
  fixture.answer(
    "ask me",
    toolCall("question", { questions: [{ question: "Which colour?", header: "Colour", options }] }),
    "noted",
  );
  await using screen = await fixture.open(["ask me"]);
  await screen.shows("Colour: Which colour?");
  await screen.press("Down", "Enter");
  expect(await screen.exit()).toBe(0);
  await screen.shows("noted");
  expect(fixture.messagesOf("ask me")).toContain("Green");
});

test("a prompt that resembles a command is confirmed before it is sent", async () => {
  await using screen = await fixture.open(["modles"]);
  await screen.shows('There is no command "modles". Did you mean "models"?');
  await screen.press("Enter");
  expect(await screen.exit()).toBe(2);
  await screen.shows('did you mean "opencode-ts models"?');
  expect(fixture.model.calls("modles")).toBe(0);
  await using other = await fixture.open(["modles"]);
  await other.shows('There is no command "modles"');
  await other.press("Left", "Enter");
  expect(await other.exit()).toBe(0);
  await other.shows("echo: modles");
});

test("the password of a server is asked for, and not shown", async () => {
  await using screen = await fixture.open(["let me in"], { OPENCODE_SERVER_PASSWORD: "" });
  await screen.shows(`Password of ${fixture.server.url}`);
  await screen.type(fixture.server.password);
  await screen.press("Enter");
  expect(await screen.exit()).toBe(0);
  await screen.shows("echo: let me in");
  expect(await screen.text()).not.toContain(fixture.server.password);
});
