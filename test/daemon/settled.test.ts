/** Notices of turns on a kept server whose client was killed: the server's supervisor has them told. */
import { createHmac } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import type { OnSettled, SettledNotice } from "../../src/index.js";
import { findConversation, keepServer, keptStatus, stopAllKept, stopKept } from "../../src/kept.js";
import { hold } from "../../src/testing/index.js";
import { type DaemonFixture, keptFixture, keptFolderOf } from "../support/daemon-fixture.js";
import { eventually } from "../support/fixture.js";
import { type HttpServer, type SeenRequest, startHttpServer } from "../support/http-server.js";
import { isAlive, type RunningProgram, runProgram, waitUntil } from "../support/processes.js";
import { scaled } from "../support/slowness.js";

let fixture: DaemonFixture;
beforeAll(async () => {
  fixture = await keptFixture();
  // The program that tells the notices is a file of the package: here of the source, which Node reads with tsx.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  vi.stubEnv("NODE_OPTIONS", `--import ${tsx}`);
});
afterEach(() => stopAllKept());
afterAll(() => fixture.close());

const secret = `whsec_${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`;

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

/** The payload of a delivery whose signature is valid. */
function verified({ headers, body }: SeenRequest | { headers: never; body: never }): SettledNotice {
  const [id, timestamp] = [headers["webhook-id"], headers["webhook-timestamp"]];
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const expected = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  expect(headers["webhook-signature"]).toBe(`v1,${expected}`);
  const notice = JSON.parse(body) as SettledNotice;
  expect(notice.id).toBe(id);
  return notice;
}

/** Another process that asks, with a notice. */
function client(prompt: string, onSettled: OnSettled, messageId = "", idle = scaled(30_000)): RunningProgram {
  const path = new URL("../support/programs/settled-client.ts", import.meta.url);
  const args = [fixture.directory, prompt, JSON.stringify(onSettled), messageId, String(idle)];
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

/** A prompt whose answer waits: `asked` when the model has it. */
function held(prompt: string, text: string): { readonly asked: Promise<void>; release(): void } {
  const last = hold(text);
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

async function kill(program: RunningProgram): Promise<void> {
  program.child.kill("SIGKILL");
  await program.exit;
}

test("a killed client's web hook is told by the kept server when the run has settled, once", async () => {
  await using hook = await receiver();
  const { asked, release } = held("go on without me", "done");
  const dying = client("go on without me", hook.target, "msg_settled_orphan");
  await asked;
  const [name = ""] = intents();
  const file = join(place(), "notices", name);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(join(place(), "notices")).mode & 0o777).toBe(0o700);
  expect(statSync(place()).mode & 0o777).toBe(0o700);
  await kill(dying);
  expect(hook.requests).toHaveLength(0);
  release();
  await hook.arrived(1);
  await eventually("the intent is removed", () => intents().length === 0);
  const conversation = await findConversation({ directory: fixture.directory });
  expect(verified(hook.requests[0] as SeenRequest)).toMatchObject({
    id: "msg_settled_orphan-answered",
    type: "turn.settled",
    data: {
      sessionId: conversation?.sessionId,
      messageId: "msg_settled_orphan",
      outcome: "answered",
      text: "so far, done",
      finishReason: "stop",
      usage: { total: 10 },
    },
  });
  await conversation?.close();
  expect(hook.requests).toHaveLength(1);
});
