import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { catalogV2 } from "../../../src/api/v2/catalog.js";
import { changesV2 } from "../../../src/api/v2/changes.js";
import { dialectOf } from "../../../src/api/v2/dialects.js";
import { filesV2 } from "../../../src/api/v2/files.js";
import { mcpV2 } from "../../../src/api/v2/mcp.js";
import { promptsV2 } from "../../../src/api/v2/prompts.js";
import { requestsV2 } from "../../../src/api/v2/requests.js";
import { serverV2 } from "../../../src/api/v2/server.js";
import { sessionsV2 } from "../../../src/api/v2/sessions.js";
import type { Wire } from "../../../src/api/v2/wire.js";
import {
  AgentNotFoundError,
  ConfigError,
  ConflictError,
  ModelNotFoundError,
  NotFoundError,
  UnsupportedEndpointError,
} from "../../../src/errors/index.js";
import { createScriptedModel, type ScriptedModel, toolCall } from "../../../src/testing/index.js";
import { mintId, mintSessionId } from "../../../src/util/ids.js";
import { isRecord, property, stringProperty } from "../../../src/util/json.js";
import { type Preview, startPreview } from "../../support/preview.js";
import { scaled } from "../../support/slowness.js";

let model: ScriptedModel;
let preview: Preview;
let directory: string;

const words = { type: "text" as const, id: "prt_1" };

function prompt(text: string, more: object = {}) {
  return { messageID: mintId("msg"), parts: [{ ...words, text }], ...more };
}

function apiIn(folder: string) {
  const wire: Wire = { client: preview.client(folder), dialect: dialectOf("preview") };
  return {
    wire,
    sessions: sessionsV2(wire),
    prompts: promptsV2(wire),
    requests: requestsV2(wire),
    catalog: catalogV2(wire),
    changes: changesV2(wire),
    files: filesV2(wire),
    server: serverV2(wire),
    mcp: mcpV2(wire),
  };
}

type Api = ReturnType<typeof apiIn>;

async function until<T>(read: () => Promise<T | undefined>, what: string): Promise<T> {
  const end = Date.now() + scaled(30_000);
  for (;;) {
    const found = await read();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`${what}: not within the time`);
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}

async function idle({ sessions }: Api, id: string): Promise<void> {
  await until(async () => ((await sessions.statuses())[id] === undefined ? true : undefined), "the session is idle");
}

