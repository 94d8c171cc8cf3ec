/** The command line on the real preview of 2.0. One preview is started. */
import { execFileSync } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toolCall } from "../../src/testing/index.js";
import { type CliInput, type CliResult, finished, startCli } from "../support/cli.js";
import { createLookupModel, type Fixture, temporaryFolder } from "../support/fixture.js";
import { homeVariables } from "../support/home.js";
import { type Preview, startPreview } from "../support/preview.js";
import { scaled } from "../support/slowness.js";

let lookup: Awaited<ReturnType<typeof createLookupModel>>;
let answer: Fixture["answer"];
let preview: Preview;
let home: string;
let directory: string;

beforeAll(async () => {
  // A schema stands in front of its prompt: the preview has no system text.
  lookup = await createLookupModel(({ lastUserText }) => (lastUserText.endsWith("Count") ? '{"n": 4}' : undefined));
  answer = lookup.answer;
  home = await temporaryFolder();
  const command = { greet: { template: "Greet $ARGUMENTS now", description: "Greets." } };
  preview = await startPreview({ model: lookup.model, config: { command } });
  directory = join(preview.home, "repository");
  const git = (...args: string[]) => execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...args]);
  git("init", "-q", directory);
  git("-C", directory, "commit", "-q", "--allow-empty", "-m", "first"); // the preview sees no repository without a commit
}, scaled(120_000));
afterAll(async () => {
  await preview?.[Symbol.asyncDispose]();
  await lookup.model.close();
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
});

/** Runs a command against the preview. */
function run(args: readonly string[], input: CliInput = "none", password = preview.password): Promise<CliResult> {
  const env = { ...homeVariables(home), OPENCODE_LOG: "warn", OPENCODE_SERVER_PASSWORD: password };
  return finished(startCli([...args, "--attach", preview.url, "-d", directory], env, input));
}

/** Runs a prompt, and returns the id of its session. */
async function sessionOf(prompt: string): Promise<string> {
  const { stdout } = await run([prompt, "--json"]);
  const { sessionId } = JSON.parse(stdout) as { sessionId: string }; // written by the command
  return sessionId;
}

describe("prompts to a preview", () => {
  test("a prompt to a preview is answered, with a file, a schema, a command and in a session", async () => {
    const note = join(home, "note.txt");
    const schema = join(home, "schema.json");
    await writeFile(note, "secret word: plum");
    const properties = { n: { type: "number" } };
    await writeFile(schema, JSON.stringify({ type: "object", properties, required: ["n"] }));
    expect(await run(["Hello"])).toEqual({ code: 0, stdout: "echo: Hello\n", stderr: "" });
    expect((await run(["Look", "-f", note])).stdout).toContain("secret word: plum");
    expect(JSON.parse((await run(["Count", "--schema", schema])).stdout)).toEqual({ n: 4 });
    expect((await run(["you", "--command", "greet"])).stdout).toBe("echo: Greet you now\n");
    const id = await sessionOf("First");
    expect((await run(["Second", "--session", id])).stdout).toBe("echo: Second\n");
    expect((await run(["sessions", "show", id])).stdout.match(/^# .*/gm)).toHaveLength(4);
    expect((await run(["sessions", "list"])).stdout).toContain(id);
    expect(JSON.parse((await run(["sessions", "export", id])).stdout)).toMatchObject({ session: { id }, todos: [] });
  });

  test("a request of a preview's agent is refused without a terminal, and the line says so", async () => {
    answer("Ask me", toolCall("question", { questions: [{ question: "Which?", header: "C", options: [] }] }), "Asked.");
    const { code, stdout, stderr } = await run(["Ask me"]);
    expect([code, stdout]).toEqual([0, "Asked.\n"]);
    expect(stderr).not.toMatch(/undefined|\bat /);
  });

  test("the chat on a preview names things that the preview lacks, and continues", async () => {
    const lines = ["Hello", "/cost", "/diff", "/undo", "/compact", "/model scripted", "Again", "/exit"];
    const { code, stdout, stderr } = await run(["chat"], { text: `${lines.join("\n")}\n` });
    expect(code).toBe(0);
    expect(stdout).toContain("echo: Again");
    expect(stderr).toContain("the 2.0 preview compacts no session on request");
    expect(stderr).toContain("the 2.0 preview tells no changes of files");
    expect(stderr).not.toMatch(/--attach|undefined/);
  });
});

describe("refusals", () => {
  test.each([
    ["sessions delete", ["sessions", "delete"], 5, "the 2.0 preview deletes no sessions"],
    ["--fork", ["x", "--fork", "--session"], 5, "the 2.0 preview copies no sessions"],
    ["--share with a session", ["x", "--share", "--session"], 5, "the 2.0 preview publishes no sessions"],
  ])("%s on a preview says that the preview has no such thing", async (_name, args, code, text) => {
    const id = await sessionOf("For the refusals");
    const result = await run([...args, id]);
    expect(result.code).toBe(code);
    expect(result.stderr).toContain(text);
    expect(result.stderr).not.toMatch(/--attach|undefined|\n\s+at /);
  });

  test.each([
    ["an unknown model", ["x", "-m", "no/model"], 8],
    ["an unknown agent", ["x", "--agent", "nope"], 8],
    ["an unknown variant", ["x", "-m", "scripted/model", "--variant", "nope"], 2],
    ["a variant without a model", ["x", "--variant", "nope"], 2],
    ["an unknown session", ["x", "--session", "ses_nothing"], 8],
    ["the protocol v1", ["x", "--protocol", "v1"], 3],
  ])("%s on a preview has its exit code", async (_name, args, code) => {
    const result = await run(args);
    expect([result.code, result.stdout]).toEqual([code, ""]);
  });

  test("a wrong password of a preview exits with 6, and the message has the place of the right one", async () => {
    const { code, stderr } = await run(["x"], "none", "wrong");
    expect(code).toBe(6);
    expect(stderr).toContain("opencode/password");
    expect(stderr).not.toContain("wrong");
  });
});

test("models, doctor and prune describe a preview", async () => {
  expect((await run(["models"])).stdout).toContain("scripted/model");
  const doctor = await run(["doctor"]);
  expect([doctor.code, doctor.stderr]).toEqual([0, ""]);
  expect(doctor.stdout).toContain("protocol v2-preview");
  expect((await run(["prune", "--older-than", "1h"])).stderr).toContain("nothing to delete");
});
