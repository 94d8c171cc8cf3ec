/** A server that answers, until it is gone. */
import { endAtExit } from "../process/on-exit.js";
import { doingOf, ownWorkOf } from "../process/process-activity.js";
import type { AgentHome, OpencodeServer, ProcessExit } from "../types/server.js";
import { onAbort } from "../util/abort.js";
import { messageOf } from "../util/error-message.js";
import { disposeTurns } from "./dispose.js";
import type { OwnedResources } from "./owned-resources.js";
import type { WatchedServer } from "./responsiveness.js";
import { RestartLimit, startAgain } from "./restart.js";
import { witnessRuns } from "./run-failures.js";
import type { AgentProcess } from "./spawn.js";
import type { StartedServer } from "./start.js";
import type { PreparedStart } from "./start-environment.js";
import { StartLimit } from "./start-timeout.js";
import { terminate } from "./terminate.js";

/** What it is made of. The environment is for the case that it is started again. */
export interface RunningServerParts extends StartedServer, PreparedStart {
  readonly binary: string;
  /** They end with it. The folder holds the home, if there is one. */
  readonly ownedResources: OwnedResources;
}

/** The implementation of `OpencodeServer`. Private fields and getters keep the password out of `console.log` and JSON. */
export class RunningServer implements OpencodeServer {
  readonly url: string;
  pid: number;
  version: string;
  restarts = 0;
  readonly username: string;
  readonly binary: string;
  readonly directory: string;
  readonly home: AgentHome | undefined;
  readonly #parts: RunningServerParts;
  readonly #exited: Promise<ProcessExit>;
  readonly #gone: Promise<void>;
  /** Ends a restart that is under way. */
  readonly #stop = new AbortController();
  readonly #limit: RestartLimit | undefined;
  #agent: AgentProcess;
  #settle: (exit: ProcessExit) => void = () => {};
  #closing: Promise<void> | undefined;
  /** We are ending the process ourselves. */
  #isEnding = false;
  #isRestarting = false;

  constructor(parts: RunningServerParts) {
    const { plan, agent, url, version, binary, home } = parts;
    this.url = url;
    this.pid = agent.pid;
    this.version = version;
    this.username = plan.username;
    this.binary = binary;
    this.directory = plan.directory;
    this.home = home;
    this.#parts = parts;
    this.#agent = agent;
    this.#limit = plan.restart ? new RestartLimit() : undefined;
    this.#exited = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#gone = this.#watch();
    this.#gone.catch(() => {}); // told to whoever calls close()
    // A script that forgets to close must still be able to end; the exit hook then ends the server.
    agent.unref();
    plan.logger.debug(`opencode ${version} serves on ${url} (process ${agent.pid}) for ${plan.directory}`);
  }

  get password(): string {
    return this.#parts.plan.password;
  }

  get exited(): Promise<ProcessExit> {
    return this.#exited;
  }

  outputTail(): string {
    return this.#agent.tail.toString();
  }

