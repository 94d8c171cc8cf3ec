/** The real preview of 2.0 as a kept server. Four are started. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { previewBinary } from "../../scripts/agent.js";
import { createOpencodeClient } from "../../src/client/client.js";
import type { WebHook } from "../../src/index.js";
import { findKept, keepServer, stopKept } from "../../src/kept.js";
import { hold, type ScriptedModel } from "../../src/testing/index.js";
import type { KeptOptions } from "../../src/types/kept.js";
import { property } from "../../src/util/json.js";
import { tellerEnvironment } from "../support/daemon-fixture.js";
import { createLookupModel, eventually, type Fixture, temporaryFolder } from "../support/fixture.js";
import { startHttpServer } from "../support/http-server.js";
import { isAlive, type RunningProgram, runProgram, waitUntil } from "../support/processes.js";
import { scaled, unhurried } from "../support/slowness.js";

let directory: string;
let model: ScriptedModel;
let answer: Fixture["answer"];
let options: KeptOptions;

beforeAll(async () => {
  directory = await temporaryFolder();
  ({ model, answer } = await createLookupModel());
  const { serverTimeout } = unhurried();
  const isolation = { home: join(directory, "..", "home") };
  const env = { OPENCODE_MODELS_PATH: process.env["OPENCODE_TEST_MODELS"], ...tellerEnvironment };
  const binary = await previewBinary();
  options = { binary, directory, isolation, env, config: model.config, serverTimeout, logLevel: "error" };
}, scaled(60_000));
afterAll(async () => {
  await stopKept({ directory, isolation: options.isolation });
  await model.close();
  await rm(join(directory, ".."), { recursive: true, force: true, maxRetries: 5 });
});

test("a kept preview is found again, asks about everything, and ends by stopKept()", async () => {
  const { isolation } = options;
  const kept = await keepServer(options);
  expect(kept.version).toBe("2.0.0-preview");
  expect(await findKept({ directory, isolation })).toMatchObject({ url: kept.url, pid: kept.pid });
  const client = createOpencodeClient({ baseUrl: kept.url, password: kept.password, directory });
  let rules: unknown;
  await waitUntil(async () => {
    const { data } = await client.request("GET", "/api/agent", { query: { "location[directory]": directory } });
    const agents = property(data, "data");
    rules = Array.isArray(agents)
      ? property(
          agents.find((one) => property(one, "id") === "build"),
          "permissions",
        )
      : [];
    return Array.isArray(rules) && rules.length > 0;
  });
  expect(rules).toContainEqual({ action: "?*", resource: "*", effect: "ask" });
  expect(await stopKept({ directory, isolation })).toBe(true);
  expect(isAlive(kept.pid)).toBe(false);
});

/** Another process that asks in the conversation. */
function asker(prompt: string, onSettled?: WebHook): RunningProgram {
  const task = { options: { ...options, onSettled }, prompt, messageId: `msg_${prompt.replaceAll(" ", "_")}` };
  const env = { ...process.env, ASKER_TASK: JSON.stringify(task) };
  return runProgram(new URL("../support/programs/kept-asker.ts", import.meta.url), [], env);
}

async function told(program: RunningProgram): Promise<unknown> {
  await program.exit;
  const text = /^answer (.*)$/m.exec(program.output())?.[1];
  return text === undefined ? program.output() : JSON.parse(text);
}

test("processes that keep a preview at the same time share one, and it goes on with the prompt of a killed one", async () => {
  const { isolation } = options;
  const both = [asker("first of both"), asker("second of both")];
  const [one, two] = await Promise.all(both.map(told));
  expect([one, two]).toMatchObject([{ text: "echo: first of both" }, { text: "echo: second of both" }]);
  expect(property(one, "sessionId")).toBe(property(two, "sessionId"));
  const kept = await findKept({ directory, isolation });
  const pids = await Promise.all(both.map(({ report }) => report));
  expect(pids).toEqual([{ server: kept?.pid }, { server: kept?.pid }]);
  const gate = hold("the end");
  answer("killed in a text", { text: ["begun, ", gate] });
  const first = asker("killed in a text");
  await eventually("it is asked", () => model.calls("killed in a text") === 1);
  first.child.kill("SIGKILL");
  await first.exit;
  const second = asker("killed in a text");
  expect(await second.report).toEqual({ server: kept?.pid });
  gate.release();
  expect(await told(second)).toMatchObject({ text: "begun, the end", sessionId: property(one, "sessionId") });
  expect(model.calls("killed in a text")).toBe(1);
});

test("the notice of a killed client of a kept preview is told after the end of its run", async () => {
  await using hook = await startHttpServer((_request, response) => void response.writeHead(204).end());
  const gate = hold("the end");
  answer("killed with a notice", { text: ["begun, ", gate] });
  const asking = asker("killed with a notice", { url: hook.url, secret: `whsec_${"A".repeat(40)}` });
  await eventually("it is asked", () => model.calls("killed with a notice") === 1);
  asking.child.kill("SIGKILL");
  await asking.exit;
  gate.release();
  await hook.arrived(1);
  expect(JSON.parse(hook.requests[0]?.body ?? "")).toMatchObject({
    id: "msg_killed_with_a_notice-answered",
    data: { outcome: "answered", text: "begun, the end" },
  });
});

test("a kept preview that is killed is replaced by the next process", async () => {
  const { isolation } = options;
  const before = await keepServer(options);
  process.kill(before.pid, "SIGKILL");
  await waitUntil(async () => (await findKept({ directory, isolation })) === undefined);
  const after = await keepServer(options);
  expect(after.pid).not.toBe(before.pid);
  expect(await findKept({ directory, isolation })).toMatchObject({ url: after.url, pid: after.pid });
  expect(await stopKept({ directory, isolation })).toBe(true);
});

test("a kept preview without a use ends by itself", async () => {
  const kept = await keepServer({ ...options, idleTimeout: 1_000 });
  await waitUntil(() => !isAlive(kept.pid));
});
