/** Notices of turns on a kept server whose client was killed: the server's supervisor has them told. */
import { createHmac } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { intentFiles, orphanedIntents } from "../../src/daemon/intent-files.js";
import { type OnSettled, type SettledNotice, TurnTimeoutError } from "../../src/index.js";
import { type KeptServer, keepServer, openConversation, stopKept } from "../../src/kept.js";
import { hold } from "../../src/testing/index.js";
import { type DaemonFixture, keptFixture, keptFolderOf, tellerEnvironment } from "../support/daemon-fixture.js";
import { eventually, temporaryFolder } from "../support/fixture.js";
import { type HttpServer, type SeenRequest, startHttpServer } from "../support/http-server.js";
import { isAlive, type RunningProgram, runProgram, waitUntil } from "../support/processes.js";
import { scaled } from "../support/slowness.js";

let fixture: DaemonFixture;
beforeAll(async () => {
  fixture = await keptFixture();
  await start();
});
afterAll(() => fixture.close());

const secret = `whsec_${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`;

function start(idleTimeout = scaled(60_000)): Promise<KeptServer> {
  return keepServer({
    directory: fixture.directory,
    idleTimeout,
    serverTimeout: scaled(80_000),
    env: tellerEnvironment,
  });
}

interface Receiver extends HttpServer {
  readonly target: OnSettled;
}

/** Answers with these statuses in turn, and then with 204. */
async function receiver(...statuses: readonly number[]): Promise<Receiver> {
  const server = await startHttpServer((_request, response, count) => {
    response.writeHead(statuses[count - 1] ?? 204).end();
  });
  return { ...server, target: { url: `${server.url}/hook?token=path-secret`, secret } };
}

/** The payload of a delivery, whose signature is valid. */
function verified(delivery: SeenRequest | undefined): SettledNotice {
  const { headers = {}, body = "{}" } = delivery ?? {};
  const [id, timestamp] = [headers["webhook-id"], headers["webhook-timestamp"]];
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const expected = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  expect(headers["webhook-signature"]).toBe(`v1,${expected}`);
  const notice = JSON.parse(body) as SettledNotice;
  expect(notice.id).toBe(id);
  return notice;
}

/** Another process that asks, with a notice. */
function client(prompt: string, onSettled: OnSettled, messageId: string): RunningProgram {
  const path = new URL("../support/programs/settled-client.ts", import.meta.url);
  const args = [fixture.directory, prompt, JSON.stringify(onSettled), messageId];
  return runProgram(path, args, { ...process.env, ...fixture.env });
}

/** Folder of the one kept server of these tests. */
function place(): string {
  const [name = ""] = readdirSync(keptFolderOf(fixture)).filter((folder) => /^[0-9a-f]{24}$/.test(folder));
  return join(keptFolderOf(fixture), name);
}

function intents(): string[] {
  const folder = join(place(), "notices");
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];
}

const untilTold = (): Promise<void> => eventually("no intent is left", () => intents().length === 0);

interface Held {
  /** The model has the prompt. */
  readonly asked: Promise<void>;
  release(): void;
}

/** A prompt whose answer waits. */
function held(prompt: string): Held {
  const last = hold("done");
  let begin = (): void => {};
  const asked = new Promise<void>((resolve) => {
    begin = resolve;
  });
  fixture.answer(prompt, () => {
    begin();
    return { text: ["so far, ", last], usage: { input: 7, output: 3 } };
  });
  return { asked, release: () => last.release() };
}

/** Asks in a process that is killed while the model answers. */
async function abandoned(prompt: string, onSettled: OnSettled, messageId: string): Promise<Held> {
  const answer = held(prompt);
  const program = client(prompt, onSettled, messageId);
  await Promise.race([
    answer.asked,
    program.exit.then(() => {
      throw new Error(program.output());
    }),
  ]);
  program.child.kill("SIGKILL");
  await program.exit;
  return answer;
}

function tellers(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const command = existsSync(`/proc/${pid}/cmdline`) ? readCommand(pid) : "";
      return command.includes("sendNotices") && command.includes(place());
    });
}

function readCommand(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "latin1");
  } catch {
    return ""; // gone in between
  }
}

/** An intent as a process has left it that does not run. */
function leave(name: string, owner: string, intent: object, folder = place()): void {
  leaveText(name, `${owner}\n${JSON.stringify(intent)}\n`, folder);
}

function leaveText(name: string, text: string, folder = place()): void {
  mkdirSync(join(folder, "notices"), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, "notices", `${name}.json`), text, { mode: 0o600 });
}

/** When a process has started, as the first line of an intent says it. */
function startOf(pid: number): string {
  return readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)?.split(" ")[19] ?? "";
}

