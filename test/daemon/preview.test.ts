/** The real preview of 2.0 as a kept server. Two are started. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { previewBinary } from "../../scripts/agent.js";
import { createOpencodeClient } from "../../src/client/client.js";
import { findKept, keepServer, stopKept } from "../../src/kept.js";
import { createScriptedModel, type ScriptedModel } from "../../src/testing/index.js";
import type { KeptOptions } from "../../src/types/kept.js";
import { property } from "../../src/util/json.js";
import { temporaryFolder } from "../support/fixture.js";
import { isAlive, waitUntil } from "../support/processes.js";
import { scaled, unhurried } from "../support/slowness.js";

let directory: string;
let model: ScriptedModel;
let options: KeptOptions;

beforeAll(async () => {
  directory = await temporaryFolder();
  model = await createScriptedModel(() => "Hello.");
  const { serverTimeout } = unhurried();
  const isolation = { home: join(directory, "..", "home") };
  const env = { OPENCODE_MODELS_PATH: process.env["OPENCODE_TEST_MODELS"] };
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

test("a kept preview without a use ends by itself", async () => {
  const kept = await keepServer({ ...options, idleTimeout: 1_000 });
  await waitUntil(() => !isAlive(kept.pid));
});
