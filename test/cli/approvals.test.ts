/** The command `approvals`: it lists, decides and continues, in processes of their own. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Approval } from "../../src/index.js";
import { createOpencode, type Opencode } from "../../src/index.js";
import { type ScriptedModel, toolCall } from "../../src/testing/index.js";
import { type CliResult, finished, startCli } from "../support/cli.js";
import { createLookupModel, type Fixture, shared, temporaryFolder, testBinary } from "../support/fixture.js";
import { homeVariables } from "../support/home.js";

let model: ScriptedModel;
let answer: Fixture["answer"];
let home: string;
let directory: string;
let opencode: Opencode;

beforeAll(async () => {
  ({ model, answer } = await createLookupModel());
  home = await temporaryFolder();
  directory = await temporaryFolder();
  const given = shared(model, directory);
  const command = { release: { template: "Release it: $ARGUMENTS" } };
  opencode = await createOpencode({ ...given, config: { ...given.config, command, permission: { bash: "ask" } } });
});
afterAll(async () => {
  await opencode?.close();
  await model?.close();
  for (const folder of [home, directory]) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

function run(args: readonly string[]): Promise<CliResult> {
  const { password = "" } = opencode.server ?? {};
  const variables = { ...homeVariables(home), OPENCODE_BINARY: testBinary(), OPENCODE_SERVER_PASSWORD: password };
  return finished(startCli(args, variables));
}

/** Runs a command against the server of these tests. */
function attached(args: readonly string[]): Promise<CliResult> {
  return run([...args, "--attach", opencode.server?.url ?? "", "--directory", directory]);
}

async function list(...flags: string[]): Promise<Approval[]> {
  return JSON.parse((await run(["approvals", "list", "--json", ...flags])).stdout);
}

test("a call with --park ends with exit code 14, and approvals continue shows the rest of the run", async () => {
  const log = join(directory, "ran.log");
  answer("park from the terminal", toolCall("bash", { command: `echo ran >> ${log}`, description: "d" }), "it ran");
  const parked = await attached(["--park", "park from the terminal"]);
  expect(parked.code, parked.stderr).toBe(14);
  const [entry] = await list();
  const id = entry?.id ?? "";
  expect(parked.stderr).toContain(`opencode-ts approvals continue ${id}`);
  const listed = await run(["approvals", "list"]);
  expect(listed.stdout).toContain(`${id}  pending  Allow bash echo ran`);
  expect(listed.stdout).toContain(entry?.request.sessionId);
  const approved = await run(["approvals", "approve", id, "--by", "anna"]);
  expect(approved, approved.stderr).toMatchObject({ code: 0, stdout: "" });
  expect(approved.stderr).toContain(`approved ${id}`);
  expect(await list()).toEqual([]);
  expect(await list("--all")).toMatchObject([{ id, state: "approved", decidedBy: "anna" }]);
  const again = await run(["approvals", "deny", id, "--reason", "too late"]);
  expect(again.code).toBe(12);
  expect(again.stderr).toContain("approved by anna");
  const continued = await attached(["approvals", "continue", id]);
  expect(continued.stdout, continued.stderr).toContain("it ran");
  expect(await readFile(log, "utf8")).toBe("ran\n");
  expect(await list()).toEqual([]);
  expect(await list("--all")).toMatchObject([{ id, state: "approved", decidedBy: "anna" }]);
});

test("a denied request is told to the agent by approvals continue, and wrong calls have their exit codes", async () => {
  answer("deny from the terminal", toolCall("bash", { command: "echo no", description: "d" }), ({ toolResults }) =>
    String(toolResults[0]?.content),
  );
  expect((await attached(["--park", "-q", "deny from the terminal"])).code).toBe(14);
  const [entry] = await list();
  const id = entry?.id ?? "";
  expect((await run(["approvals", "deny", id])).code).toBe(2);
  expect((await run(["approvals", "approve", "apr_none"])).code).toBe(8);
  expect((await run(["approvals", "continue", "apr_none"])).code).toBe(2);
  const denied = await run(["approvals", "deny", id, "--reason", "not on a Friday", "--json"]);
  expect(JSON.parse(denied.stdout)).toMatchObject({ id, state: "denied", reason: "not on a Friday" });
  const continued = await attached(["approvals", "continue", id]);
  expect(continued.stdout).toContain("not on a Friday");
  expect((await run(["approvals", "list"])).stderr).toContain("no permission request waits for an approval");
});

test("approvals continue shows the rest of a command of the server, and the output of a prompt with a schema", async () => {
  const log = join(directory, "released.log");
  const call = toolCall("bash", { command: `echo released >> ${log}`, description: "d" });
  answer("Release it: now", call, "it is released");
  answer("count from the terminal", call, '{ "n": 2 }');
  const schema = join(home, "schema.json");
  await writeFile(schema, JSON.stringify({ type: "object", properties: { n: { type: "number" } }, required: ["n"] }));
  const park = async (...args: string[]): Promise<string> => {
    const parked = await attached(["--park", ...args]);
    expect(parked.code, parked.stderr).toBe(14);
    const id = (await list()).at(-1)?.id ?? "";
    await run(["approvals", "approve", id]);
    return id;
  };
  const command = await park("--command", "release", "now");
  const released = await attached(["approvals", "continue", command]);
  expect(released.stdout, released.stderr).toContain("it is released");
  const counting = await park("--schema", schema, "count from the terminal");
  const counted = await attached(["approvals", "continue", counting, "--schema", schema, "--json"]);
  expect(JSON.parse(counted.stdout)).toMatchObject({ output: { n: 2 } });
  expect(await readFile(log, "utf8")).toBe("released\nreleased\n");
});
