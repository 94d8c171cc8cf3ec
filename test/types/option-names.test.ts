/** A name that is no option, in every call that takes options. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOpencode as connect } from "../../src/client.js";
import * as main from "../../src/index.js";
import { findConversation, findKept, keepServer, keptStatus, openConversation, stopKept } from "../../src/kept.js";
import { identify } from "../../src/process/process-identity.js";
import { createMemoryAgent, createScriptedModel, type MemoryAgent } from "../../src/testing/index.js";
import { repositoryRoot } from "../support/root.js";

let agent: MemoryAgent;
let opencode: main.Opencode;
let session: main.Session;
beforeAll(async () => {
  agent = createMemoryAgent(["one", "two"]);
  opencode = await connect({ baseUrl: agent.baseUrl, fetch: agent.fetch });
  session = await opencode.createSession({ title: "names" });
});
afterAll(async () => {
  await opencode.close();
  await agent.close();
});

const nowhere = "http://127.0.0.1:1";
const neverAsked = { events: (async function* () {})(), answer: new Promise<never>(() => {}) };
const first = async (items: AsyncIterable<unknown>): Promise<unknown> => items[Symbol.asyncIterator]().next();

/** By the exported types of options: every call that takes them, with a slip of the pen and the name that is meant. */
const calls: Record<string, readonly (readonly [call: (options: never) => unknown, wrong: object, meant: string])[]> = {
  TurnOptions: [[(options) => opencode.ask("x", options), { maxCots: 1 }, "maxCost"]],
  StreamOptions: [
    [(options) => opencode.askStream("x", options).answer, { maxCots: 1 }, "maxCost"],
    [(options) => session.askStream("x", options).answer, { detatch: true }, "detach"],
    [async (options) => (await openable()).askStream("x", options).answer, { maxCots: 1 }, "maxCost"],
  ],
  SessionTurnOptions: [[(options) => session.ask("x", options), { messageID_: "msg_1" }, "messageId"]],
  AskOptions: [
    [(options) => main.ask("x", options), { serverTimout: 1 }, "serverTimeout"],
    [(options) => main.askStream("x", options).answer, { kep: true }, "keep"],
  ],
  OpencodeOptions: [
    [(options) => main.createOpencode(options), { pasword: "x" }, "password"],
    [(options) => connect(Object.assign({ baseUrl: nowhere }, options)), { maxRetires: 1 }, "maxRetries"],
  ],
  StartOptions: [[(options) => main.createOpencode(options), { isolatoin: "clean" }, "isolation"]],
  ConnectOptions: [
    [(options) => main.createOpencode(Object.assign({ baseUrl: nowhere }, options)), { tokn: "x" }, "token"],
  ],
  CommonOptions: [[(options) => main.createOpencode(options), { requestTimout: 1 }, "requestTimeout"]],
  ToolOptions: [[(options) => main.createOpencode(options), { tols: [] }, "tools"]],
  TurnDefaultOptions: [[(options) => main.createOpencode(options), { permisionMode: "plan" }, "permissionMode"]],
  ServerOptions: [[(options) => main.createOpencodeServer(options), { hostnam: "x" }, "hostname"]],
  ResolveBinaryOptions: [
    [(options) => main.resolveBinary(options), { binry: "x" }, "binary"],
    [(options) => main.listBinaries(options), { binry: "x" }, "binary"],
  ],
  InstallBinaryOptions: [[(options) => main.installBinary(options), { ofline: true }, "offline"]],
  ClientOptions: [
    [(options) => main.createOpencodeClient(Object.assign({ baseUrl: nowhere }, options)), { timout: 1 }, "timeout"],
    [(options) => opencode.client.withOptions(options), { directroy: "/x" }, "directory"],
  ],
  CallOptions: [
    [(options) => opencode.client.GET("/session", options), { timout: 1 }, "timeout"],
    [(options) => opencode.client.request("GET", "/session", options), { sginal: 1 }, "signal"],
    [(options) => opencode.client.stream("/event", options), { hedaers: {} }, "headers"],
  ],
  CreateSessionOptions: [[(options) => opencode.createSession(options), { metdata: {} }, "metadata"]],
  SessionOptions: [
    [(options) => opencode.session(session.id, options), { dir_ectory: "/x", directroy: "/" }, "directory"],
  ],
  SessionsOptions: [[(options) => first(opencode.sessions(options)), { lmit: 1 }, "limit"]],
  EventsOptions: [[(options) => opencode.events(options), { stirct: true }, "strict"]],
  MessagesOptions: [[(options) => session.messages(options), { befor: "msg_1" }, "before"]],
  HistoryOptions: [[(options) => first(session.history(options)), { oder: "oldest" }, "order"]],
  DiffOptions: [[(options) => session.diff(options), { mesageId: "msg_1" }, "messageId"]],
  CompactOptions: [[(options) => session.compact(options), { modle: "a/b" }, "model"]],
  ForkOptions: [[(options) => session.fork(options), { messageID: "msg_1" }, "messageId"]],
  RevertOptions: [
    [(options) => session.revert("msg_1", options), { froce: true }, "force"],
    [(options) => session.unrevert(options), { froce: true }, "force"],
  ],
  CommandOptions: [
    [(options) => session.command("init", "", options), { expandArgumnets: true }, "expandArguments"],
    [(options) => session.init(options), { maxCots: 1 }, "maxCost"],
    [(options) => session.review("", options), { maxCots: 1 }, "maxCost"],
  ],
  ShellOptions: [[(options) => session.shell("ls", options), { timout: 1 }, "timeout"]],
  ExportOptions: [[(options) => session.export(options), { redct: true }, "redact"]],
  ImportOptions: [[(options) => opencode.importSession({} as never, options), { directroy: "/x" }, "directory"]],
  ReloadOptions: [[(options) => opencode.reload(options), { directroy: "/x" }, "directory"]],
  ApprovalsOptions: [[(options) => main.openApprovals().list(options), { al: true }, "all"]],
  WaitOptions: [[(options) => session.waitUntilIdle(options), { sginal: 1 }, "signal"]],
  PolicyOptions: [[(options) => main.policy([], Object.assign({ default: "ask" }, options)), { onask: 1 }, "onAsk"]],
  AttachOptions: [[(options) => main.attach("x.txt", options), { maxBytse: 1 }, "maxBytes"]],
  RenderOptions: [[(options) => main.renderEvents(neverAsked, options), { colour: true }, "color"]],
  KeptOptions: [[(options) => keepServer(options), { idleTimout: 1 }, "idleTimeout"]],
  KeptSelector: [
    [(options) => findKept(options), { directroy: "/x" }, "directory"],
    [(options) => stopKept(options), { directroy: "/x" }, "directory"],
    [(options) => keptStatus(options), { isolatoin: "clean" }, "isolation"],
  ],
  ConversationOptions: [
    [(options) => openConversation(options), { onwaits: 1 }, "onWait"],
    [(options) => findConversation(options), { sesion: {} }, "session"],
    [(options) => openConversation({ session: options }), { titel: "x" }, "title"],
  ],
  ScriptedModelOptions: [[(options) => createScriptedModel([], options), { sumary: "x" }, "summary"]],
  MemoryAgentOptions: [
    [(options) => createMemoryAgent([], options), { planmod: true }, "planMode"],
    [(options) => agent.crash(options), { downfor: 1 }, "downFor"],
  ],
  Credential: [[(options) => opencode.reconnect(options), { pasword: "x" }, "password"]],
  ToolDefinition: [
    [
      (options) =>
        main.defineTool(
          Object.assign({ name: "a", description: "b", input: { type: "object" }, execute: () => 1 }, options),
        ),
      { timout: 1 },
      "timeout",
    ],
  ],
  HookList: [
    [
      (hook) => opencode.ask("x", { hooks: { preToolUse: Object.assign({ run: () => {} }, hook) } }),
      { macher: "x" },
      "matcher",
    ],
  ],
  ReviewModel: [
    [
      (given) => opencode.ask("x", { reviewer: Object.assign({ model: "a/b", rubric: "c" }, given) }),
      { maxcosts: 1 },
      "maxCost",
    ],
  ],
};

