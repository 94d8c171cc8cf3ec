/**
 * The real preview of 2.0 for tests: a home of its own, a known password, a scripted model's provider in the 1.x shape of the
 * configuration, a free port of loopback. Every wait is bounded, and `await using` ends it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { previewBinary } from "../../scripts/agent.js";
import { createOpencodeClient, type OpencodeClient } from "../../src/client/client.js";
import type { ModelRequest, Reply, ScriptedModel } from "../../src/testing/index.js";
import { isRecord, property, stringProperty } from "../../src/util/json.js";
import { homeVariables } from "./home.js";
import { scaled } from "./slowness.js";

/** From the start to the banner, and until the model is listed for a directory, in ms. Scripts run it without the measure of slowness. */
const startLimit = (): number => patient(60_000);
const listLimit = (): number => patient(90_000);
const patient = (ms: number): number => (process.env["OPENCODE_TEST_SLOWNESS"] === undefined ? 4 * ms : scaled(ms));
/** From SIGTERM to SIGKILL, in ms: with an open event stream the preview stays for 20 s (2.0 preview 1.18.18). */
const endLimit = 3_000;
/** Characters of the output that are kept. */
const longestOutput = 200_000;

/** How a preview is started. */
export interface PreviewOptions {
  /** Its provider and name are the server's. */
  readonly model: Pick<ScriptedModel, "config" | "model">;
  /** Added to the model's configuration, in the 1.x shape. @default none */
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  /** The home of a preview that has ended: its sessions are there. @default a new one, removed at the end */
  readonly home?: string | undefined;
  /** @default 0, a free one */
  readonly port?: number | undefined;
  /** Added to its environment. @default none */
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** A running preview. */
export interface Preview extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly password: string;
  readonly home: string;
  readonly process: ChildProcess;
  /** `"provider/model"`. */
  readonly model: string;
  /** The end of what it has written so far, its log among it. */
  output(): string;
  /** A new directory in which the model is listed: before that a prompt is dropped (2.0 preview 1.18.18). */
  directory(): Promise<string>;
  /** A client of it, bound to the directory. */
  client(directory?: string): OpencodeClient;
  /** Ends it: SIGTERM, and SIGKILL three seconds later, or the given signal. Its home stays. Idempotent. */
  end(signal?: "SIGKILL"): Promise<void>;
}

const password = "preview-password";

/** Starts one. Rejects with its output when it does not listen within a minute. */
export async function startPreview(options: PreviewOptions): Promise<Preview> {
  const binary = await previewBinary();
  const home = options.home ?? (await realpath(await mkdtemp(join(tmpdir(), "opencode-ts-preview-"))));
  const configFolder = join(home, "config-dir");
  const variables = homeVariables(home);
  await mkdir(join(home, "state", "opencode"), { recursive: true });
  await mkdir(configFolder, { recursive: true });
  await writeFile(join(home, "state", "opencode", "password"), password, { mode: 0o600 });
  const config = { ...options.model.config, autoupdate: false, share: "disabled", ...options.config };
  await writeFile(join(configFolder, "opencode.json"), JSON.stringify(config));
  const child = spawn(binary, ["serve", "--hostname", "127.0.0.1", "--port", String(options.port ?? 0)], {
    cwd: home,
    env: { PATH: process.env["PATH"] ?? "", ...variables, OPENCODE_CONFIG_DIR: configFolder, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  let end: Promise<void> | undefined;
  const stop = (signal?: "SIGKILL"): Promise<void> => {
    end ??= endProcess(child, ended, signal);
    return end;
  };
  let url: string;
  try {
    url = await new Promise<string>((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`the preview ${why}:\n${output}`));
      const limit = startLimit();
      const timer = setTimeout(() => fail(`did not listen within ${limit} ms`), limit);
      const take = (piece: Buffer): void => {
        output = (output + piece.toString()).slice(-longestOutput); // read for ever: the pipe must not fill
        const banner = /listening on (http\S+)/.exec(output)?.[1];
        if (banner === undefined) return;
        clearTimeout(timer);
        resolve(banner);
      };
      child.stdout.on("data", take);
      child.stderr.on("data", take);
      child.once("error", (error) => fail(`cannot be started (${error.message})`));
      child.once("close", (code) => fail(`ended with ${code}`));
    });
  } catch (error) {
    await stop("SIGKILL");
    throw error;
  }
  const client = (directory?: string): OpencodeClient =>
    createOpencodeClient({ baseUrl: url, password, ...(directory === undefined ? {} : { directory }) });
  let folders = 0;
  return {
    url,
    password,
    home,
    process: child,
    model: options.model.model,
    output: () => output,
    directory: async () => {
      folders += 1;
      const directory = join(home, "work", `${child.pid}-${folders}`);
      await mkdir(directory, { recursive: true });
      await whenListed(client(directory), options.model.model, () => output);
      return directory;
    },
    client,
    end: stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
      if (options.home === undefined) await rm(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

/** Waits until the model is in the list of the client's directory. */
async function whenListed(client: OpencodeClient, model: string, output: () => string): Promise<void> {
  const until = Date.now() + listLimit();
  for (;;) {
    const { data } = await client.request("GET", "/api/model", { query: { "location[directory]": client.directory } });
    const list = property(data, "data");
    const names = Array.isArray(list) ? list.filter(isRecord).map(nameOf) : [];
    if (names.includes(model)) return;
    if (Date.now() > until) throw new Error(`the preview lists no ${model} (${names.length} models):\n${output()}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function nameOf(model: Record<string, unknown>): string {
  return `${stringProperty(model, "providerID")}/${stringProperty(model, "id")}`;
}

/** What the model says next to a prompt: the replies step by step, the last one again and again. */
export function scripted(
  replies: ReadonlyMap<string, readonly Reply[]>,
  { lastUserText, stepIndex }: ModelRequest,
): Reply {
  const known = replies.get(lastUserText.trim()) ?? [];
  return known[stepIndex] ?? known.at(-1) ?? { status: 400, message: `no reply for ${lastUserText}` };
}

async function endProcess(child: ChildProcess, ended: Promise<void>, signal?: "SIGKILL"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill(signal ?? "SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), endLimit);
  await ended;
  clearTimeout(timer);
}
