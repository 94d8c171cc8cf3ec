/** Changed configuration files, taken up by a server that goes on. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay, setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  AbortedError,
  AgentNotFoundError,
  ConfigError,
  createOpencode,
  defineTool,
  type Opencode,
  UnsupportedEndpointError,
} from "../../src/index.js";
import { enterTurn, holdTurns } from "../../src/session/reload-gate.js";
import { hold, type ModelRequest, toolCall } from "../../src/testing/index.js";
import { asCallback } from "../../src/util/open-callbacks.js";
import { targetOf } from "../conformance/targets.js";
import { startWorld } from "../conformance/world.js";
import { eventually, type Fixture, startOwnFixture, temporaryFolder } from "../support/fixture.js";
import { homeVariables } from "../support/home.js";
import { scaled } from "../support/slowness.js";

const program = fileURLToPath(new URL("../support/programs/stdio-mcp.mjs", import.meta.url));
const small = { type: "local" as const, command: [process.execPath, program] };

let fixture: Fixture;
/** That of the tool. */
let reloading: Promise<void> | undefined;
beforeAll(async () => {
  fixture = await startOwnFixture({
    isolation: "inherit", // a clean server does not read the directory's configuration
    env: homeVariables(await temporaryFolder()),
    permissionMode: "bypass",
    tools: [
      defineTool({
        name: "ask_again",
        description: "Asks.",
        input: { type: "object", properties: {} },
        execute: async () => {
          reloading = fixture.oc.reload();
          return (await fixture.oc.ask("nested", { timeout: 60_000 })).text;
        },
      }),
    ],
  });
});
afterAll(() => fixture[Symbol.asyncDispose]());

