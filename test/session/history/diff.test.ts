/** The changes of a prompt are there when its answer is, on a real agent. */
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { toolCall } from "../../../src/testing/index.js";
import { startFixture } from "../../support/fixture.js";

test("diff() right after ask() has all changes, with parallel sessions and with two steps on one file", async () => {
  await using fixture = await startFixture({}, ({ lastUserText, stepIndex }) => {
    const [name = "", twice] = lastUserText.split(" ");
    const change = (text: string) => toolCall("bash", { command: `echo ${text} >> ${name}.txt`, description: "d" });
    if (stepIndex === 0) return change("one");
    if (stepIndex === 1 && twice === "twice") return change("two");
    return "done";
  });
  await writeFile(join(fixture.directory, "base.txt"), "base\n");
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: fixture.directory });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "base");
  const sessions = [await fixture.oc.createSession({ title: "a" }), await fixture.oc.createSession({ title: "b" })];
  const changed = async (prompt: string, at: number) => {
    const session = sessions[at % 2];
    const answer = await session?.ask(prompt);
    return session?.diff({ messageId: answer?.messageId });
  };
  for (const round of [1, 2, 3]) {
    const files = await Promise.all([changed(`a${round}`, 0), changed(`b${round}`, 1)]);
    expect(files[0]?.map(({ file }) => file)).toContain(`a${round}.txt`);
    expect(files[1]?.map(({ file }) => file)).toContain(`b${round}.txt`);
  }
  expect(await changed("c twice", 0)).toMatchObject([{ file: "c.txt", additions: 2 }]);
  expect((await sessions[0]?.diff())?.map(({ file }) => file)).toEqual(expect.arrayContaining(["a1.txt", "c.txt"]));
});