test("the web hook of a killed client is told once by the kept server, after the end of the run", async () => {
  await using hook = await receiver();
  const answer = await abandoned("go on without me", hook.target, "msg_settled_orphan");
  const [name = ""] = intents();
  const folder = join(place(), "notices");
  const modes = [join(folder, name), folder, place()].map((path) => statSync(path).mode & 0o777);
  expect(modes).toEqual([0o600, 0o700, 0o700]);
  await eventually("the program that tells it runs", () => tellers().length === 1);
  expect(readCommand(tellers()[0] ?? 0)).not.toContain("whsec_");
  expect(hook.requests).toHaveLength(0);
  answer.release();
  await untilTold();
  await using conversation = await openConversation({ directory: fixture.directory });
  expect(hook.requests.map(verified)).toMatchObject([
    {
      id: "msg_settled_orphan-answered",
      type: "turn.settled",
      data: {
        sessionId: conversation.sessionId,
        messageId: "msg_settled_orphan",
        outcome: "answered",
        text: "so far, done",
        finishReason: "stop",
        usage: { total: 10 },
      },
    },
  ]);
  await waitUntil(() => tellers().length === 0);
});

test("a client that lives tells its notice itself and leaves no intent, and a function leaves none at all", async () => {
  await using hook = await receiver(500);
  fixture.answer("I am here", () => {
    expect(intents()).toHaveLength(1);
    return "still here";
  });
  const living = client("I am here", hook.target, "msg_settled_alive");
  expect(await living.report, living.output()).toMatchObject({ text: "still here" });
  expect(intents()).toEqual([]);
  expect(hook.requests.map((one) => verified(one).id)).toEqual([
    "msg_settled_alive-answered",
    "msg_settled_alive-answered",
  ]);
  await living.exit;
  await using conversation = await openConversation({ directory: fixture.directory });
  const told: SettledNotice[] = [];
  fixture.answer("for a function", () => `${intents().length} intents`);
  const { text } = await conversation.ask("for a function", { onSettled: (notice) => void told.push(notice) });
  expect(text).toBe("0 intents");
  await eventually("the function is told", () => told.length === 1);
});

test("a process that tells a notice and is killed before it has removed it is followed by one with the same id", async () => {
  await using server = await startHttpServer((_request, response, count) => {
    if (count > 1) response.writeHead(204).end(); // the first one never gets an answer
  });
  const answer = await abandoned("tell me twice", { url: server.url, secret }, "msg_settled_again");
  answer.release();
  await server.arrived(1);
  for (const pid of tellers()) process.kill(pid, "SIGKILL");
  await server.arrived(2);
  await untilTold();
  expect(server.requests.map((one) => verified(one).id)).toEqual([
    "msg_settled_again-answered",
    "msg_settled_again-answered",
  ]);
  expect(server.requests[1]?.body).toBe(server.requests[0]?.body);
});

test("a process that takes the turn of a killed one up tells the notice, and the kept server does not", async () => {
  await using hook = await receiver();
  const answer = await abandoned("taken up", hook.target, "msg_settled_taken");
  const [left] = intents();
  await eventually("the kept server looks at the turn", () => tellers().length === 1);
  const next = client("taken up", hook.target, "msg_settled_taken");
  await eventually("the intent is the second client's", () => intents().length === 1 && intents()[0] !== left);
  answer.release();
  expect(await next.report, next.output()).toMatchObject({ text: "so far, done" });
  await next.exit;
  await waitUntil(() => tellers().length === 0);
  expect(intents()).toEqual([]);
  expect(hook.requests.map((one) => verified(one).id)).toEqual(["msg_settled_taken-answered"]);
});

test("the command of a killed client runs in its folder and without the secrets of the server", async () => {
  const file = join(fixture.home, "notice.json");
  const text = `{ notice: JSON.parse(require("fs").readFileSync(0, "utf8")), cwd: process.cwd(), env: process.env }`;
  const program = `require("fs").writeFileSync(process.argv[1], JSON.stringify(${text}))`;
  const answer = await abandoned("a command", { command: [process.execPath, "-e", program, file] }, "msg_settled_run");
  answer.release();
  await untilTold();
  const told = JSON.parse(readFileSync(file, "utf8"));
  expect(told.notice).toMatchObject({ id: "msg_settled_run-answered", data: { text: "so far, done" } });
  expect(told.cwd).toBe(process.cwd());
  expect(Object.keys(told.env).filter((name) => /PASSWORD|CONFIG_CONTENT|OPENCODE_TS|ELECTRON/.test(name))).toEqual([]);
  expect([told.env.PATH, told.env.LC_ALL]).toEqual([process.env["PATH"], process.env["LC_ALL"]]); // not those of the shells
});

