/** The server's list of model providers: only those that the user can use, or all of them in a doubt. */
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createOpencode, type Opencode, type StartOptions } from "../../src/index.js";
import { writeUsableProviders } from "../../src/server/usable-providers.js";
import { createScriptedModel, type ScriptedModel } from "../../src/testing/index.js";
import { isRecord, parseJson } from "../../src/util/json.js";
import { temporaryFolder, testBinary } from "../support/fixture.js";
import { homeVariables } from "../support/home.js";
import { unhurried } from "../support/slowness.js";

const names = ["withkey", "withlogin", "configured", "ofanagent", "ofavariable", "unused"];

function provider(id: string): object {
  const model = {
    id: "one",
    name: "One",
    release_date: "2026-01-01",
    attachment: false,
    reasoning: false,
    temperature: true,
    tool_call: true,
    limit: { context: 1_000, output: 100 },
    cost: { input: 1, output: 1 },
  };
  const env = [`${id.toUpperCase()}_KEY`];
  return { id, name: id, env, npm: "@ai-sdk/openai-compatible", api: "http://127.0.0.1:9/v1", models: { one: model } };
}

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  await write("cache/opencode/models.json", JSON.stringify(Object.fromEntries(names.map((id) => [id, provider(id)]))));
  await write("data/opencode/auth.json", JSON.stringify({ withlogin: { type: "api", key: "k" } }));
  await write(
    "config/opencode/opencode.jsonc",
    '{ /* mine */ "small_model": "configured/one", "model": "{env:CHOICE}" }',
  );
  await write(
    "project/.opencode/agent/helper.md",
    "---\ndescription: helps\nmode: subagent\nmodel: ofanagent/one\n---\nHelp.\n",
  );
  await mkdir(join(folder, "private"));
});
afterEach(() => rm(dirname(folder), { recursive: true, force: true, maxRetries: 3 }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

function environment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { OPENCODE_MODELS_PATH: _none, ...home } = homeVariables(folder);
  return { ...home, WITHKEY_KEY: "k", CHOICE: "ofavariable/one", ...more };
}

describe.runIf(process.platform === "linux")("the list of usable providers", () => {
  const list = (more: Readonly<Record<string, string>> = {}) =>
    writeUsableProviders({
      env: environment(more),
      directory: join(folder, "project"),
      folder: join(folder, "private"),
    });

  it("the list has the providers with a key, a login or a mention in a configuration, and the agent's copy stays", async () => {
    const before = await readFile(join(folder, "cache/opencode/models.json"), "utf8");
    const { path = "" } = list();
    const written = parseJson(await readFile(path, "utf8"));
    expect(isRecord(written) && Object.keys(written).sort()).toEqual(names.filter((name) => name !== "unused").sort());
    expect(await readFile(join(folder, "cache/opencode/models.json"), "utf8")).toBe(before);
  });

  it.each([
    ["the caller's configuration", { OPENCODE_CONFIG_CONTENT: '{"provider":{"unused":{}}}' }],
    ["a login in the environment", { OPENCODE_AUTH_CONTENT: '{"unused":{"type":"api","key":"k"}}' }],
    ["a variable of the provider", { UNUSED_KEY: "k" }],
  ])("a provider that is named by %s is in the list", async (_case, env) => {
    expect(await readFile(list(env).path ?? "", "utf8")).toContain('"unused"');
  });

  it.each([
    ["a configuration above the directory", "opencode.json", '{"model":"unused/one"}'],
    ["a command", "project/.opencode/commands/deep/go.md", "---\nmodel: unused/one\n---\nGo.\n"],
    ["the directory's .env", "project/.env", "UNUSED_KEY=k"],
  ])("a provider that is named in %s is in the list", async (_case, path, text) => {
    await write(path, text);
    expect(await readFile(list().path ?? "", "utf8")).toContain('"unused"');
  });

  it.each([
    ["no list of the agent", "cache/opencode/models.json", "", /no list of providers/],
    ["a list of an unknown form", "cache/opencode/models.json", '{"a":{"id":"a","models":{}}}', /no list of providers/],
    ["a plugin in the configuration", "project/opencode.json", '{"plugin":["x"]}', /has plugins/],
    ["a plugin in a file", "project/.opencode/plugin/x.ts", "", /has programs/],
    ["a custom tool", "config/opencode/tools/x.ts", "", /has programs/],
    ["a value of another file", "opencode.json", '{"model":"{file:model.txt}"}', /another file/],
    [
      "a login with its own configuration",
      "data/opencode/auth.json",
      '{"x":{"type":"wellknown"}}',
      /configuration of its own/,
    ],
    ["a name with escapes", "opencode.json", '{"model":"\\u0075nused/one"}', /escapes/],
    ["a configuration in TOML", "config/opencode/config", 'model = "unused/one"', /TOML/],
    ["an unreadable configuration", "opencode.json/x", "", /cannot be read/],
  ])("the server loads all providers because of %s", async (_case, path, text, reason) => {
    await write(path, text);
    expect(list()).toEqual({ reason: expect.stringMatching(reason) });
    expect(existsSync(join(folder, "private/models.json"))).toBe(false);
  });

  it.each(["OPENCODE_MODELS_PATH", "OPENCODE_MODELS_URL"])(
    "the server loads all providers when the variable %s is set",
    (name) => {
      expect(list({ [name]: "/x" })).toEqual({ reason: `${name} is set` });
    },
  );
});

describe.runIf(process.platform === "linux")("a server that loads the usable providers", () => {
  let model: ScriptedModel;
  beforeAll(async () => {
    model = await createScriptedModel(() => "Hello.");
  });
  afterAll(() => model.close());

  const start = (options: Pick<StartOptions, "providers">): Promise<Opencode> =>
    createOpencode({
      ...options,
      binary: testBinary(),
      directory: join(folder, "project"),
      config: { provider: model.config.provider ?? {} },
      env: { ...environment(), OPENCODE_MODELS_PATH: undefined },
      ...unhurried(),
    });
  const modelsOf = async (opencode: Opencode): Promise<string[]> =>
    (await opencode.models()).map(({ fullName }) => fullName).sort();
  const known = async (opencode: Opencode): Promise<string[]> =>
    (await opencode.client.GET("/provider")).data.all.map(({ id }) => id);

  it("the server offers the same models, answers, and its list goes with it", async () => {
    await using whole = await start({});
    const models = await modelsOf(whole);
    const all = await known(whole);
    await whole.close();
    await using opencode = await start({ providers: "usable" });
    expect(await modelsOf(opencode)).toEqual(models);
    expect(models).toEqual(expect.arrayContaining([model.model, "withkey/one", "withlogin/one"]));
    expect([all.includes("unused"), (await known(opencode)).includes("unused")]).toEqual([true, false]);
    expect((await opencode.ask("Hi", { model: model.model })).text).toBe("Hello.");
    expect((await opencode.agents()).find(({ name }) => name === "helper")?.model?.providerID).toBe("ofanagent");
  });

  it("an unknown value of `providers` is a ConfigError", async () => {
    await expect(start({ providers: "some" as never })).rejects.toThrow(/`providers` option to be "all" or "usable"/);
  });
});
