/** The process of one client: takes jobs over its IPC channel, does each on the client, checks the answer, and measures itself. */
import { profiled } from "./profile.js";
import { wholeText } from "./text.js";

/** A client of one kind, connected to one server. */
export interface Client {
  /** The text of the answer to a prompt in a new session. */
  ask(prompt: string): Promise<string>;
  /** The same, with each piece of text as it arrives. */
  stream(prompt: string, onText: (text: string) => void): Promise<void>;
  /** The stored messages of a session. */
  read(session: string): AsyncIterable<unknown>;
  /** Creates a session, and gives all that an application keeps of it. */
  open(): Promise<unknown>;
  close(): Promise<void>;
}

/** Connects a client. */
export type Connect = (server: string) => Promise<Client>;

/** One job. */
export type Job =
  | { readonly type: "connect"; readonly server: string }
  /** `count` prompts, `together` of them at a time. Each answer must be `text`. */
  | {
      readonly type: "ask";
      readonly prompt: string;
      readonly text: string;
      readonly count: number;
      readonly together: number;
    }
  | { readonly type: "stream"; readonly deltas: number; readonly lost?: number }
  /** The same, with a profile of the functions. */
  | { readonly type: "profile"; readonly deltas: number }
  | { readonly type: "delay"; readonly deltas: number; readonly pause: number }
  | { readonly type: "read"; readonly session: string; readonly messages: number }
  /** Creates sessions, and keeps them until the next `connect`. */
  | { readonly type: "hold"; readonly sessions: number }
  | { readonly type: "memory" };

/** Measures of one job. Times in ms, memory in bytes. */
export interface Measured {
  readonly wall: number;
  readonly cpu: number;
  /** Growth of the largest resident memory during the job. */
  readonly peak: number;
  /** Prompts that failed. */
  readonly failures: number;
  /** For `delay`: the median from the write of a delta to its arrival at the caller, in ms. */
  readonly delay: number;
  /** The heap and the resident memory after a collection; for `read`, the largest heap among the messages. */
  readonly heap: number;
  readonly resident: number;
  /** Messages of the failures. */
  readonly errors: readonly string[];
  /** For `profile`: functions with their shares of the time. */
  readonly functions: readonly (readonly [name: string, share: number])[];
}

type Findings = Partial<Pick<Measured, "failures" | "delay" | "heap" | "resident" | "errors" | "functions">>;

/** Answers jobs until the parent is gone. */
export function serve(connect: Connect): void {
  let client: Client | undefined;
  let held: unknown[] = [];
  const act = async (job: Job): Promise<Findings> => {
    if (job.type === "memory") return memory();
    if (job.type === "connect") {
      await client?.close();
      held = [];
      client = await connect(job.server);
      return {};
    }
    if (client === undefined) throw new Error("the first job must connect");
    if (job.type === "ask") return askMany(client, job);
    if (job.type === "stream") return stream(client, job);
    if (job.type === "profile") return profile(client, job.deltas);
    if (job.type === "delay") return delays(client, job);
    if (job.type === "read") return read(client, job);
    while (held.length < job.sessions) held.push(await client.open());
    return {};
  };
  process.on("message", (job: Job) => {
    measure(() => act(job)).then(
      (measured) => process.send?.({ measured }),
      (error: unknown) => process.send?.({ error: error instanceof Error ? error.stack : String(error) }),
    );
  });
  process.on("disconnect", () => process.exit());
}

async function measure(job: () => Promise<Findings>): Promise<Measured> {
  const resident = process.memoryUsage.rss();
  let most = resident;
  // By samples: the largest memory that the system knows of may be of an earlier job.
  const sampling = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 20);
  const begun = performance.now();
  const before = process.cpuUsage();
  const findings = await job().finally(() => clearInterval(sampling));
  const { user, system } = process.cpuUsage(before);
  const wall = performance.now() - begun;
  const peak = Math.max(most, process.memoryUsage.rss()) - resident;
  const none = { failures: 0, delay: 0, heap: 0, resident: 0, errors: [], functions: [] };
  return { ...none, wall, cpu: (user + system) / 1_000, peak, ...findings };
}

function expectEqual(subject: string, found: unknown, expected: unknown): void {
  if (found === expected) return;
  throw new Error(`${subject}: expected ${String(expected).slice(0, 80)}, got ${String(found).slice(0, 80)}`);
}

async function askMany(client: Client, job: Extract<Job, { type: "ask" }>): Promise<Findings> {
  const errors: string[] = [];
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (begun < job.count) {
      begun += 1;
      const text = await client.ask(job.prompt).catch((error: unknown) => {
        errors.push(String(error));
        return job.text;
      });
      expectEqual("the answer's text", text, job.text);
    }
  };
  await Promise.all(Array.from({ length: job.together }, lane));
  return { failures: errors.length, errors };
}

async function stream(client: Client, { deltas, lost }: Extract<Job, { type: "stream" }>): Promise<Findings> {
  let count = 0;
  let text = "";
  await client.stream(JSON.stringify({ deltas, lost }), (piece) => {
    count += 1;
    text += piece;
  });
  expectEqual("deltas", count, deltas);
  expectEqual("text equal", text === wholeText(deltas), true);
  return {};
}

async function profile(client: Client, deltas: number): Promise<Findings> {
  return { functions: await profiled(() => stream(client, { type: "stream", deltas })) };
}

async function delays(client: Client, { deltas, pause }: Extract<Job, { type: "delay" }>): Promise<Findings> {
  const found: number[] = [];
  await client.stream(JSON.stringify({ deltas, pause, stamped: true }), (piece) => {
    const now = process.hrtime.bigint();
    for (const stamp of piece.trim().split(" ")) found.push(Number(now - BigInt(stamp)) / 1e6);
  });
  expectEqual("deltas", found.length, deltas);
  return { delay: found.sort((a, b) => a - b)[Math.floor(found.length / 2)] ?? 0 };
}

async function read(client: Client, job: Extract<Job, { type: "read" }>): Promise<Findings> {
  let messages = 0;
  let heap = 0;
  for await (const _message of client.read(job.session)) {
    messages += 1;
    if (messages % Math.ceil(job.messages / 4) === 1) heap = Math.max(heap, (await memory()).heap);
  }
  expectEqual("messages", messages, job.messages);
  return { heap };
}

async function memory(): Promise<Pick<Measured, "heap" | "resident">> {
  for (let round = 0; round < 3; round += 1) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    globalThis.gc?.();
  }
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, resident: rss };
}