test("an intent whose process number another process has is told, and those that are broken are removed", async () => {
  await using hook = await receiver();
  await using conversation = await openConversation({ directory: fixture.directory });
  const { sessionId } = await conversation.ask("recycled", { messageId: "msg_settled_recycled" });
  const facts = { form: 1, cwd: "/", target: hook.target, sessionId, startedAt: Date.now() };
  leave("one", `${process.pid} 1`, { ...facts, messageIds: ["msg_settled_recycled"] });
  leave("two", "0 -", { ...facts, messageIds: ["msg_settled_missing"] });
  leave("three", "0 -", { ...facts, messageIds: ["msg_settled_recycled"], target: { url: "file:///etc/passwd" } });
  for (const [name, text] of Object.entries({ empty: "", cut: `0 -\n{"form":1,"cw\n`, none: "nothing\n" }))
    leaveText(name, text);
  const startedAt = Date.now() - 25 * 3_600_000; // the machine was switched off
  leave("old", "0 -", { ...facts, messageIds: ["msg_settled_recycled"], startedAt });
  const file = join(fixture.home, "folder");
  const program = "require('fs').writeFileSync(process.argv[1], process.cwd())";
  const target = { command: [process.execPath, "-e", program, file] };
  leave("moved", "0 -", { ...facts, messageIds: ["msg_settled_recycled"], target, cwd: join(fixture.home, "gone") });
  await untilTold();
  expect(hook.requests.map((one) => verified(one).id).sort()).toEqual([
    "msg_settled_missing-failed-message_not_found",
    "msg_settled_recycled-answered",
    "msg_settled_recycled-answered",
  ]);
  expect(readFileSync(file, "utf8")).toBe("/");
});

test("an intent with a Unicode line separator is that of its living process, and is told after its death", async () => {
  const folder = await temporaryFolder();
  const target = { command: ["notify", "one\u2028two"] };
  const facts = { form: 1, cwd: "/", target, sessionId: "ses_1", messageIds: ["msg_1"], startedAt: Date.now() };
  leave("living", `${process.pid} ${startOf(process.pid)}`, facts, folder);
  leave("dead", `${process.pid} 1`, facts, folder);
  expect((await orphanedIntents({ folder })).map(({ file }) => file)).toEqual([join(folder, "notices", "dead.json")]);
  expect(readdirSync(join(folder, "notices")).sort()).toEqual(["dead.json", "living.json"]);
});

test("an intent of the same turn replaces that of a dead process, and leaves that of a living one", async () => {
  const folder = await temporaryFolder();
  const names = (): number => readdirSync(join(folder, "notices")).length;
  const target = { command: ["true"] };
  const intent = { target, sessionId: "ses_1", directory: undefined, messageIds: ["msg_1"], startedAt: Date.now() };
  const [first, second, third] = [1, 2, 3].map(() => intentFiles({ folder }).note());
  await first?.write(intent);
  await second?.write(intent);
  expect(names()).toBe(2);
  second?.remove();
  expect(names()).toBe(1);
  await first?.handOver(); // as if it had died
  await third?.write(intent);
  expect(names()).toBe(1);
  expect(await orphanedIntents({ folder })).toEqual([]);
});

test("a run that is older than a day, and one whose server is stopped, are told as failed", async () => {
  await using hook = await receiver();
  const answer = await abandoned("never settles", hook.target, "msg_settled_late");
  const [name = ""] = intents();
  const intent = JSON.parse(readFileSync(join(place(), "notices", name), "utf8").split("\n")[1] ?? "");
  leave("old", "0 -", { ...intent, startedAt: Date.now() - 25 * 3_600_000 });
  await hook.arrived(1);
  await eventually("only the turn that runs is left", () => intents().length === 1);
  expect(intents()).toEqual([name]);
  await stopKept({ directory: fixture.directory });
  await untilTold();
  answer.release();
  expect(hook.requests.map((one) => verified(one).id)).toEqual([
    "msg_settled_late-failed-turn_timeout",
    "msg_settled_late-failed-server_exited",
  ]);
  await waitUntil(() => tellers().length === 0);
});

