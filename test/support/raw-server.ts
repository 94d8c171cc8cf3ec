/**
 * The real agent, started with nothing of this package but the spawn: for tests of layers that sit below `server/`, and
 * for facts about the server itself. Its home is a temporary one and no request of it leaves the machine.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentBinary } from "../../scripts/agent.js";
import type { Config } from "../../src/types/options.js";
import { homeVariables } from "./home.js";
import { scaled } from "./slowness.js";

export interface RawServerOptions {
  /** Path of the agent. Default: the pinned release. */
  readonly binary?: string | undefined;
  /** Given to the server as `OPENCODE_CONFIG_CONTENT`. */
  readonly config?: Config | undefined;
  /** Without it the server asks for no credentials. */
  readonly password?: string | undefined;
  /** Merged over the hermetic environment; `undefined` removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Working directory. Default: an empty temporary one, without git. */
  readonly directory?: string | undefined;
}

export interface RawServer {
  /** `http://127.0.0.1:PORT`, no slash at the end. */
  readonly url: string;
  readonly directory: string;
  readonly home: string;
  readonly pid: number;
  /** Authorization, when there is a password. */
  readonly headers: Record<string, string>;
  /** Resolves when the process is gone. */
  readonly exited: Promise<void>;
  /** Ends the process, waits for its end and deletes the temporary folders. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts `opencode serve` on a free port of loopback and waits for its "listening" line. */
export async function startRawServer(options: RawServerOptions = {}): Promise<RawServer> {
  const home = mkdtempSync(join(tmpdir(), "opencode-ts-home-"));
  const temporary = options.directory === undefined ? mkdtempSync(join(tmpdir(), "opencode-ts-work-")) : undefined;
  const directory = await realpath(options.directory ?? temporary ?? home);
  const child = spawn(options.binary ?? (await agentBinary()), ["serve", "--hostname", "127.0.0.1", "--port", "0"], {
    cwd: directory,
    env: hermeticEnvironment(home, options),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = (): boolean => child.kill("SIGKILL");
  process.once("exit", end); // the server outlives a parent that just dies
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const close = async (): Promise<void> => {
    process.removeListener("exit", end);
    end();
    await exited;
    for (const folder of [home, temporary]) {
      // The agent's own children may still be writing for a moment.
      if (folder !== undefined) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    }
  };
  try {
    const url = await listening(child);
    const { password } = options;
    const headers: Record<string, string> =
      password === undefined
        ? {}
        : { authorization: `Basic ${Buffer.from(`opencode:${password}`).toString("base64")}` };
    return { url, directory, home, pid: child.pid ?? -1, headers, exited, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

function hermeticEnvironment(home: string, { config, password, env }: RawServerOptions): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(OPENCODE_|XDG_|npm_config_)/i.test(name));
  return {
    ...Object.fromEntries(inherited),
    ...homeVariables(home),
    ...(config === undefined ? {} : { OPENCODE_CONFIG_CONTENT: JSON.stringify(config) }),
    ...(password === undefined ? {} : { OPENCODE_SERVER_PASSWORD: password }),
    ...env,
  };
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = "";
    const fail = (reason: string): void =>
      reject(new Error(`opencode serve ${reason}; it said: ${output || "nothing"}`));
    const limit = scaled(60_000);
    const timer = setTimeout(() => fail(`was not ready after ${limit} ms`), limit);
    const read = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-10_000); // also keeps the pipes drained later on
      const url = /listening on (http\S+)/.exec(output)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("error", (error) => fail(`did not start: ${error.message}`));
    child.once("exit", (code, signal) => {
      clearTimeout(timer);
      fail(`ended with ${signal ?? code}`);
    });
  });
}