async function messages({ wire }: Api, id: string): Promise<Record<string, unknown>[]> {
  const { data } = await wire.client.request("GET", `/api/session/${id}/message`, {
    query: { order: "asc", limit: 100 },
  });
  const list = property(data, "data");
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

async function ask(api: Api, id: string, text: string, more: object = {}): Promise<string> {
  const body = prompt(text, more);
  await api.prompts.submit(id, body);
  await idle(api, id);
  return body.messageID;
}

/** Models of the answers, oldest first. */
async function modelsOf(api: Api, id: string): Promise<string[]> {
  const all = await messages(api, id);
  return all.flatMap((message) => {
    const used = property(message, "model");
    return stringProperty(message, "type") === "assistant"
      ? [`${stringProperty(used, "id")}${stringProperty(used, "variant") === "high" ? "/high" : ""}`]
      : [];
  });
}

beforeAll(async () => {
  model = await createScriptedModel(({ lastUserText, stepIndex, model: name, toolResults }) => {
    if (lastUserText.includes("RUN") && stepIndex === 0)
      return toolCall("bash", { command: "echo hi", description: "d" });
    if (lastUserText.includes("WRITE") && stepIndex === 0)
      return toolCall("write", { path: "made.txt", content: "made\n" });
    if (lastUserText.includes("TODO") && stepIndex === 0)
      return toolCall("todowrite", { todos: [{ content: "first", status: "pending", priority: "high" }] });
    if (lastUserText.includes("QUESTION") && stepIndex === 0) {
      const options = [{ label: "Red", description: "warm" }];
      return toolCall("question", { questions: [{ question: "Which?", header: "Colour", options }] });
    }
    if (lastUserText.includes("SILENT")) return { end: "hang" };
    return `${name}: ${lastUserText} ${toolResults.map(({ content }) => content).join(" ")}`;
  });
  const { provider } = model.config;
  const entry = provider?.["scripted"];
  const plain = entry?.models?.["model"];
  const models = {
    model: { ...plain, variants: { high: { reasoningEffort: "high" } } },
    other: { ...plain, name: "Other" },
  };
  const config = { ...model.config, provider: { scripted: { ...entry, models } } };
  preview = await startPreview({
    model: { model: model.model, config },
    config: {
      permission: { bash: "ask", todowrite: "allow", question: "allow", edit: "allow" },
      agent: { rev: { prompt: "You review.", mode: "primary", description: "reviews" } },
      command: { hey: { template: "Hey $ARGUMENTS", description: "greets" } },
    },
  });
  directory = await preview.directory();
}, 240_000);

afterAll(async () => {
  await preview?.[Symbol.asyncDispose]();
  await model?.close();
});

describe("sessions on the preview", { timeout: 120_000 }, () => {
  test("the same id creates one session, in the directory of the call", async () => {
    const { sessions } = apiIn(directory);
    const id = mintSessionId();
    const draft = { id, title: "kept nowhere", agent: "rev", model: { providerID: "scripted", modelID: "other" } };
    const first = await sessions.create(draft);
    const again = await sessions.create(draft);
    expect(again).toEqual(first);
    expect(first).toMatchObject({ id, directory, agent: "rev", model: { providerID: "scripted", id: "other" } });
    expect((await sessions.list({ limit: 300 })).filter((info) => info.id === id)).toHaveLength(1);
    expect(await sessions.get(id)).toMatchObject({ id, directory });
  });

  test("an id that another directory has is a ConflictError", async () => {
    const id = mintSessionId();
    const other = join(directory, "below");
    await mkdir(other);
    await apiIn(directory).sessions.create({ id });
    await expect(apiIn(other).sessions.create({ id })).rejects.toThrow(ConflictError);
  });

  test("metadata, rules and a parent are refused by name, and no session is made", async () => {
    const { sessions } = apiIn(directory);
    const before = (await sessions.list({ limit: 500 })).length;
    const rule = { permission: "bash", pattern: "*", action: "deny" as const };
    for (const [draft, name] of [
      [{ metadata: { a: 1 } }, /metadata/],
      [{ permission: [rule] }, /permission rules/],
      [{ parentId: "ses_1" }, /below another/],
    ] as const) {
      const error = await sessions.create({ id: mintSessionId(), ...draft }).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(UnsupportedEndpointError);
      expect(String(error)).toMatch(name);
    }
    expect(await sessions.list({ limit: 500 })).toHaveLength(before);
  });

  test("a list goes over several pages, and those of all directories have no other", async () => {
    const folder = await preview.directory();
    const { sessions } = apiIn(`${folder}/`);
    await apiIn(directory).sessions.create({ id: mintSessionId() });
    const ids = await Promise.all(
      Array.from({ length: 5 }, async () => (await sessions.create({ id: mintSessionId() })).id),
    );
    expect((await sessions.list({ limit: 3 })).length).toBe(3);
    expect((await sessions.list({})).map(({ id }) => id).sort()).toEqual([...ids].sort());
    const everywhere = await sessions.listEverywhere({ limit: 1_000 });
    expect(everywhere.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    expect(new Set(everywhere.map((info) => info.directory)).size).toBeGreaterThan(1);
    const before = Math.max(...everywhere.map(({ time }) => time.updated));
    expect((await sessions.listEverywhere({ limit: 1_000, before })).length).toBeLessThan(everywhere.length);
  });

  test("an operation that the preview lacks is an UnsupportedEndpointError with the nearest thing", async () => {
    const { sessions, prompts, changes, catalog, server, mcp } = apiIn(directory);
    const { id } = await sessions.create({ id: mintSessionId() });
    const rule = { permission: "bash", pattern: "*", action: "deny" as const };
    const calls = [
      sessions.update(id, { title: "t" }),
      sessions.update(id, { archivedAt: 1 }),
      sessions.update(id, { addedRules: [rule] }),
      sessions.delete(id),
      sessions.fork(id),
      sessions.share(id),
      prompts.shell(id, { messageId: mintId("msg"), command: "ls", agent: "build" }),
      prompts.compact(id, { messageId: mintId("msg"), providerID: "scripted", modelID: "model" }),
      prompts.command(id, { messageId: mintId("msg"), name: "hey", arguments: "" }),
      changes.diff(id, "msg_1"),
      catalog.toolNames(),
      server.disposeDirectory(),
      mcp.statuses(),
    ];
    for (const result of await Promise.allSettled(calls)) {
      expect(result.status).toBe("rejected");
      const { reason } = result as PromiseRejectedResult;
      expect(reason).toBeInstanceOf(UnsupportedEndpointError);
      expect((reason as UnsupportedEndpointError).message).toMatch(/^the 2\.0 preview /);
      expect((reason as UnsupportedEndpointError).hint).toMatch(/\w{3,}/);
    }
    expect(await sessions.children(id)).toEqual([]);
  });
});

describe("prompts on the preview", { timeout: 120_000 }, () => {
  test("a prompt that is sent again under its id runs once; another text under it is a ConflictError", async () => {
    const api = apiIn(directory);
    const { id } = await api.sessions.create({ id: mintSessionId() });
    const body = prompt("exactly once please");
    await Promise.all([1, 2, 3].map(() => api.prompts.submit(id, body)));
    await idle(api, id);
    await api.prompts.submit(id, body);
    await idle(api, id);
    expect(model.calls("exactly once please")).toBe(1);
    expect(await api.prompts.isStored(id, body)).toBe(true);
    const other = { ...body, parts: [{ ...words, text: "something else" }] };
    await expect(api.prompts.submit(id, other)).rejects.toThrow(ConflictError);
    await expect(api.prompts.isStored(id, other)).rejects.toThrow(ConflictError);
    expect(await api.prompts.isStored(id, prompt("never sent"))).toBe(false);
  });

  test("model, variant and agent hold for one prompt", async () => {
    const api = apiIn(directory);
    const own = { providerID: "scripted", modelID: "model" };
    const { id } = await api.sessions.create({ id: mintSessionId(), model: own, agent: "build" });
    await ask(api, id, "one");
    await ask(api, id, "two", { model: { providerID: "scripted", modelID: "other" }, agent: "rev" });
    await ask(api, id, "three", { variant: "high" });
    await ask(api, id, "four");
    expect(await modelsOf(api, id)).toEqual(["model", "other", "model/high", "model"]);
    const agents = (await messages(api, id)).flatMap((one) =>
      stringProperty(one, "type") === "assistant" ? [stringProperty(one, "agent")] : [],
    );
    expect(agents).toEqual(["build", "rev", "build", "build"]);
  });

  test("a turn's model is set back after the turn, and a choice of another client stays", async () => {
    const api = apiIn(directory);
    const own = { providerID: "scripted", modelID: "model" };
    const other = { providerID: "scripted", modelID: "other" };
    const { id } = await api.sessions.create({ id: mintSessionId(), model: own, agent: "build" });
    await ask(api, id, "one", { model: other, agent: "rev" });
    await api.prompts.restore(id);
    expect(await api.sessions.get(id)).toMatchObject({ agent: "build", model: { id: "model" } });
    await ask(api, id, "two", { model: other });
    await api.wire.client.request("POST", `/api/session/${id}/model`, {
      body: { model: { ...{ id: "model", providerID: "scripted" }, variant: "high" } },
    });
    await api.prompts.restore(id);
    expect((await api.sessions.get(id)).model).toMatchObject({ id: "model", variant: "high" });
    await ask(api, id, "three");
    expect(await modelsOf(api, id)).toEqual(["other", "other", "model/high"]);
  });

  test("a lost answer to a switch leaves no turn's model behind", async () => {
    const own = { providerID: "scripted", modelID: "model" };
    const api = apiIn(directory);
    const { id } = await api.sessions.create({ id: mintSessionId(), model: own, agent: "build" });
    let isLost = false;
    const client = preview.client(directory).withOptions({
      fetch: async (...given) => {
        const response = await fetch(...given);
        if (!String(given[0] instanceof Request ? given[0].url : given[0]).endsWith("/model") || isLost)
          return response;
        isLost = true;
        throw new TypeError("fetch failed");
      },
      maxRetries: 0,
    });
    const lossy = promptsV2({ client, dialect: dialectOf("preview") });
    const body = prompt("one", { model: { providerID: "scripted", modelID: "other" } });
    await expect(lossy.submit(id, body)).rejects.toThrow();
    expect(isLost).toBe(true);
    await lossy.submit(id, body);
    await idle(api, id);
    await lossy.submit(id, prompt("two"));
    await idle(api, id);
    expect(await modelsOf(api, id)).toEqual(["other", "model"]);
  });

  test("unknown names are typed errors, and nothing is sent", async () => {
    const api = apiIn(directory);
    const { id } = await api.sessions.create({ id: mintSessionId() });
    const submit = (more: object) => api.prompts.submit(id, prompt("never", more));
    await expect(submit({ model: { providerID: "scripted", modelID: "none" } })).rejects.toThrow(ModelNotFoundError);
    await expect(submit({ agent: "nobody" })).rejects.toThrow(AgentNotFoundError);
    const known = { providerID: "scripted", modelID: "model" };
    await expect(submit({ model: known, variant: "huge" })).rejects.toThrow(/no variant "huge"/);
    await expect(api.prompts.submit(id, { ...prompt("never"), messageID: "msg1" })).rejects.toThrow(ConfigError);
    const format = { type: "json_schema" as const, schema: {} };
    await expect(submit({ format })).rejects.toThrow(UnsupportedEndpointError);
    await expect(submit({ tools: { bash: false } })).rejects.toThrow(UnsupportedEndpointError);
    expect(await messages(api, id)).toEqual([]);
  });

  test("a prompt right after the first use of a directory is answered", async () => {
    const folder = join(preview.home, "work", "fresh");
    await mkdir(folder, { recursive: true });
    const api = apiIn(folder);
    const { id } = await api.sessions.create({ id: mintSessionId() });
    await ask(api, id, "early bird");
    expect(model.calls("early bird")).toBe(1);
  });

  test("system text, files and images reach the model, and the session stays usable", async () => {
    const api = apiIn(directory);
    await writeFile(join(directory, "note.txt"), "from the file");
    const { id } = await api.sessions.create({ id: mintSessionId() });
    const data = (mime: string, text: string) => `data:${mime};base64,${Buffer.from(text).toString("base64")}`;
    const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const file = { type: "file" as const, id: "prt_2" };
    const parts = [
      { ...words, text: "look at these" },
      { ...file, mime: "text/markdown", filename: "a.md", url: data("text/markdown", "# inlined") },
      { ...file, mime: "text/plain", url: `file://${directory}/note.txt` },
      { ...file, mime: "image/png", filename: "dot.png", url: `data:image/png;base64,${png}` },
    ];
    await api.prompts.submit(id, { messageID: mintId("msg"), parts, system: "Speak softly." });
    await idle(api, id);
    const request = model.requests.findLast(({ lastUserText }) => lastUserText.includes("look at these"));
    expect(request?.lastUserText).toContain("Speak softly.");
    expect(request?.lastUserText).toContain("# inlined");
    expect(request?.lastUserText).toContain("from the file");
    expect(JSON.stringify(request?.messages)).toContain(png);
    const bad = [
      { ...file, mime: "application/pdf", url: data("application/pdf", "%PDF") },
      { ...file, mime: "image/png", url: "data:image/png;base64,@@@" },
      { ...file, mime: "image/png", url: "data:image/png;base64," },
      { ...file, mime: "text/plain", url: "file:///etc/hostname" },
    ];
    for (const part of bad) {
      const sent = api.prompts.submit(id, { messageID: mintId("msg"), parts: [{ ...words, text: "x" }, part] });
      await expect(sent).rejects.toThrow(/opencode|preview|data: URL|empty|decoded/);
    }
    await ask(api, id, "still there?");
    expect(model.calls("still there?")).toBe(1);
  });

  test("an abort ends the run", async () => {
    const api = apiIn(directory);
    const { id } = await api.sessions.create({ id: mintSessionId() });
    await api.prompts.submit(id, prompt("SILENT"));
    await until(async () => (model.calls("SILENT") > 0 ? true : undefined), "the model is called");
    expect((await api.sessions.statuses())[id]).toEqual({ type: "busy" });
    expect(await api.server.isDirectoryInUse()).toBe(true);
    await api.prompts.abort(id);
    expect((await api.sessions.statuses())[id]).toBeUndefined();
    await api.prompts.abort(id);
  });
});

describe("requests on the preview", { timeout: 120_000 }, () => {
  test("an answer 'always' is told as 'once': the server saves nothing", async () => {
    const api = apiIn(directory);
    const { id } = await api.sessions.create({ id: mintSessionId() });
    await api.prompts.submit(id, prompt("RUN it"));
    const open = await until(
      async () => (await api.requests.permissions()).find((one) => one.sessionId === id),
      "an ask",
    );
    expect(open).toMatchObject({ permission: "bash", patterns: ["echo hi"], metadata: { command: "echo hi" } });
    expect(open.call.callId).toMatch(/\w/);
    await api.requests.answerPermission(open.id, { reply: "always" });
    await idle(api, id);
    const { data } = await api.wire.client.request("GET", "/api/permission/saved");
    expect(property(data, "data")).toEqual([]);
    await expect(api.requests.answerPermission(open.id, { reply: "once" })).rejects.toThrow(NotFoundError);
  });

  test("a question is listed and answered, and a refusal ends the run", async () => {
    const api = apiIn(directory);
    for (const isAnswered of [true, false]) {
      const { id } = await api.sessions.create({ id: mintSessionId() });
      await api.prompts.submit(id, prompt("QUESTION"));
      const open = await until(
        async () => (await api.requests.questions()).find((one) => one.sessionId === id),
        "a question",
      );
      expect(open.questions).toEqual([
        { question: "Which?", header: "Colour", options: [{ label: "Red", description: "warm" }], multiple: false },
      ]);
      if (isAnswered) await api.requests.answerQuestion(open.id, [["Red"]]);
      else await api.requests.rejectQuestion(open.id);
      await idle(api, id);
      const all = JSON.stringify(await messages(api, id));
      expect(all.includes('"answers":[["Red"]]')).toBe(isAnswered);
      expect(all.includes('"finish":"stop"')).toBe(isAnswered);
    }
  });
});

describe("the catalog of the preview", { timeout: 120_000 }, () => {
  test("models, agents and commands have the types of 1.x, and secrets are left out", async () => {
    const folder = join(preview.home, "work", "catalog");
    await mkdir(folder, { recursive: true });
    const { catalog } = apiIn(folder);
    const providers = await catalog.providers();
    const scripted = providers.find(({ id }) => id === "scripted");
    expect(Object.keys(scripted?.models ?? {}).sort()).toEqual(["model", "other"]);
    expect(Object.keys(scripted?.models["model"]?.variants ?? {})).toContain("high");
    expect(scripted?.models["model"]?.limit.context).toBe(200_000);
    expect(providers.length).toBeLessThan(10);
    expect(JSON.stringify(providers)).not.toContain("apiKey");
    const agents = await catalog.agents();
    expect(agents[0]?.name).toBe("build");
    expect(agents.find(({ name }) => name === "rev")).toMatchObject({ mode: "primary", prompt: "You review." });
    expect(agents[0]?.permission).toContainEqual({ permission: "bash", pattern: "*", action: "ask" });
    const hey = (await catalog.commands()).find(({ name }) => name === "hey");
    expect(hey).toMatchObject({ template: "Hey $ARGUMENTS", description: "greets" });
    expect(await catalog.paths()).toMatchObject({ directory: folder });
    expect(await catalog.hasVersionControl()).toBe(false);
  });

  test("files are listed and read, a missing one is empty", async () => {
    const { files } = apiIn(directory);
    await writeFile(join(directory, "read me.txt"), "text");
    expect(await files.text("read me.txt")).toBe("text");
    expect(await files.text("missing.txt")).toBe("");
    await files.list("");
    await expect(files.list("", { directory: "/nowhere/at/all" })).rejects.toThrow();
  });

  test("the todo list is that of the last call", async () => {
    const api = apiIn(directory);
    const { id } = await api.sessions.create({ id: mintSessionId() });
    expect(await api.sessions.todos(id)).toEqual([]);
    await ask(api, id, "TODO");
    expect(await api.sessions.todos(id)).toEqual([{ content: "first", status: "pending", priority: "high" }]);
  });
});

describe("reverts on the preview", { timeout: 120_000 }, () => {
  test("a prompt is taken back with its files, brought again, and given up by the next prompt", async () => {
    const folder = join(preview.home, "work", "git");
    await mkdir(folder, { recursive: true });
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", ...args]);
    git("init", "-q");
    git("commit", "-q", "--allow-empty", "-m", "first");
    const made = () => readFile(join(folder, "made.txt"), "utf8").catch(() => undefined);
    const api = apiIn(folder);
    expect(await api.catalog.hasVersionControl()).toBe(true);
    const { id } = await api.sessions.create({ id: mintSessionId() });
    await ask(api, id, "first");
    const written = await ask(api, id, "WRITE it");
    expect(await made()).toBe("made\n");
    const reverted = await api.changes.revert(id, { messageId: written });
    expect(await made()).toBeUndefined();
    expect(reverted.revert?.diff).toContain("made.txt");
    await api.changes.unrevert(id);
    expect(await made()).toBe("made\n");
    expect((await api.sessions.get(id)).revert).toBeUndefined();
    await api.changes.revert(id, { messageId: written });
    await expect(api.changes.clearRevert(id)).rejects.toThrow(UnsupportedEndpointError);
    await ask(api, id, "afterwards");
    const texts = (await messages(api, id)).map((one) => stringProperty(one, "text"));
    expect(texts).toContain("first");
    expect(texts).toContain("afterwards");
    expect(texts).not.toContain("WRITE it");
    expect((await api.sessions.get(id)).revert).toBeUndefined();
    await expect(api.changes.revert(id, { messageId: written, partId: "prt_1" })).rejects.toThrow(
      UnsupportedEndpointError,
    );
  });
});
