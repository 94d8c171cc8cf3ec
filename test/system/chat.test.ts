/** The dialog in a real terminal, by what the screen shows. Needs tmux. */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hold, toolCall } from "../../src/testing/index.js";
import { cliCommand } from "../support/cli.js";
import { testBinary } from "../support/fixture.js";
import { homeVariables } from "../support/home.js";
import { startTerminalFixture, type TerminalFixture } from "../support/terminal-fixture.js";
import { openScreen, type Screen } from "../support/tmux.js";

let fixture: TerminalFixture;
beforeAll(async () => {
  fixture = await startTerminalFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const bash = (command: string) => toolCall("bash", { command, description: "run" });

describe("the chat", () => {
  test("the chat goes on after Ctrl-C, has a history, and asks for permissions", async () => {
    const rest = hold("never");
    fixture.answer("run on", { text: ["begun ", rest] });
    fixture.answer("touch four", bash("touch four.txt"), "touched");
    await using screen = await fixture.open(["chat"]);
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
    expect(existsSync(join(fixture.directory, "four.txt"))).toBe(true);
    expect(fixture.messagesOf("touch four")).toContain("hello chat");
    // Three up: past "touch four" and "run on".
    await screen.press("Up", "Up", "Up", "Enter");
    await screen.shows(/echo: hello chat[\s\S]*echo: hello chat/);
    await screen.type("/exit");
    await screen.press("Enter");
    expect(await screen.exit()).toBe(0);
  });

  test("the chat takes several lines, and ends at Ctrl-D or at the second Ctrl-C", async () => {
    await using screen = await fixture.open(["chat"]);
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
    await using other = await fixture.open(["chat"]);
    await other.shows("›");
    await other.press("C-c");
    await other.shows("Ctrl-C again");
    await other.press("C-c");
    expect(await other.exit()).toBe(0);
  });

  test("the chat shows every key once, also in the second line and after a permission request", async () => {
    fixture.answer("run it", bash("touch five.txt"), "ran");
    await using screen = await fixture.open(["chat"]);
    await screen.shows("›");
    for (const line of ["first line", "second line", "third line"]) {
      await screen.type(line);
      await screen.press("Enter");
      await screen.shows(`echo: ${line}`);
      await screen.shows(/tokens[^\n]*\n›$/);
      expect(await screen.text()).toContain(`› ${line}\n`);
    }
    await screen.type("run it");
    await screen.press("Enter");
    await screen.shows("Allow bash");
    await screen.press("Enter");
    await screen.shows(/ran\n[^\n]*tokens[^\n]*\n›$/);
    await screen.type("last line");
    await screen.shows(/› last line$/);
    await screen.press("Enter");
    await screen.shows("echo: last line");
    expect(await screen.text()).toContain("› last line\n");
    expect(fixture.model.calls("last line")).toBe(1);
  });

  test("a line with Enter steers the run of the chat, and a line without it stays for the next prompt", async () => {
    const rest = hold("done");
    fixture.answer("take long", { text: ["begun ", rest] });
    await using screen = await fixture.open(["chat"]);
    await screen.shows("›");
    await screen.type("take long");
    await screen.press("Enter");
    await screen.shows("begun");
    await screen.type("one more");
    await screen.press("Enter");
    await screen.shows("› one more  (the agent gets it at its next step)");
    await screen.type("and a hafl");
    await screen.press("BSpace", "BSpace");
    await screen.type("lf");
    await screen.shows(/writing \d+ s {3}› and a half/); // typed, and not sent
    expect(fixture.model.calls("one more")).toBe(0);
    rest.release();
    await screen.shows(/the agent has: one more\n[\s\S]*echo: one more\n[^\n]*tokens[^\n]*\n› and a half$/);
    await screen.press("Enter");
    await screen.shows("echo: and a half");
    expect(fixture.model.calls("one more")).toBe(1);
    expect(fixture.model.calls("and a half")).toBe(1);
    expect(fixture.messagesOf("one more")).toContain("take long");
  });

  test("a line behind a command that waits for the end of the run goes where the command leads", async () => {
    const rest = hold("done");
    fixture.answer("in the old session", { text: ["begun ", rest] });
    await using screen = await fixture.open(["chat"]);
    await screen.shows("›");
    await screen.type("in the old session");
    await screen.press("Enter");
    await screen.shows("begun");
    await screen.type("/new");
    await screen.press("Enter");
    await screen.type("in the new session");
    await screen.press("Enter");
    await screen.shows("› /new ⏎ in the new session ⏎");
    rest.release();
    await screen.shows("echo: in the new session");
    expect(fixture.messagesOf("in the new session")).not.toContain("in the old session");
  });

  test("the chat has steers of a run that Ctrl-C stops in the line again, and sends them with Enter", async () => {
    const rest = hold("never");
    fixture.answer("stop me", { text: ["begun ", rest] });
    await using screen = await fixture.open(["chat"]);
    await screen.shows("›");
    await screen.type("stop me");
    await screen.press("Enter");
    await screen.shows("begun");
    await screen.type("not yet");
    await screen.press("Enter");
    await screen.shows("› not yet  (the agent gets it");
    await screen.type("nor this");
    await screen.shows(/› nor this$/);
    await screen.press("C-c");
    await screen.shows(/\(interrupted\)\n› not yet nor this$/);
    rest.release();
    expect(fixture.model.calls("not yet")).toBe(0);
    await screen.press("Enter");
    await screen.shows("echo: not yet nor this");
    expect(fixture.model.calls("not yet")).toBe(0);
  });

  test("the chat shows the turn that a steer has become after a failed run", async () => {
    const rest = hold("half");
    fixture.answer("will fail", { text: ["begun ", rest], end: { error: "the model is broken" } });
    await using screen = await fixture.open(["chat"]);
    await screen.shows("›");
    await screen.type("will fail");
    await screen.press("Enter");
    await screen.shows("begun");
    await screen.type("go on");
    await screen.press("Enter");
    await screen.shows("› go on  (the agent gets it");
    rest.release();
    await screen.shows(/the model is broken[\s\S]*echo: go on\n[^\n]*tokens[^\n]*\n›$/);
    expect(fixture.model.calls("go on")).toBe(1);
  });

  test("a permission prompt in the chat gets no key that was typed earlier", async () => {
    const begun = hold("now ");
    const six = { command: "touch six.txt", description: "run" };
    fixture.answer("ask later", toolCall("bash", six, { text: [begun] }), "finished");
    await using screen = await fixture.open(["chat"]);
    await screen.shows("›");
    await screen.type("ask later");
    await screen.press("Enter");
    await screen.shows(/thinking \d+ s/);
    await screen.type("typed before");
    await screen.press("Enter");
    await screen.shows("› typed before  (the agent gets it");
    await screen.type("and half");
    await screen.shows(/› and half$/);
    begun.release();
    await screen.shows("Allow bash");
    expect(existsSync(join(fixture.directory, "six.txt"))).toBe(false);
    await screen.press("Down", "Down", "Enter");
    await screen.shows("What should the agent do instead?");
    await screen.press("Enter");
    await screen.shows(/(next|the agent has): typed before\n[\s\S]*echo: typed before\n[\s\S]*\n› and half$/);
    expect(fixture.model.calls("typed before")).toBe(1);
    expect(existsSync(join(fixture.directory, "six.txt"))).toBe(false);
  });
});

describe("the progress sign of the chat", () => {
  test("the progress sign is shown while the model thinks, and is gone when the model answers", async () => {
    const all = hold("here it is");
    fixture.answer("think", { text: [all] });
    await using screen = await fixture.open(["chat"]);
    await screen.shows("›");
    await screen.type("think");
    await screen.press("Enter");
    await screen.shows(/› think\n. thinking \d+ s$/);
    all.release();
    await screen.shows(/› think\nhere it is\n[^\n]*tokens[^\n]*\n›$/);
    expect(await screen.text()).not.toContain("thinking");
  });

  test("the progress sign follows the text while the model pauses, and names the running tool", async () => {
    const pause = hold(" and the end");
    fixture.answer("pause", { text: ["a beginning", pause] });
    fixture.answer("wait", bash("until [ -e go-on ]; do sleep 0.1; done"), "waited");
    await using screen = await fixture.open(["chat", "--permission-mode", "bypass"]);
    await screen.shows("›");
    await screen.type("pause");
    await screen.press("Enter");
    await screen.shows(/\na beginning. writing \d+ s$/);
    pause.release();
    await screen.shows(/\na beginning and the end\n[^\n]*tokens/);
    await screen.type("wait");
    await screen.press("Enter");
    await screen.shows(/\n. bash \d+ s$/);
    await writeFile(join(fixture.directory, "go-on"), "");
    await screen.shows(/waited\n[^\n]*tokens[^\n]*\n›$/);
    expect(await screen.text()).not.toMatch(/bash \d+ s|writing/);
  });

  test("the progress sign is shown while the server starts, and typed text goes to the first line", async () => {
    const env = {
      ...homeVariables(fixture.home),
      OPENCODE_BINARY: testBinary(),
      OPENCODE_CONFIG_CONTENT: JSON.stringify(fixture.model.config),
      TERM: "xterm-256color",
    };
    const command = [process.execPath, ...cliCommand, "chat", "-d", fixture.directory];
    await using screen: Screen = await openScreen(command, { cwd: fixture.directory, env });
    await screen.shows(/^. starting the server \d+ s/);
    await screen.type("early words");
    await screen.shows(/› early words$/);
    expect(await screen.text()).not.toContain("starting the server");
    await screen.press("Enter");
    await screen.shows("echo: early words");
    await screen.type("/exit");
    await screen.press("Enter");
    expect(await screen.exit()).toBe(0);
  });
});
