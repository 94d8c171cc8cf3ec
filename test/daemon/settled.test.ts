/** Notices of turns on a kept server whose client was killed: the server's supervisor has them told. */
import { createHmac } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { OnSettled, SettledNotice } from "../../src/index.js";
import { type KeptServer, keepServer, openConversation, stopAllKept, stopKept } from "../../src/kept.js";
import { hold } from "../../src/testing/index.js";
import { type DaemonFixture, keptFixture, keptFolderOf } from "../support/daemon-fixture.js";
import { eventually } from "../support/fixture.js";
import { type HttpServer, type SeenRequest, startHttpServer } from "../support/http-server.js";
import { isAlive, type RunningProgram, runProgram, waitUntil } from "../support/processes.js";
import { scaled } from "../support/slowness.js";

let fixture: DaemonFixture;
beforeAll(async () => {
  fixture = await keptFixture();
});
afterEach(() => stopAllKept());
afterAll(() => fixture.close());

/** The program that tells notices is a file of the package: here one of the source, which Node reads with tsx. */
const env = { NODE_OPTIONS: `--import ${pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href}` };
const secret = `whsec_${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`;

function start(idleTimeout = scaled(60_000)): Promise<KeptServer> {
  return keepServer({ directory: fixture.directory, idleTimeout, serverTimeout: scaled(80_000), env });
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

test("the web hook of a killed client is told once by the kept server, after the end of the run", async () => {
  await using hook = await receiver();
  await start();
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