test("an unused server does not end while there is an intent, and the next server tells one that is left", async () => {
  await using hook = await receiver();
  const idleTimeout = scaled(500);
  const { pid } = await start(idleTimeout);
  const messageIds = ["msg_settled_unused"];
  const facts = { form: 1, cwd: "/", target: hook.target, sessionId: "ses_unused", messageIds, startedAt: Date.now() };
  leave("mine", `${process.pid} ${startOf(process.pid)}`, facts);
  leave("first", `1 ${startOf(1)}`, facts); // an application in a container
  await new Promise((resolve) => setTimeout(resolve, 3 * idleTimeout));
  expect(isAlive(pid)).toBe(true);
  expect(hook.requests).toHaveLength(0);
  const entry = JSON.parse(readFileSync(join(place(), "server.json"), "utf8"));
  for (const process_ of [entry.supervisor.pid, pid]) process.kill(process_, "SIGKILL");
  await waitUntil(() => !isAlive(pid));
  leave("mine", "0 -", facts);
  leaveText("first", "");
  const { pid: next } = await start(idleTimeout);
  await untilTold();
  expect(hook.requests.map((one) => verified(one).id)).toEqual([expect.stringMatching(/^msg_settled_unused-failed-/)]);
  await waitUntil(() => !isAlive(next));
});

test("close() leaves the notice of a detached turn to the kept server, which tells the answer", async () => {
  await using hook = await receiver();
  await start();
  const conversation = await openConversation({ directory: fixture.directory, onSettled: hook.target });
  const answer = held("go on without this client");
  const stream = conversation.askStream("go on without this client", { detach: true, messageId: "msg_settled_left" });
  await answer.asked;
  await conversation.close();
  await expect(stream.answer).rejects.toThrow("closed");
  const before = { intents: intents().length, told: hook.requests.length };
  answer.release();
  await untilTold();
  expect(before).toEqual({ intents: 1, told: 0 });
  expect(hook.requests.map(verified)).toMatchObject([
    { id: "msg_settled_left-answered", data: { text: "so far, done" } },
  ]);
});

test("a prompt in a conversation whose session was deleted has one notice", async () => {
  await using hook = await receiver();
  const conversation = await openConversation({ directory: fixture.directory, onSettled: hook.target });
  const { sessionId } = await conversation.ask("before the deletion", { messageId: "msg_settled_before" });
  await conversation.opencode.session(sessionId).delete();
  await conversation.ask("after the deletion", { messageId: "msg_settled_after" });
  await conversation.close();
  expect(hook.requests.map((one) => verified(one).id)).toEqual([
    "msg_settled_before-answered",
    "msg_settled_after-answered",
  ]);
});

test("work of use() in a conversation whose session was deleted is called once, and its prompt has one notice", async () => {
  await using hook = await receiver();
  const conversation = await openConversation({ directory: fixture.directory, onSettled: hook.target });
  const { sessionId } = await conversation.ask("before use()", { messageId: "msg_settled_before_use" });
  await conversation.opencode.session(sessionId).delete();
  let calls = 0;
  const answer = await conversation.use((session) => {
    calls += 1;
    return session.ask("in use()", { messageId: "msg_settled_use" });
  });
  expect(conversation.sessionId).toBe(answer.sessionId);
  const missing = conversation.use(async (session) => {
    calls += 1;
    await session.delete();
    return session.ask("deleted meanwhile", { messageId: "msg_settled_gone" });
  });
  await expect(missing).rejects.toMatchObject({ name: "SessionNotFoundError" });
  await conversation.close();
  expect(calls).toBe(2);
  expect(hook.requests.map((one) => verified(one).id)).toEqual([
    "msg_settled_before_use-answered",
    "msg_settled_use-answered",
    "msg_settled_gone-failed-session_not_found",
  ]);
});

test("close() leaves notices that take too long to the kept server, each as the client knows the end", async () => {
  await using server = await startHttpServer((_request, response, count) => {
    if (count > 1) response.writeHead(204).end(); // the first one never gets an answer
  });
  await start();
  const conversation = await openConversation({
    directory: fixture.directory,
    onSettled: { url: server.url, secret },
  });
  const { messageId } = await conversation.ask("slow receiver");
  await server.arrived(1);
  await using second = await startHttpServer((_request, response, count) => {
    if (count > 1) response.writeHead(204).end();
  });
  const answer = held("too long");
  const limit = new AbortController();
  const onSettled = { url: second.url, secret };
  const cut = conversation.ask("too long", { messageId: "msg_settled_limit", signal: limit.signal, onSettled });
  await answer.asked;
  limit.abort(new TurnTimeoutError("too long")); // the server stores an abort
  await expect(cut).rejects.toBeInstanceOf(TurnTimeoutError);
  await second.arrived(1);
  await conversation.close();
  await untilTold();
  expect(server.requests.map((one) => verified(one).id)).toEqual([`${messageId}-answered`, `${messageId}-answered`]);
  const id = "msg_settled_limit-failed-turn_timeout";
  expect(second.requests.map((one) => verified(one).id)).toEqual([id, id]);
  expect(second.requests[1]?.body).toBe(second.requests[0]?.body);
});
