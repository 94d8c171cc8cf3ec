/** A server that answers, until it is gone. */
import { onAbort } from "../internal/abort.js";
import { endAtExit } from "../internal/exit-hooks.js";
import type { AgentHome, OpencodeServer, ProcessExit } from "../types/server.js";
import { removeFolder, removeFolderNow } from "./home.js";
import { localRequest } from "./local-request.js";
import type { ServerPlan } from "./options.js";
import type { AgentProcess } from "./spawn.js";
import type { StartedServer } from "./start.js";
import { terminate } from "./terminate.js";

/** What it is made of. */
export interface RunningServerParts extends StartedServer {
  readonly plan: ServerPlan;
  readonly binary: string;
  readonly home: AgentHome | undefined;
  /** Removed when it ends; holds the home, if there is one. */
  readonly folder: string;
}

/** ms for ending the running turns; observed on 1.18.33: under 100. */
const disposeLimit = 3_000;

/** The implementation of `OpencodeServer`. Private fields and getters keep the password out of `console.log` and JSON. */
export class RunningServer implements OpencodeServer {
  readonly url: string;
  readonly pid: number;
  readonly version: string;
  readonly username: string;
  readonly binary: string;
  readonly directory: string;
  readonly home: AgentHome | undefined;
  readonly #plan: ServerPlan;
  readonly #agent: AgentProcess;
  readonly #folder: string;
  readonly #gone: Promise<void>;
  #closing: Promise<void> | undefined;
  #ending = false;

  constructor({ plan, agent, url, version, binary, home, folder }: RunningServerParts) {
    this.url = url;
    this.pid = agent.pid;
    this.version = version;
    this.username = plan.username;
    this.binary = binary;
    this.directory = plan.directory;
    this.home = home;
    this.#plan = plan;
    this.#agent = agent;
    this.#folder = folder;
    this.#gone = this.#watch();
    this.#gone.catch(() => {}); // told to whoever calls close()
    // A script that forgets to close must still be able to end; the exit hook then ends the server.
    agent.unref();
    plan.logger.debug(`opencode ${version} serves on ${url} (process ${agent.pid}) for ${plan.directory}`);
  }

  get password(): string {
    return this.#plan.password;
  }

  get exited(): Promise<ProcessExit> {
    return this.#agent.exited;
  }

  outputTail(): string {
    return this.#agent.tail.toString();
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    // Once it is gone its number may be another process's: only #watch, which hears of it at once, signals what is left.
    if (this.#agent.exit === undefined) {
      this.#ending = true;
      this.#agent.ref();
      try {
        await this.#dispose();
      } finally {
        await terminate(this.#agent);
      }
    }
    await this.#gone;
  }

  /**
   * Aborts the running turns of all directories. Tools run in process groups of their own, which a signal to the server
   * leaves running (observed on 1.18.33).
   */
  async #dispose(): Promise<void> {
    const { username, password, logger } = this.#plan;
    try {
      const url = `${this.url}/global/dispose`;
      await localRequest({ url, method: "POST", username, password, timeout: disposeLimit });
    } catch (error) {
      logger.debug(`the server did not end its turns: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Cleans up when the process is gone, whoever ended it. */
  async #watch(): Promise<void> {
    const { signal, logger } = this.#plan;
    const close = (): void => {
      this.close().catch((error: unknown) => logger.error(String(error)));
    };
    const release = endAtExit({ kill: () => this.#kill(), close: () => this.close() });
    const forget = signal === undefined ? undefined : onAbort(signal, close);
    const exit = await this.#agent.exited;
    forget?.();
    try {
      if (!this.#ending) {
        await terminate(this.#agent); // its children
        const how = exit.signal ?? `exit code ${exit.exitCode}`;
        logger.warn(`the opencode server (process ${this.pid}) ended unexpectedly: ${how}`);
      }
    } finally {
      await removeFolder(this.#folder)
        .catch((error: unknown) => this.#folderStays(error))
        .finally(release);
    }
  }

  #kill(): void {
    this.#agent.kill("SIGKILL");
    removeFolderNow(this.#folder);
  }

  #folderStays(error: unknown): void {
    this.#plan.logger.warn(`${this.#folder} could not be removed: ${error instanceof Error ? error.message : error}`);
  }
}