/** A conversation of its own client: asking in it needs no server as long as the options are wrong. */
async function openable() {
  const { KeptConversation } = await import("../../src/kept.js");
  const server = await identify(process.pid); // it is looked at every second
  const unused: never = Object.assign(
    {},
    { entry: { server, url: nowhere, username: "x", password: "x", directory: "/" } },
  ) as never;
  return new KeptConversation(unused, {}, opencode);
}

/** Types of the entries whose name says that they are options. */
function exportedOptionTypes(): string[] {
  const entries = ["index", "client", "kept", "testing/index"].map((name) =>
    readFileSync(join(repositoryRoot, `src/${name}.ts`), "utf8"),
  );
  const names = entries.flatMap((text) => {
    const found: string[] = [];
    ts.forEachChild(ts.createSourceFile("entry.ts", text, ts.ScriptTarget.Latest, true), (node) => {
      if (!ts.isExportDeclaration(node) || node.exportClause === undefined || !ts.isNamedExports(node.exportClause))
        return;
      found.push(...node.exportClause.elements.map(({ name }) => name.text));
    });
    return found;
  });
  return [...new Set(names)].filter((name) => /Options$/.test(name));
}

describe("an option that does not exist", () => {
  const rows = Object.entries(calls).flatMap(([type, list]) =>
    list.map(([call, wrong, meant], index) => [`${type} ${index + 1}`, call, wrong, meant] as const),
  );

  test.each(rows)(
    "an unknown option of a call with %s is a ConfigError that names the nearest option",
    async (_type, call, wrong, meant) => {
      const before = agent.requests.length;
      await expect((async () => call(wrong as never))()).rejects.toMatchObject({
        name: "ConfigError",
        message: expect.stringMatching(new RegExp(`^there is no option "\\w+"; did you mean "${meant}"\\?$`)),
        hint: expect.stringContaining(meant),
      });
      expect(agent.requests).toHaveLength(before);
    },
  );

  test("an unknown option within isolation or of measureData is an error that names the option", async () => {
    const isolated = { isolation: { home: "/x", hme: "/y" } } as never;
    await expect(main.createOpencode(isolated)).rejects.toThrow('there is no option "hme"; did you mean "home"?');
    await expect(main.measureData({ hoem: "/x" } as never)).rejects.toThrow('there is no option "hoem"');
  });

  test("the option onSettled of keepServer() is a ConfigError that says where it goes", async () => {
    const onSettled: unknown = { onSettled: { command: ["notify"] } };
    await expect(keepServer(onSettled as never)).rejects.toMatchObject({
      name: "ConfigError",
      message: '"onSettled" is no option of keepServer()',
      hint: "Give it to openConversation() or createOpencode({ baseUrl }).",
    });
  });

  test("every exported type of options is tried with an unknown option", () => {
    expect(exportedOptionTypes().filter((type) => !Object.hasOwn(calls, type))).toEqual([]);
  });
});
