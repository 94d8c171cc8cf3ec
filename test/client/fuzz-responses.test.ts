/**
 * Every field of every answer that the session layer reads, replaced by everything else that JSON has: each method then
 * gives a result or a typed error. The answers are a real server's; one of them at a time is spoiled on its way.
 */

import { execFileSync } from "node:child_process";
import { setMaxListeners } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOpencode, type Opencode, OpencodeError, type Session } from "../../src/index.js";
import { ApprovalCache } from "../../src/permissions/policy/approvals.js";
import { handlerDecider } from "../../src/permissions/policy/deciders.js";
import { ReplyDesk } from "../../src/session/permissions/reply-registry.js";
import { Responder } from "../../src/session/permissions/responder.js";
import { toolCall } from "../../src/testing/index.js";
import { eventually, type Fixture, startFixture } from "../support/fixture.js";
import { type Forwarder, startForwarder } from "../support/forwarder.js";
import { sendJson } from "../support/http-server.js";
import { scaled } from "../support/slowness.js";

let fixture: Fixture;
let forwarder: Forwarder;
let oc: Opencode;
let session: Session;
let promptId: string;
/** Method and path of the answer that is spoiled, and what is said instead. */
let spoiled: { readonly route: RegExp; readonly body: unknown } | undefined;

beforeAll(async () => {
  fixture = await startFixture();
  const { directory } = fixture;
  execFileSync("git", ["init", "-q"], { cwd: directory });
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "--allow-empty", "-m", "1"], {
    cwd: directory,
  });
  writeFileSync(join(directory, "a.txt"), "1\n");
  fixture.answer(
    "work",
    toolCall("todowrite", { todos: [{ content: "step one", status: "pending", priority: "high" }] }),
    toolCall("bash", { command: "echo 2 > b.txt", description: "x" }, { reasoning: "hm", text: "Running." }),
    toolCall("task", { description: "sub", prompt: "part", subagent_type: "general" }),
    "done",
  );
  const own = await fixture.oc.createSession({ metadata: { by: "test" } });
  promptId = (await own.ask("work")).messageId;
  await own.ask("more");
  const { server } = fixture.oc;
  forwarder = await startForwarder(server?.url ?? "", ({ method, url }, response) => {
    if (spoiled?.route.test(`${method} ${url?.split("?", 1).join("")}`) !== true) return false;
    sendJson(response, spoiled.body);
    return true;
  });
  oc = await createOpencode({
    baseUrl: forwarder.url,
    password: server?.password,
    directory,
    maxRetries: 0,
    reconnectTimeout: 1,
    logLevel: "off",
  });
  session = oc.session(own.id);
  await session.status();
});
afterAll(async () => {
  await oc?.close();
  await forwarder?.[Symbol.asyncDispose]();
  await fixture?.[Symbol.asyncDispose]();
});

const missing = Symbol("missing");
const replacements = [null, 7, "x", [null], missing];

/** The value itself and, in it, the first element of lists and the fields of objects. Of records with many keys the first. */
function* places(value: unknown, depth = 6, path: readonly string[] = []): Generator<readonly string[]> {
  yield path;
  if (typeof value !== "object" || value === null || path.length >= depth) return;
  const keys = Object.keys(value);
  const few = Array.isArray(value) ? keys.slice(0, 1) : keys.length > 30 ? keys.slice(0, 2) : keys;
  for (const key of few) yield* places((value as Record<string, unknown>)[key], depth, [...path, key]);
}

function replaced(value: unknown, [key, ...rest]: readonly string[], by: unknown): unknown {
  if (key === undefined) return by === missing ? undefined : by;
  const copy = (Array.isArray(value) ? [...value] : { ...(value as object) }) as Record<string, unknown>;
  if (rest.length === 0 && by === missing) delete copy[key];
  else copy[key] = replaced(copy[key], rest, by);
  return copy;
}

async function drain(items: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const item of items) all.push(item);
  return all;
}

interface Case {
  /** What is asked for to know the real answer; `{id}` is the session. */
  readonly real: string;
  readonly body?: object;
  /** What the spoiled answer is told by. */
  readonly route: RegExp;
  /** How deep the fields are that are read, where the answer has many that are not. */
  readonly depth?: number;
  /** The first is made for every field, the others for those at the top. */
  readonly calls: readonly (() => Promise<unknown>)[];
}