async function writeAgent(directory: string, name: string): Promise<void> {
  const folder = join(directory, ".opencode", "agent");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${name}.md`), `---\ndescription: ${name}\nmode: primary\n---\nYou are the ${name}.\n`);
}

async function names(oc: Opencode): Promise<string[]> {
  return (await oc.agents()).map(({ name }) => name);
}

function requestsOf(prompt: string): number {
  return fixture.model.requests.filter(({ lastUserText }) => lastUserText === prompt).length;
}

describe("reload() on 1.18.33", () => {
  test("reload() takes up a new agent and a new MCP server, and forgets that the names were unknown", async () => {
    const { oc, directory } = fixture;
    await expect(oc.ask("who", { agent: "pilot" })).rejects.toThrow(AgentNotFoundError);
    await writeAgent(directory, "pilot");
    await writeFile(join(directory, "opencode.json"), JSON.stringify({ mcp: { small } }));
    expect(await names(oc)).not.toContain("pilot");
    await oc.reload();
    expect(await names(oc)).toContain("pilot");
    expect(await oc.mcp.status()).toContainEqual({ name: "small", status: "connected" });
    expect((await oc.ask("who", { agent: "pilot" })).text).toBe("echo: who");
    expect(JSON.stringify(fixture.model.requests.at(-1)?.messages)).toContain("You are the pilot.");
  });

  test("reload() waits for a run, and a prompt that is asked meanwhile runs once behind it with the new configuration", async () => {
    const { oc, directory } = fixture;
    const rest = hold("whole");
    fixture.answer("be long", { text: ["the ", rest] });
    const long = oc.ask("be long");
    await eventually("the run goes on", () => requestsOf("be long") > 0);
    await writeAgent(directory, "sailor");
    let isReloaded = false;
    const reloaded = oc.reload().then(() => {
      isReloaded = true;
    });
    const second = createSecond(oc);
    await second.begun;
    expect([isReloaded, requestsOf("meanwhile")]).toEqual([false, 0]);
    rest.release();
    expect((await long).text).toBe("the whole");
    await reloaded;
    expect((await second.answer).text).toBe("echo: meanwhile");
    expect(requestsOf("meanwhile")).toBe(1);
    expect(await names(oc)).toContain("sailor");
  });

  test("a prompt in a new session waits for the reload that brings its agent", async () => {
    const { oc, directory } = fixture;
    const rest = hold("whole");
    fixture.answer("be long once more", { text: ["the ", rest] });
    const long = oc.ask("be long once more");
    await eventually("the run goes on", () => requestsOf("be long once more") > 0);
    await writeAgent(directory, "captain");
    const reloaded = oc.reload();
    const asked = oc.ask("who commands", { agent: "captain" });
    const early = asked.then(
      () => "answered",
      () => "refused",
    );
    expect(await Promise.race([early, delay(scaled(500), "waits")])).toBe("waits");
    rest.release();
    expect((await long).text).toBe("the whole");
    await reloaded;
    expect((await asked).text).toBe("echo: who commands");
  });

  /** A prompt that is held back: its session is made. */
  function createSecond(oc: Opencode): { begun: Promise<unknown>; answer: Promise<{ text: string }> } {
    const session = oc.createSession();
    return { begun: session, answer: session.then((one) => one.ask("meanwhile")) };
  }

  test("reload() waits for another client's run, and ends with its signal before the run does", async () => {
    const { oc, directory } = fixture;
    const { server } = oc;
    if (server === undefined) throw new Error("there is no server");
    await using other = await createOpencode({ baseUrl: server.url, password: server.password, directory });
    const rest = hold("end");
    fixture.answer("of another", { text: ["the ", rest] });
    const session = await other.createSession();
    const running = session.ask("of another");
    await eventually("the run goes on", () => requestsOf("of another") > 0);
    const stop = new AbortController();
    const stopped = oc.reload({ signal: stop.signal });
    stop.abort();
    await expect(stopped).rejects.toThrow(AbortedError);
    const reloaded = oc.reload();
    rest.release();
    expect((await running).text).toBe("the end");
    await reloaded;
    expect((await session.ask("and on")).text).toBe("echo: and on");
  });

  test("a prompt of another process that the directory is let go of under runs all the same, once", async () => {
    const { oc, directory } = fixture;
    const { url = "", password = "" } = oc.server ?? {};
    const never = hold("cut"); // whether or not the model is asked in time, nothing of that run is told
    let isArmed = true;
    let isDisposed = false;
    fixture.answer("in the moment between", () => (isDisposed ? "the answer" : { text: [never] }));
    const under: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init);
      if (!isArmed || !new Request(input, init).url.includes("/prompt_async")) return answer;
      isArmed = false;
      await oc.client.POST("/instance/dispose");
      isDisposed = true;
      return answer;
    };
    await using other = await createOpencode({ baseUrl: url, password, directory, fetch: under });
    expect((await other.ask("in the moment between")).text).toBe("the answer");
    expect(isArmed).toBe(false);
    expect(requestsOf("in the moment between")).toBeLessThanOrEqual(2); // the first one's answer may be lost on its way
    never.release();
  });

  test("reload() lets a prompt pass that a tool of a running turn asks", async () => {
    const { oc } = fixture;
    const got = ({ toolResults }: ModelRequest): string => `got ${toolResults.map(({ content }) => content).join()}`;
    fixture.answer("use the tool", toolCall("app_ask_again", {}), got);
    expect((await oc.ask("use the tool")).text).toBe("got echo: nested");
    await reloading;
    expect((await oc.ask("use the tool")).text).toBe("got echo: nested");
    await reloading;
  });

  test("reload() brings back MCP servers that were added at run time", async () => {
    const { oc } = fixture;
    await oc.mcp.add("added", small);
    await Promise.all([oc.reload(), oc.reload()]);
    expect(await oc.mcp.status()).toContainEqual({ name: "added", status: "connected" });
  });

  test("a prompt that reload() has held back is sent with the MCP servers that were added at run time", async () => {
    const { oc } = fixture;
    const added = (): boolean[] =>
      fixture.model.requests
        .filter(({ lastUserText }) => lastUserText === "with tools")
        .map(({ tools }) => tools.some((name) => name.startsWith("late_")));
    await oc.mcp.add("late", small);
    const session = await oc.createSession();
    const reloaded = oc.reload();
    await session.ask("with tools");
    await reloaded;
    expect(added()).toEqual([true]);
  });

  test("reload() reloads the directory that it is given, and tells a configuration that the server cannot read", async () => {
    const { oc } = fixture;
    const directory = await temporaryFolder();
    const session = await oc.createSession({ directory });
    await session.ask("load it");
    await writeAgent(directory, "cook");
    await oc.reload({ directory });
    expect((await session.ask("who cooks", { agent: "cook" })).text).toBe("echo: who cooks");
    await writeFile(join(directory, "opencode.json"), "{ not json");
    await expect(oc.reload({ directory })).rejects.toThrow(ConfigError);
  });

  test("reload() rejects an unknown option, a signal that is none and a missing directory with a ConfigError", async () => {
    await expect(fixture.oc.reload({ signal: 5 } as object)).rejects.toThrow(ConfigError);
    await expect(fixture.oc.reload({ dir: "x" } as object)).rejects.toThrow(ConfigError);
    await expect(fixture.oc.reload({ directory: "/nowhere/at/all" })).rejects.toThrow(ConfigError);
  });
});

describe("the hold of reload()", () => {
  const place = ["http://127.0.0.1:1", "/held"] as const;
  const { signal } = new AbortController();

  /** A turn that begins at once, or when it is let. */
  function turn(continues: boolean): { readonly state: () => string; readonly begun: Promise<() => void> } {
    let state = "waits";
    const begun = enterTurn(...place, signal, async () => continues);
    void begun.then(() => {
      state = "runs";
    });
    return { state: () => state, begun };
  }

  test("a reload that waits lets a turn pass while a callback runs, waits for it, and then holds every turn", async () => {
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const callback = asCallback(() => ended);
    const held = holdTurns(...place);
    const leave = await turn(false).begun;
    expect(held.close()).toBe(false);
    leave();
    await held.whenOver(signal);
    expect(held.close()).toBe(true);
    const late = turn(false);
    const continuing = turn(true);
    await setImmediate();
    expect([late.state(), continuing.state()]).toEqual(["waits", "waits"]);
    held.release();
    for (const { begun } of [late, continuing]) (await begun)();
    end();
    await callback;
  });

  test("a reload that waits lets a turn pass that continues a run, and no other one", async () => {
    const held = holdTurns(...place);
    const other = turn(false);
    const leave = await turn(true).begun;
    expect([held.close(), other.state()]).toEqual([false, "waits"]);
    leave();
    expect(held.close()).toBe(true);
    held.release();
    (await other.begun)();
  });
});

describe("reload() on 2.x", () => {
  test("reload() on the preview is refused by name", async () => {
    await using world = await startWorld(targetOf("preview"));
    await expect(world.oc.reload()).rejects.toThrow(UnsupportedEndpointError);
  });

  test("reload() of another directory on 2.1 brings back MCP servers that were added at run time", async () => {
    await using world = await startWorld(targetOf("stand-in-2.1"));
    let changes = 0;
    const counting: typeof fetch = (input, init) => {
      const { url, method } = new Request(input, init);
      if (method !== "GET" && new URL(url).pathname.includes("/mcp")) changes += 1;
      return fetch(input, init);
    };
    const oc = await world.connect({ fetch: counting });
    await oc.mcp.add("added", small);
    const before = changes;
    expect(before).toBeGreaterThan(0);
    await oc.reload({ directory: await world.folder() });
    expect(changes).toBeGreaterThan(before);
    expect(await oc.mcp.status()).toContainEqual({ name: "added", status: "connected" });
  });

  test("reload() on 2.1 waits for the runs of all directories, and loses none", async () => {
    await using world = await startWorld(targetOf("stand-in-2.1"));
    const rest = hold("run");
    world.answer("elsewhere", { text: ["a ", rest] });
    const session = await world.oc.createSession({ directory: await world.folder() });
    const running = session.ask("elsewhere");
    await eventually("the run goes on", () => world.callsOf("elsewhere") > 0);
    let isReloaded = false;
    const reloaded = world.oc.reload().then(() => {
      isReloaded = true;
    });
    expect(await world.oc.health()).toMatchObject({ healthy: true });
    expect(isReloaded).toBe(false);
    rest.release();
    expect((await running).text).toBe("a run");
    await reloaded;
    expect((await world.oc.ask("behind it")).text).toContain("behind it");
  });
});
