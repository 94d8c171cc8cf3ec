import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hold, toolCall } from "../../../../src/testing/index.js";
import { createLookupModel, temporaryFolder } from "../../../support/fixture.js";
import { type RunningProgram, runProgram } from "../../../support/processes.js";
import { eventually } from "../../../support/slowness.js";
import { standInBinary } from "../../../support/stand-in-2x/binary.js";
import { RawClient } from "./raw-client.js";
import { startStage } from "./stage.js";

test("a server that is killed in a run keeps its messages, and `resume` alone goes on with the run", async () => {
  const { model, answer } = await createLookupModel();
  await using _model = model;
  const directory = await temporaryFolder();
  const state = await temporaryFolder();
  const env = { ...process.env, OPENCODE_PASSWORD: "sesame", OPENCODE_CONFIG_CONTENT: JSON.stringify(model.config) };
  const start = async (): Promise<{ program: RunningProgram; client: RawClient }> => {
    const main = new URL("../../../support/stand-in-2x/main.ts", import.meta.url);
    const program = runProgram(main, ["serve", "--port", "0", "--state", state], env);
    const banner = /^server listening on (http:\S+)$/m;
    await eventually("the banner", () => banner.test(program.output()));
    return { program, client: new RawClient({ url: banner.exec(program.output())?.[1] ?? "", password: "sesame" }) };
  };
  const first = await start();
  answer("work", toolCall("shell", { command: "echo one" }), { text: ["half", hold("")] });
  const session = await first.client.session(directory);
  const list = `/api/session/${session}/message?order=asc`;
  await first.client.data("POST", `/api/session/${session}/prompt`, { id: "msg_work", text: "work" });
  await eventually("the second step", () => model.calls("work") === 2);
  await eventually("its text", async () => (await first.client.items(list)).length === 3);
  first.program.child.kill("SIGKILL");
  await first.program.exit;

  const { program, client } = await start();
  try {
    expect(await client.data("GET", "/api/session/active")).toEqual({});
    expect((await client.items(list)).map(({ type }) => type)).toEqual(["user", "assistant", "assistant"]);
    await client.data("POST", `/api/session/${session}/prompt`, { id: "msg_work", text: "work" });
    expect(await client.data("GET", "/api/session/active")).toEqual({});
    answer("work", "went on");
    expect((await client.call("POST", `/api/session/${session}/resume`)).status).toBe(204);
    expect((await client.items(list)).slice(2)).toMatchObject([
      { type: "assistant", time: { completed: expect.any(Number) } },
      { type: "assistant", finish: "stop", content: [{ text: "went on" }] },
      { type: "idle", outcome: "succeeded" },
    ]);
  } finally {
    program.child.kill("SIGTERM");
    expect(await program.exit).toEqual({ exitCode: 130, signal: null });
  }
});

test("a revert restores the files of a repository, and the next prompt commits it", async () => {
  await using stage = await startStage();
  const { client, directory, answer } = stage;
  execFileSync("git", ["init", "-q", directory]);
  writeFileSync(join(directory, "a.txt"), "old\n");
  answer("change", toolCall("write", { path: "a.txt", content: "new\n" }), "done");
  const session = await client.session(directory);
  const prompt = (body: object) => client.data("POST", `/api/session/${session}/prompt`, body);
  const idle = () => client.call("POST", `/api/experimental/session/${session}/wait`);
  await prompt({ id: "msg_change", text: "change" });
  await idle();
  const diff = [{ file: "a.txt", additions: 1, deletions: 1, status: "modified" }];
  expect(await client.items(`/api/session/${session}/diff`)).toMatchObject(diff);
  const staged = await client.data("POST", `/api/session/${session}/revert/stage`, { messageID: "msg_change" });
  expect(staged).toMatchObject({ messageID: "msg_change", files: diff });
  const read = await client.call("GET", `/api/fs/read/a.txt?location[directory]=${encodeURIComponent(directory)}`);
  expect(read.body).toBe("old\n");
  await prompt({ text: "next" });
  await idle();
  const messages = await client.items(`/api/session/${session}/message?order=asc&type=user`);
  expect(messages).toMatchObject([{ text: "next" }]);
  expect(stage.standIn.readViolations()).toEqual([]);
});

test("the executable of the stand-in says a release of 2.1, and refuses a flag that it does not know", () => {
  const binary = standInBinary();
  expect(execFileSync(binary, ["--version"], { encoding: "utf8" })).toBe("2.1.3\n");
  expect(() => execFileSync(binary, ["serve", "--unknown"], { encoding: "utf8" })).toThrow(
    "Unknown argument: --unknown",
  );
});
