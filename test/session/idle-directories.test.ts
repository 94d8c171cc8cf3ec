/** What a server has loaded for a directory goes when nobody uses it, and comes back with the next use. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createOpencode, defineTool } from "../../src/index.js";
import { toolCall } from "../../src/testing/index.js";
import {
  createLookupModel,
  eventually,
  type Fixture,
  hermetic,
  startOwnFixture,
  temporaryFolder,
} from "../support/fixture.js";
import { startMcpServer } from "../support/mcp-server.js";
import { standInBinary } from "../support/stand-in-2x/binary.js";

const program = fileURLToPath(new URL("../support/programs/stdio-mcp.mjs", import.meta.url));
const mcp = { small: { type: "local" as const, command: [process.execPath, program] } };
const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function newFolders(count: number): Promise<string[]> {
  const made = await Promise.all(Array.from({ length: count }, temporaryFolder));
  folders.push(...made);
  return made;
}

/** Where the MCP servers of these directories run, one entry for each process. */
function running(directories: readonly string[]): string[] {
  return readdirSync("/proc").flatMap((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(program)) return [];
      const directory = readlinkSync(`/proc/${pid}/cwd`);
      return directories.includes(directory) ? [directory] : [];
    } catch {
      return []; // no process, or gone
    }
  });
}

const requests: string[] = [];
const sent = (request: string): number => requests.filter((one) => one === request).length;
/** Notes what is sent, by route and directory. */
const noting: typeof globalThis.fetch = (input, init) => {
  const directory = decodeURIComponent(new Headers(init?.headers).get("x-opencode-directory") ?? "");
  requests.push(`${init?.method} ${new URL(String(input)).pathname} ${directory}`);
  return fetch(input, init);
};
beforeEach(() => {
  requests.length = 0;
});

// Elsewhere nothing tells where a process works.
describe.runIf(process.platform === "linux")("directoryIdleTimeout", () => {
  const add = defineTool({
    name: "add",
    description: "Adds.",
    input: { type: "object", properties: { a: { type: "number" } }, required: ["a"] },
    execute: (args) => String(Number(Object(args).a) + 1),
  });
  let fixture: Fixture;
  beforeAll(async () => {
    fixture = await startOwnFixture({ config: { mcp }, directoryIdleTimeout: 400, fetch: noting, tools: [add] });
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  test("an idle directory is disposed with its MCP servers, and its next turn has all tools again", async () => {
    const [directory = ""] = await newFolders(1);
    const session = await fixture.oc.createSession({ directory });
    fixture.answer("use it", toolCall("small_hello", {}), toolCall("app_add", { a: 1 }), ({ toolResults }) =>
      toolResults.map(({ content }) => content).join(),
    );
    for (let use = 0; use < 2; use += 1) {
      expect(`${await session.ask("use it")}`, `use ${use}`).toBe("hello,2");
      await eventually("its MCP server has ended", () => running([directory]).length === 0);
      expect(sent(`POST /instance/dispose ${directory}`)).toBe(use + 1);
    }
    expect(`${await session.ask("and now?")}`).toBe("echo: and now?");
  });

  test("a directory with a run of another client is disposed only after the run has ended", async () => {
    const [directory = ""] = await newFolders(1);
    let release = (): void => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    fixture.answer("be long", () => ({
      text: (async function* () {
        yield "long ";
        await gate;
        yield "answer";
      })(),
    }));
    const { server } = fixture.oc;
    if (server === undefined) throw new Error("there is no server");
    await using other = await createOpencode({ baseUrl: server.url, password: server.password, directory });
    const session = await other.createSession();
    const asked = session.ask("be long");
    await eventually("it runs", async () => (await session.status()).type === "busy");
    await fixture.oc.client.GET("/path", { directory }); // we have used it, too
    await eventually("it was looked at", () => sent(`GET /session/status ${directory}`) >= 3);
    expect(sent(`POST /instance/dispose ${directory}`)).toBe(0);
    release();
    expect(`${await asked}`).toBe("long answer");
    await eventually("it is disposed", () => sent(`POST /instance/dispose ${directory}`) === 1);
  });

  test("a directory whose events are followed is not disposed until the reader leaves", async () => {
    const { directory } = fixture;
    const events = fixture.oc.events()[Symbol.asyncIterator]();
    const next = events.next();
    await fixture.oc.ask("while they are followed");
    await next;
    const [other = ""] = await newFolders(1);
    await fixture.oc.client.GET("/path", { directory: other });
    await eventually("one used later is disposed", () => sent(`POST /instance/dispose ${other}`) === 1);
    expect(sent(`POST /instance/dispose ${directory}`)).toBe(0);
    await events.return?.();
    await eventually("it is disposed", () => sent(`POST /instance/dispose ${directory}`) === 1);
  });

  test("a disposed directory gets its added MCP servers back, and disconnected ones stay disconnected", async () => {
    const { oc, answer } = fixture;
    await using added = await startMcpServer();
    await oc.mcp.add("added", { type: "remote", url: added.url });
    await oc.mcp.disconnect("small");
    await eventually("it is disposed", () => sent(`POST /instance/dispose ${fixture.directory}`) > 0);
    answer("greet", toolCall("added_hello", {}), "greeted");
    const { toolCalls } = await oc.ask("greet");
    expect(toolCalls).toMatchObject([{ tool: "added_hello", output: "hello" }]);
    const tools = fixture.model.requests.find(({ lastUserText }) => lastUserText === "greet")?.tools ?? [];
    expect(tools).not.toContain("small_hello");
  });
});

test("a server of 2.x refuses maxDirectories by name and is ended", async () => {
  const { model } = await createLookupModel();
  const options = { ...hermetic(model, await temporaryFolder()), binary: standInBinary() };
  await expect(createOpencode({ ...options, maxDirectories: 1 })).rejects.toMatchObject({
    name: "UnsupportedEndpointError",
    message: expect.stringContaining("maxDirectories"),
  });
  await model.close();
});

describe.runIf(process.platform === "linux")("maxDirectories", () => {
  test("the directory that was idle longest is disposed with its MCP server beyond maxDirectories", async () => {
    const directories = await newFolders(6);
    await using fixture = await startOwnFixture({ config: { mcp }, maxDirectories: 2, fetch: noting });
    for (const directory of directories) {
      const session = await fixture.oc.createSession({ directory });
      expect(`${await session.ask(directory)}`).toBe(`echo: ${directory}`);
      await eventually("there are two at most", () => running(directories).length <= 2);
      expect(running([directory])).toEqual([directory]);
    }
    await eventually("two are left", () => running(directories).length === 2);
    expect(new Set(running(directories))).toEqual(new Set(directories.slice(-2)));
    const disposed = requests.filter((one) => one.startsWith("POST /instance/dispose"));
    expect(disposed.map((one) => one.split(" ")[2])).toEqual(
      expect.arrayContaining(directories.slice(0, 4)) as unknown as string[],
    );
  });
});

test.each([
  [{ directoryIdleTimeout: 0 }, "directoryIdleTimeout"],
  [{ directoryIdleTimeout: "10" as unknown as number }, "directoryIdleTimeout"],
  [{ maxDirectories: 0 }, "maxDirectories"],
  [{ maxDirectories: 1.5 }, "maxDirectories"],
])("createOpencode rejects %j before it starts a server", async (options, name) => {
  await expect(createOpencode({ ...options, binary: "/does/not/exist" })).rejects.toMatchObject({
    name: "ConfigError",
    message: expect.stringContaining(name),
  });
});
