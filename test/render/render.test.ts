/** `renderEvents()`: what a reader sees of a run of the real agent. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AnswerStream, renderEvents } from "../../src/index.js";
import { Renderer } from "../../src/render/renderer.js";
import { duration, printable, short } from "../../src/render/style.js";
import { toolCall } from "../../src/testing/index.js";
import { type Fixture, startFixture } from "../support/fixture.js";
import { scaled } from "../support/slowness.js";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({ config: { permission: { bash: { "*": "allow", "rm *": "ask", "mv *": "ask" } } } });
  execFileSync("git", ["init", "--quiet", fixture.directory]);
});
afterAll(() => fixture[Symbol.asyncDispose]());

/** All of it, and the details alone. */
async function rendered(stream: AnswerStream<unknown>, color = false): Promise<{ all: string; details: string }> {
  const pieces: { text: string; kind: string }[] = [];
  const answer = await renderEvents(stream, { color, write: (text, kind) => pieces.push({ text, kind }) });
  expect(answer).toBe(await stream.answer);
  const join = (kept: typeof pieces) => kept.map(({ text }) => text).join("");
  return { all: join(pieces), details: join(pieces.filter(({ kind }) => kind === "detail")) };
}

describe("a rendered run", () => {
  test("a rendered run shows its text, its tools with durations, and its usage", async () => {
    const { answer, oc } = fixture;
    answer("look around", { text: "I look.", ...toolCall("bash", { command: "echo hi", description: "d" }) }, "Done.");
    const { all } = await rendered(oc.askStream("look around"));
    expect(all).toMatch(
      /^I look\.\n✓ bash echo hi \(\d+(\.\d)? m?s\)\nDone\.\nscripted\/model · 2 steps · \d+ tokens · \d.*s\n$/,
    );
  });

  test("a rendered run shows changes as a diff, and failed tools", async () => {
    const { answer, oc, directory } = fixture;
    const write = (content: string) => toolCall("write", { filePath: join(directory, "a.txt"), content });
    const edit = toolCall("edit", { filePath: join(directory, "a.txt"), oldString: "two", newString: "three" });
    const wrong = toolCall("edit", { filePath: join(directory, "a.txt"), oldString: "nowhere", newString: "x" });
    answer("change a file", write("one\ntwo\n"), edit, wrong, "Done.");
    const { details } = await rendered(oc.askStream("change a file"));
    expect(details).toMatch(/✓ edit \S*a\.txt \(.*\)\n(.*\n)* {2}-two\n {2}\+three\n/);
    expect(details).toMatch(/✗ edit \S*a\.txt .+\n/);
    answer("change it in colour", write("one\ntwo\n"), edit, "Done.");
    expect((await rendered(oc.askStream("change it in colour"), true)).details).toContain("\u001b[32m+three\u001b[39m");
  });

  test("a rendered run shows each permission request and its decision", async () => {
    const { answer, oc } = fixture;
    const bash = (command: string) => toolCall("bash", { command, description: "d" });
    answer("may I", bash("rm -f nothing"), bash("mv nothing nowhere"), "Done.");
    const onPermission = ({ patterns }: { readonly patterns: readonly string[] }) =>
      patterns.some((pattern) => pattern.startsWith("rm")) ? ("once" as const) : { reject: "not that" };
    const { details } = await rendered(oc.askStream("may I", { onPermission }));
    expect(details).toContain("? asks for bash rm -f nothing\n");
    expect(details).toContain("✓ allowed once\n");
    expect(details).toContain("? asks for bash mv nothing nowhere\n");
    expect(details).toContain("! refused: bash mv nothing nowhere (not that)\n");
  });

  test("a rendered run shows the tools of sub-agents, but not their text", async () => {
    const { answer, oc } = fixture;
    answer("delegate", toolCall("task", { description: "sub", prompt: "sub work", subagent_type: "general" }), "Done.");
    answer("sub work", toolCall("bash", { command: "echo sub", description: "d" }), "secret words of the sub-agent");
    const { details } = await rendered(oc.askStream("delegate"));
    expect(details).toMatch(/» sub-agent begins ses_/);
    expect(details).toContain("│ ✓ bash echo sub");
    expect(details).not.toContain("secret words");
  });

  test("a rendered run shows the wait before a failed model call is repeated", async () => {
    const { answer, oc } = fixture;
    const error = { status: 503, message: "overloaded", headers: { "retry-after": "0.2" } };
    let calls = 0;
    answer("again", () => (calls++ === 0 ? error : "Better."));
    const { all } = await rendered(oc.askStream("again"));
    expect(all).toMatch(/↻ the model failed \(overloaded\): try 2 in \d.*\nBetter\.\n/);
  });

  test("renderEvents() rejects for a run that fails and ends the current line", async () => {
    const { answer, oc } = fixture;
    answer("break", { text: "half a sen", end: "hang" });
    const timeout = scaled(2_000);
    const stream = oc.askStream("break", { timeout });
    const pieces: string[] = [];
    await expect(renderEvents(stream, { write: (text) => pieces.push(text) })).rejects.toThrow(`${timeout} ms`);
    expect(pieces.join("")).toBe("half a sen\n");
  });

  test("renderEvents() writes reasoning with `thinking`, and no last line with `summary: false`", async () => {
    const { answer, oc } = fixture;
    answer("think", { reasoning: "hm", text: "Yes." });
    const pieces: string[] = [];
    const write = (text: string): unknown => pieces.push(text);
    await renderEvents(oc.askStream("think"), { write, thinking: true, summary: false, color: false });
    expect(pieces.join("")).toBe("thinking: hm\nYes.\n");
  });
});

describe("rendered texts", () => {
  test("rendered text contains no control characters except with `sanitize: false`", () => {
    const hostile = "a\u001b[2Jb\u001b]52;c;aGk=\u0007c\u009b31md\u202ee\rf\r\ng\th";
    expect(printable(hostile)).toBe("a[2Jb]52;c;aGk=c31mdef\ng\th");
    const renderer = new Renderer({ color: false });
    const pieces = [
      ...renderer.render({ type: "text-delta", sessionId: "s", partId: "p", text: hostile }),
      ...renderer.render({ type: "tool-call", sessionId: "s", callId: "c", tool: "bash", input: { command: hostile } }),
      ...renderer.render({ type: "tool-error", sessionId: "s", callId: "c", tool: "bash", error: hostile }),
    ];
    const all = pieces.map(({ text }) => text).join("");
    expect([...all].filter((char) => /\p{Cc}/u.test(char) && !"\n\t".includes(char))).toEqual([]);
    const raw = new Renderer({ color: false, sanitize: false });
    const [piece] = raw.render({ type: "text-delta", sessionId: "s", partId: "p", text: hostile });
    expect(piece?.text).toBe(hostile);
  });

  test.each([
    [12, "12 ms"],
    [1_540, "1.5 s"],
    [185_000, "3 min 5 s"],
  ])("a duration of %d ms is shown as %s", (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  test("short() joins the lines of a text and cuts the text to a length", () => {
    expect(short("a\n  b\tc", 10)).toBe("a b c");
    expect(short("abcdefghij", 5)).toBe("abcd…");
  });
});
