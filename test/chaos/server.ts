/** The real server on a home of its own that outlives it: killed, it is started again on the same data and port. */
import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Config, createOpencodeServer, type OpencodeServer } from "../../src/index.js";
import { delay } from "../../src/util/delay.js";

/** A server that can be killed and comes back. */
export interface MortalServer extends AsyncDisposable {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly password: string;
  readonly version: string;
  /** It speaks the protocol of 2.x. */
  readonly isSecond: boolean;
  /** Where the agent works. */
  readonly directory: string;
  /** Ends it by SIGKILL and starts it again after `ms`. Resolves when it serves again. */
  killAndRestart(ms: number): Promise<void>;
}

/** Starts it. Its folders are removed when it is disposed of, or when this process ends. */
export async function startMortalServer(config: Config, binary: string): Promise<MortalServer> {
  const server = new Mortal(config, binary, await realpath(await mkdtemp(join(tmpdir(), "opencode-ts-chaos-"))));
  try {
    await server.start();
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

const starts = 3;

class Mortal implements MortalServer {
  readonly host = "127.0.0.1";
  readonly password: string = randomUUID();
  readonly directory: string;
  port = 0;
  version = "";
  readonly #config: Config;
  readonly #binary: string;
  readonly #root: string;
  readonly #closing = new AbortController();
  readonly #onExit: () => void;
  #server: OpencodeServer | undefined;
  #restarting: Promise<void> = Promise.resolve();

  constructor(config: Config, binary: string, root: string) {
    this.#config = config;
    this.#binary = binary;
    this.#root = root;
    this.directory = join(root, "work");
    this.#onExit = () => rmSync(root, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 });
    process.once("exit", this.#onExit);
  }

  get isSecond(): boolean {
    return this.version.startsWith("2.");
  }

  get url(): string {
    return `http://${this.host}:${this.port}`;
  }

  async start(): Promise<void> {
    await mkdir(this.directory, { recursive: true });
    const { port } = this;
    for (let start = 1; ; start += 1) {
      try {
        this.#server = await createOpencodeServer({
          config: this.#config,
          binary: this.#binary,
          directory: this.directory,
          password: this.password,
          signal: this.#closing.signal,
          serverTimeout: 120_000,
          logLevel: "off", // that it was killed is no news
          env: environment(this.#root),
          ...(port === 0 ? {} : { port }),
        });
        break;
      } catch (error) {
        if (start >= starts || this.#closing.signal.aborted) throw error;
        await delay(200, this.#closing.signal);
      }
    }
    this.port = Number(new URL(this.#server.url).port);
    this.version = this.#server.version;
  }

  killAndRestart(ms: number): Promise<void> {
    this.#restarting = this.#restarting.then(async () => {
      const server = this.#server;
      if (server === undefined || this.#closing.signal.aborted) return;
      process.kill(server.pid, "SIGKILL");
      await server.exited;
      await delay(ms, this.#closing.signal);
      await this.start();
    });
    return this.#restarting;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error("the run is over"));
    await this.#restarting.catch(() => {}); // told to whoever killed it
    await this.#server?.close();
    await rm(this.#root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    process.off("exit", this.#onExit);
  }
}

/** Nothing of the user's is read or written, and nothing is downloaded. */
function environment(root: string): Record<string, string> {
  return {
    HOME: root,
    XDG_CONFIG_HOME: join(root, ".config"),
    XDG_DATA_HOME: join(root, ".local", "share"),
    XDG_STATE_HOME: join(root, ".local", "state"),
    XDG_CACHE_HOME: join(root, ".cache"),
    npm_config_registry: "http://127.0.0.1:9",
    OPENCODE_DISABLE_PROJECT_CONFIG: "1",
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
  };
}
