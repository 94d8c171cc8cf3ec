/** Taking a prompt back leaves what others have changed, on a real agent in a git repository. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConflictError, type Session } from "../../../src/index.js";
import { hold, toolCall } from "../../../src/testing/index.js";
import { eventually, type Fixture, startFixture } from "../../support/fixture.js";

let fixture: Fixture;
const at = (name: string): string => join(fixture.directory, name);
const read = (name: string): string => (existsSync(at(name)) ? readFileSync(at(name), "utf8") : "(gone)");
const write = (name: string, text: string): void => writeFileSync(at(name), text);
const names = ["a", "b", "c", "d", "e", "f", "own"].map((name) => `${name}.txt`);

beforeAll(async () => {
  // "write a" writes a.txt, "shell b" does so in a shell, "quiet c" in a shell that does not name it; then it waits.
  fixture = await startFixture({}, ({ lastUserText, stepIndex }) => {
    const [how, name, gate] = lastUserText.split(" ");
    const text = `by the agent: ${lastUserText}\n`;
    const wait = gate === undefined ? "" : `; while [ ! -e ${at(gate)} ]; do sleep 0.1; done`;
    const bash = (command: string) => toolCall("bash", { command: `${command}${wait}`, description: "d" });
    if (stepIndex > 0 || name === undefined) return undefined;
    if (how === "write") return toolCall("write", { filePath: at(`${name}.txt`), content: text });
    if (how === "shell") return bash(`echo '${text.trim()}' > ${name}.txt`);
    if (how === "quiet") return bash(`for x in c; do echo '${text.trim()}' > $x.txt; done`);
    return undefined;
  });
  for (const name of names) write(name, "first\n");
  write(".gitignore", "gate*\nignored.txt\n");
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: fixture.directory });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "first");
});
afterAll(() => fixture[Symbol.asyncDispose]());

const newSession = (): Promise<Session> => fixture.oc.createSession({ title: "t" });

describe("revert()", () => {
  test("revert() of a prompt without changes keeps the files that a person wrote during the turn", async () => {
    const gate = hold("said");
    let isWritten = false;
    fixture.answer("talk", { text: ["so ", gate] });
    const session = await newSession();
    const stream = session.askStream("talk");
    for await (const event of stream.events) {
      if (event.type !== "text-delta" || isWritten) continue;
      write("own.txt", "my work\n");
      write("new.txt", "my new file\n");
      isWritten = true;
      gate.release();
    }
    const result = await session.revert((await stream.answer).messageId);
    expect(result).toEqual({ restored: [], kept: expect.arrayContaining(["own.txt", "new.txt"]), unrestorable: [] });
    expect([read("own.txt"), read("new.txt")]).toEqual(["my work\n", "my new file\n"]);
  });

  test("revert() and unrevert() restore the session's own files and keep those of a parallel session", async () => {
    const [one, two] = [await newSession(), await newSession()];
    const [answer] = await Promise.all([
      one.ask("shell a gate1"),
      two.ask("shell b gate1"),
      eventually("both have written", () => /agent/.test(read("a.txt")) && /agent/.test(read("b.txt"))).then(() =>
        write("gate1", ""),
      ),
    ]);
    expect(await one.revert(answer.messageId)).toEqual({ restored: ["a.txt"], kept: ["b.txt"], unrestorable: [] });
    expect([read("a.txt"), read("b.txt")]).toEqual(["first\n", "by the agent: shell b gate1\n"]);
    write("own.txt", "after the revert\n");
    write("later.txt", "a new one\n");
    expect(await one.unrevert()).toMatchObject({ restored: ["a.txt"] });
    expect([read("a.txt"), read("own.txt"), read("later.txt"), read("b.txt")]).toEqual([
      "by the agent: shell a gate1\n",
      "after the revert\n",
      "a new one\n",
      "by the agent: shell b gate1\n",
    ]);
    expect((await one.info()).revert).toBeUndefined();
    expect((await one.ask("and now")).text).toBe("echo: and now");
    expect((await one.messages()).at(0)?.info.id).toBe(answer.messageId);
  });

  test("revert() and unrevert() reject when a file was changed by hand, except with force: true", async () => {
    const session = await newSession();
    const { messageId } = await session.ask("write d");
    const own = await session.ask("write e");
    write("d.txt", "changed by hand\n");
    const error = await session.revert(messageId).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toMatchObject({ files: ["d.txt"], message: expect.stringMatching(/d\.txt \(changed since\)/) });
    expect([read("d.txt"), read("e.txt")]).toEqual(["changed by hand\n", "by the agent: write e\n"]);
    expect((await session.info()).revert).toBeUndefined();

    expect(await session.revert(own.messageId)).toMatchObject({ restored: ["e.txt"] });
    write("e.txt", "changed after the revert\n");
    await expect(session.unrevert()).rejects.toMatchObject({ name: "ConflictError", files: ["e.txt"] });
    expect(read("e.txt")).toBe("changed after the revert\n");
    write("e.txt", "first\n");

    // A second one takes back what the first has left.
    write("d.txt", "by the agent: write d\n");
    expect((await session.revert(messageId)).restored).toEqual(expect.arrayContaining(["d.txt", "e.txt"]));
    expect([read("d.txt"), read("e.txt")]).toEqual(["first\n", "first\n"]);
    write("d.txt", "once more by hand\n");
    await session.unrevert({ force: true });
    expect([read("d.txt"), read("e.txt")]).toEqual(["by the agent: write d\n", "by the agent: write e\n"]);
    write("d.txt", "by hand\n");
    expect((await session.revert(messageId, { force: true })).restored).toEqual(expect.arrayContaining(["d.txt"]));
    expect(read("d.txt")).toBe("first\n");
  });

  test("revert() rejects a file that a shell command may have changed, and lists files it cannot restore", async () => {
    const session = await newSession();
    const { messageId } = await session.ask("quiet c");
    await expect(session.revert(messageId)).rejects.toMatchObject({ files: ["c.txt"] });
    expect(read("c.txt")).toBe("by the agent: quiet c\n");
    expect((await session.revert(messageId, { force: true })).restored).toContain("c.txt");
    expect(read("c.txt")).toBe("first\n");

    const other = await newSession();
    const ignored = await other.ask("write ignored");
    expect(await other.revert(ignored.messageId)).toMatchObject({ restored: [], unrestorable: ["ignored.txt"] });
    expect(read("ignored.txt")).toBe("by the agent: write ignored\n");
  });
});
