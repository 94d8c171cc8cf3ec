/** The servers of the bench: the real agent with a scripted model, and the stub, each in a process of its own. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { idleVersionTime } from "../scripts/version-time.js";
import { Talker, Worker } from "./processes.js";
import type { StubCounts } from "./programs/stub.js";
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

/** The three clients, each in a process of its own. */
export interface Clients extends AsyncDisposable {
  readonly ours: Worker;
  readonly official: Worker;
  readonly bare: Worker;
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
