/** The agent in a git hook: the commit that is under way stays what it is. */
import { execFileSync } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { toolCall } from "../../src/testing/index.js";
import { startFixture, temporaryFolder } from "../support/fixture.js";

afterEach(() => vi.unstubAllEnvs());

test("an agent that starts in a git hook does not change the index of the commit", async () => {
  const directory = await temporaryFolder();
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: directory, encoding: "utf8" });
  git("init", "-q");
  for (const name of ["base.txt", "staged.txt"]) await writeFile(join(directory, name), "first\n");
  git("add", "base.txt");
  git("commit", "-qm", "first");
  git("add", "staged.txt");
  for (const name of ["base.txt", "untracked.txt"]) await writeFile(join(directory, name), "not for the commit\n");
  const index = git("ls-files", "--stage");

  // As git gives them to a hook: the paths count from the root of the work tree.
  for (const [name, value] of Object.entries({ GIT_DIR: ".git", GIT_INDEX_FILE: ".git/index", GIT_PREFIX: "" })) {
    vi.stubEnv(name, value);
  }
  await using inHook = await startFixture({ directory } as never);
  inHook.answer("review", toolCall("bash", { command: "env", description: "look" }), "looks fine");
  const answer = await inHook.oc.ask("review");
  vi.unstubAllEnvs();
  expect(answer.text).toBe("looks fine");
  expect(answer.toolCalls[0]?.output).toMatch(/^PATH=/m);
  expect(answer.toolCalls[0]?.output).not.toMatch(/^GIT_(DIR|INDEX_FILE|PREFIX)=/m);
  expect(git("ls-files", "--stage")).toBe(index);
  git("commit", "-qm", "second");
  expect(git("show", "--name-only", "--format=", "HEAD").trim()).toBe("staged.txt");
  expect(git("fsck", "--no-dangling")).toBe("");
});
