/** `/undo` in a chat, on a real agent in a git repository. */
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { toolCall } from "../../src/testing/index.js";
import { finished, startCli } from "../support/cli.js";
import { startFixture, temporaryFolder, testBinary } from "../support/fixture.js";
import { homeVariables } from "../support/home.js";

test("/undo does not overwrite a person's changes to a file; /undo force takes back the last question", async () => {
  await using fixture = await startFixture();
  const { directory } = fixture;
  const file = join(directory, "note.txt");
  await writeFile(file, "first\n");
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: directory });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-qm", "first");
  fixture.answer("write it", toolCall("write", { filePath: file, content: "by the agent\n" }), "written");
  // In the middle of an answer somebody saves the file in an editor.
  fixture.answer("talk", () => {
    execFileSync("sh", ["-c", `echo "by a person" > '${file}'`]);
    return "talked";
  });
  const { url = "", password = "" } = fixture.oc.server ?? {};
  const environment = {
    ...homeVariables(await temporaryFolder()),
    OPENCODE_BINARY: testBinary(),
    OPENCODE_SERVER_PASSWORD: password,
  };
  const chat = async (...lines: string[]) => {
    const args = ["chat", "--attach", url, "--directory", directory];
    return finished(startCli(args, environment, { text: `${lines.join("\n")}\n` }));
  };
  const { stderr } = await chat("write it", "talk", "/undo", "/undo");
  expect(stderr).toContain("changed by others, left as they are: note.txt");
  expect(stderr).toMatch(/work of others.*note\.txt.*nothing was changed.*\/undo force/);
  expect(await readFile(file, "utf8")).toBe("by a person\n");
  const forced = await chat("write it", "/undo force");
  expect(forced.stderr).toContain("the last question was taken back");
  expect(await readFile(file, "utf8")).toBe("by a person\n");
}, 300_000); // a bound for hanging: two programs are started