const fresh = (): Session => oc.session(session.id);
const cases: readonly Case[] = [
  { real: "GET /global/health", route: /^GET \/global\/health$/, calls: [() => oc.health()] },
  {
    real: "GET /session",
    route: /^GET \/session$/,
    calls: [() => drain(oc.sessions()), () => drain(oc.sessions({ archived: true, search: "x" }))],
  },
  {
    real: "POST /session",
    body: { title: "x" },
    route: /^POST \/session$/,
    calls: [() => oc.createSession(), async () => (await oc.createSession()).info()],
  },
  {
    real: "GET /session/{id}",
    route: /^GET \/session\/ses_\w+$/,
    calls: [() => fresh().info(), () => fresh().todo(), async () => fresh().directory],
  },
  {
    real: "GET /session/{id}/children",
    route: /\/children$/,
    calls: [() => session.children(), () => session.abort()],
  },
  {
    real: "GET /session/{id}/message",
    route: /^GET .*\/message$/,
    calls: [
      async () => [await session.messages(), await session.usage(), await session.context()],
      () => session.messages({ limit: 1 }),
      () => drain(session.history()),
      () => session.diff(),
    ],
  },
  {
    real: "GET /session/{id}/message/{message}",
    route: /^GET .*\/message\/msg_\w+$/,
    calls: [
      () => session.messages({ before: promptId }),
      () => session.ask("work", { messageId: promptId, timeout: scaled(3_000) }),
    ],
  },
  {
    real: "GET /session/status",
    route: /\/session\/status$/,
    calls: [() => session.status(), () => oc.setAuth("nobody", { key: "k" })],
  },
  { real: "GET /session/{id}/todo", route: /\/todo$/, calls: [() => session.todo()] },
  {
    real: "GET /session/{id}/diff",
    route: /\/diff$/,
    calls: [() => session.diff(), () => session.diff({ messageId: promptId })],
  },
  { real: "GET /project/current", route: /\/project\/current$/, depth: 1, calls: [() => session.diff()] },
  { real: "GET /config/providers", route: /\/config\/providers$/, calls: [() => oc.models(), () => oc.providers()] },
  { real: "GET /agent", route: /\/agent$/, depth: 3, calls: [() => oc.agents()] },
  { real: "GET /command", route: /\/command$/, calls: [() => oc.commands(), () => session.command("no such", "")] },
  { real: "GET /experimental/tool/ids", route: /\/tool\/ids$/, calls: [() => oc.tools()] },
  { real: "GET /path", route: /\/path$/, calls: [() => oc.loaded()] },
  { real: "GET /config", route: /\/config$/, depth: 2, calls: [() => oc.loaded()] },
];

/** What the server really answers. */
async function realAnswer({ real, body }: Case): Promise<unknown> {
  const [method = "", template = ""] = real.split(" ");
  const path = template.replace("{id}", session.id).replace("{message}", promptId);
  return (await fixture.oc.client.request(method, path, { body })).data;
}

describe("responses with one spoiled field", () => {
  test.each(cases.map((one) => [one.real, one] as const))(
    "%s with any one field spoiled gives a result or a typed error",
    async (_name, one) => {
      const answer = await realAnswer(one);
      let count = 0;
      for (const path of places(answer, one.depth)) {
        for (const by of replacements) {
          spoiled = { route: one.route, body: replaced(answer, path, by) };
          for (const call of path.length > 1 ? one.calls.slice(0, 1) : one.calls) {
            const problem = await call().then(
              () => undefined,
              (error: unknown) => error,
            );
            const isTyped = problem === undefined || problem instanceof OpencodeError;
            const what = `${one.calls.indexOf(call)}: ${path.join(".")} = ${typeof by === "symbol" ? "missing" : JSON.stringify(by)}`;
            if (!isTyped) throw new Error(`${what} made ${String(problem)}`, { cause: problem });
            count += 1;
          }
        }
      }
      spoiled = undefined;
      expect(count).toBeGreaterThan(0);
      expect({}).not.toHaveProperty("polluted");
    },
  );

  test("a permission request or question with a spoiled field is a typed error or is handled", async () => {
    const tool = { messageID: "msg_1", callID: "1" };
    const questions = [{ question: "?", header: "h", options: [{ label: "a", description: "b" }] }];
    const asks = {
      "/permission": [{ id: "per_1", sessionID: session.id, permission: "bash", patterns: ["x"], metadata: {}, tool }],
      "/question": [{ id: "que_1", sessionID: session.id, questions, tool }],
    };
    const over = new AbortController();
    setMaxListeners(0, over.signal); // one for all of them, here only
    const asked: unknown[] = [];
    const answer = (request: unknown): "reject" => {
      asked.push(request);
      return "reject";
    };
    for (const route of ["/permission", "/question"] as const) {
      for (const path of places(asks[route])) {
        for (const by of replacements) {
          spoiled = { route: new RegExp(`^GET ${route}$`), body: replaced(asks[route], path, by) };
          const { api } = oc;
          const responder = new Responder({
            api,
            chainOf: (id) => (id === session.id ? [id] : undefined),
            signal: over.signal,
            callbackTimeout: scaled(1_000),
            onPending: () => {},
            deciders: [handlerDecider(answer, new ApprovalCache())],
            desk: new ReplyDesk(),
            emit: () => {},
            passed: async () => {},
            audit: undefined,
            lookUp: async (request) => request,
            onQuestion: answer,
            onPlanExit: undefined,
          });
          // A rejection that nobody handles would fail the run.
          if (route === "/permission") {
            const list = await api.requests.permissions().catch((error: unknown) => error);
            if (Array.isArray(list)) for (const request of list) responder.permission(request);
            else expect(list).toBeInstanceOf(OpencodeError);
          } else {
            const list = await api.requests.questions().catch((error: unknown) => error);
            if (Array.isArray(list)) for (const request of list) responder.question(request);
            else expect(list).toBeInstanceOf(OpencodeError);
          }
        }
      }
    }
    await eventually("the last one was asked about", () => asked.length > 10);
    over.abort();
    spoiled = undefined;
  });
});
