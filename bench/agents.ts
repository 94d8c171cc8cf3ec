/** The servers of the bench: the real agent with a scripted model, and the stub, each in a process of its own. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { idleVersionTime } from "../scripts/version-time.js";
import { createScriptedModel, type ModelRequest, type Reply } from "../src/testing/index.js";
import type { Config } from "../src/types/options.js";
import { startRawServer } from "../test/support/raw-server.js";
import { Talker, Worker } from "./processes.js";
import type { StubCounts } from "./programs/stub.js";
import { deltaText, readOrder } from "./programs/text.js";
import type { Setting } from "./question.js";

/** Tells the helpers of the tests, by a file, how slow the machine is: their limits scale with it. */
export function scaleLimits(versionSeconds: number): void {
  if (process.env["OPENCODE_TEST_SLOWNESS"] !== undefined) return;
  const folder = mkdtempSync(join(tmpdir(), "opencode-ts-bench-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "slowness");
  writeFileSync(file, Math.max(1, (versionSeconds * 1_000) / idleVersionTime).toFixed(2));
  process.env["OPENCODE_TEST_SLOWNESS"] = file;
}

/** A running stub. */
export interface Stub extends AsyncDisposable {
  readonly url: string;
  /** Counts since the last call. */
  counts(): Promise<StubCounts>;
}

/** Starts the stub. */
export async function startStub({ programs }: Setting): Promise<Stub> {
  const talker = new Talker<object, unknown>(join(programs, "stub.js"));
  const url = (await talker.next()) as string;
  const counts = async (): Promise<StubCounts> => (await talker.ask({})) as StubCounts;
  return { url, counts, [Symbol.asyncDispose]: () => talker[Symbol.asyncDispose]() };
}

/** The clients by name. */
export const clientNames = ["ours", "official", "bare"] as const;

type ClientName = (typeof clientNames)[number];

/** The three clients, each in a process of its own. */
export interface Clients extends Readonly<Record<ClientName, Worker>>, AsyncDisposable {}

/** All three as contestants of the same job. */
export function allClients<T>(
  clients: Clients,
  run: (client: Worker) => Promise<T>,
): Record<ClientName, () => Promise<T>> {
  return {
    ours: () => run(clients.ours),
    official: () => run(clients.official),
    bare: () => run(clients.bare),
  };
}

/** Starts the clients and connects them to a server. */
export async function startClients({ programs }: Setting, server: string): Promise<Clients> {
  const workers = {
    ours: new Worker("client-ours", programs),
    official: new Worker("client-official", programs),
    bare: new Worker("client-bare", programs),
  };
  for (const worker of Object.values(workers)) await worker.do({ type: "connect", server });
  const close = async (): Promise<void> => {
    for (const worker of Object.values(workers)) await worker[Symbol.asyncDispose]();
  };
  return { ...workers, [Symbol.asyncDispose]: close };
}

/** The real agent with the scripted model. */
export interface Agent extends AsyncDisposable {
  readonly url: string;
  readonly directory: string;
  readonly config: Config;
}

/** Starts the real agent, which answers the same orders as the stub. Its first prompt has been answered. */
export async function startAgent({ binary }: Setting): Promise<Agent> {
  const model = await createScriptedModel(orderedReply);
  const server = await startRawServer({ config: model.config, binary });
  const close = async (): Promise<void> => {
    await server.close();
    await model.close();
  };
  try {
    await firstPrompt(server.url);
  } catch (error) {
    await close();
    throw error;
  }
  return { url: server.url, directory: server.directory, config: model.config, [Symbol.asyncDispose]: close };
}

/** The reply of the scripted model to an order. */
export function orderedReply({ lastUserText }: ModelRequest): Reply {
  return { text: Array.from({ length: readOrder(lastUserText).deltas }, (_chunk, index) => deltaText(index)) };
}

/** The first prompt loads providers and plugins. */
async function firstPrompt(url: string): Promise<void> {
  const post = async (path: string, body: object): Promise<{ readonly id: string }> => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    return (await response.json()) as { id: string }; // the route's answer
  };
  const { id } = await post("/session", { title: "first" });
  await post(`/session/${id}/message`, { parts: [{ type: "text", text: "first" }] });
}