  /** For the watch over it. */
  get watched(): WatchedServer {
    const now = () => ({ agent: this.#agent, isServing: !this.#isEnding && !this.#isRestarting });
    const { plan } = this.#parts;
    return {
      get pid() {
        return now().agent.pid;
      },
      get isServing() {
        return now().isServing && now().agent.exit === undefined;
      },
      get said() {
        return now().agent.tail.received;
      },
      worked: () => ownWorkOf(now().agent.pid),
      doing: () => doingOf(now().agent.pid),
      replace: plan.restart ? () => this.#replace() : undefined,
    };
  }

  /** #watch hears of its end, and starts it again. */
  #replace(): void {
    const { plan } = this.#parts;
    plan.logger.warn(`the opencode server (process ${this.pid}) does not respond: it is ended`);
    this.#agent.kill("SIGKILL");
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #close(): Promise<void> {
    this.#stop.abort(new Error("The server is closed."));
    // A start that is under way ends its process itself. Once a process is gone its number may be another's: only
    // #watch, which hears of it at once, signals what is left.
    if (!this.#isRestarting && this.#agent.exit === undefined) {
      this.#isEnding = true;
      this.#agent.ref();
      try {
        await this.#dispose();
      } finally {
        await terminate(this.#agent);
      }
    }
    await this.#gone;
  }

  async #dispose(): Promise<void> {
    const { username, password, logger } = this.#parts.plan;
    try {
      await disposeTurns({ url: this.url, version: this.version, username, password });
    } catch (error) {
      logger.debug(`the server did not end its turns: ${messageOf(error)}`);
    }
  }

  /** Follows the process to its end, whoever ends it, starts it again if that is wanted, and cleans up after the last. */
  async #watch(): Promise<void> {
    const { plan, ownedResources } = this.#parts;
    const close = (): void => {
      this.close().catch((error: unknown) => plan.logger.error(String(error)));
    };
    const release = endAtExit({ kill: () => ownedResources.killNow(), close: () => this.close() });
    const forget = plan.signal === undefined ? undefined : onAbort(plan.signal, close);
    const silence = witnessRuns(this.url, () => this.outputTail());
    try {
      while (await this.#untilEnd()) this.restarts += 1;
    } finally {
      forget?.();
      silence();
      this.#settle(this.#agent.exit ?? { exitCode: null, signal: null });
      await ownedResources.release().finally(release);
    }
  }

  /** Waits for the end of the current process. True when another one serves in its place. */
  async #untilEnd(): Promise<boolean> {
    const agent = this.#agent;
    const exit = await agent.exited;
    await agent.drained(); // the last thing it printed tells why it ended
    const isWanted = this.#limit !== undefined && !this.#stop.signal.aborted;
    const pause = isWanted ? this.#limit?.next() : undefined;
    if (pause === undefined) this.#settle(exit);
    if (this.#isEnding) return false;
    this.#isRestarting = true;
    try {
      await terminate(agent); // what it has started
      const how = exit.signal ?? `exit code ${exit.exitCode}`;
      const next = pause !== undefined ? "; it is started again" : "; that was too often to start it again";
      this.#parts.plan.logger.warn(
        `the opencode server (process ${this.pid}) ended unexpectedly: ${how}${isWanted ? next : ""}`,
      );
      return pause !== undefined && (await this.#startAgain(pause));
    } finally {
      this.#isRestarting = false;
    }
  }

  /** On the same data and the same port. When that does not work, the last process that ended was the end. */
  async #startAgain(pause: number): Promise<boolean> {
    const { plan, port, binary, generation, binaryVersion, env, ownedResources } = this.#parts;
    const before = this.#agent;
    const limit = this.#limit ?? new RestartLimit();
    const onSpawn = (agent: AgentProcess): void => {
      ownedResources.adopt(agent);
      this.#agent = agent;
      this.pid = agent.pid;
    };
    const startLimit = new StartLimit(plan.serverTimeout);
    const { mark } = ownedResources;
    const { signal } = this.#stop;
    try {
      const started = { plan: { ...plan, port }, binary, generation, binaryVersion, env };
      const parts = { ...started, mark, limit: startLimit, signal, onSpawn };
      const { agent, version } = await startAgain(parts, limit, pause);
      if (signal.aborted) {
        await terminate(agent);
        throw signal.reason;
      }
      this.#isRestarting = false; // in the same moment as the look at the signal: from here on close() ends the process
      this.version = version;
      agent.unref();
      plan.logger.info(`the opencode server is back on ${this.url} (process ${agent.pid})`);
      return true;
    } catch (error) {
      const exit = this.#agent.exit ?? before.exit;
      if (exit !== undefined) this.#settle(exit);
      const reason = messageOf(error);
      if (!signal.aborted) plan.logger.error(`the opencode server could not be started again: ${reason}`);
      return false;
    } finally {
      startLimit.stop();
    }
  }
}
