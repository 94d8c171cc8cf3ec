/** `createOpencodeServer`: an agent server of our own, from its start to its end. */

import { resolveBinary } from "../binary/resolve.js";
import { APIAbortError } from "../errors.js";
import { linkedController, orAbort } from "../internal/abort.js";
import type { ServerOptions } from "../types/options.js";
import { mergeEnvironment, serverEnvironment } from "./environment.js";
import { endAtExit } from "./exit-hooks.js";
import { type AgentHome, createHome, removeHome, removeHomeNow } from "./home.js";
import { planServer, type ServerPlan } from "./options.js";
import { RunningServer } from "./running-server.js";
import type { AgentProcess, ProcessExit } from "./spawn.js";
import { type StartedServer, startServer } from "./start.js";

/** A server that we started and that we end. */
export interface OpencodeServer {
  /** For example `"http://127.0.0.1:41589"`. */
  readonly url: string;
  /** The agent's own process. */
  readonly pid: number;
  /** The release it says it is, for example `"1.18.33"`. */
  readonly version: string;
  readonly username: string;
  /** Not shown by `console.log` and not part of its JSON. */
  readonly password: string;
  /** Path of the agent's binary. */
  readonly binary: string;
  /** Where it works: absolute, links resolved. */
  readonly directory: string;
  /** Its private folders with `isolation: "clean"`. They are removed when it ends. */
  readonly home: AgentHome | undefined;
  /** Settles when the process is gone, for whatever reason; never rejects. It does not keep this process alive. */
  readonly exited: Promise<ProcessExit>;
  /** The last lines it printed (at most 500 lines or 64 KiB), without its password. */
  outputTail(): string;
  /**
   * Ends the server: running turns and their tools first, then the process. Resolves when it is gone, which takes eight
   * seconds at most with a server that hangs. May be called again.
   */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Finds the agent binary, starts `opencode serve` on a free loopback port with a random password, and resolves when it
 * answers. The server ends with `close()`, with the `signal`, and with this process: also without `close()`, and when a
 * signal or an error ends it. The running server does not keep this process alive.
 * @throws ConfigError for a wrong option, before anything is started.
 * @throws BinaryNotFoundError, UnsupportedServerVersionError as `resolveBinary` does, the latter also for what answers.
 * @throws ServerStartupError when it ends before it is ready or the port is taken; ServerStartupTimeoutError.
 * @throws APIAbortError when the `signal` aborts before it is ready. Whatever is thrown, nothing is left running.
 */
export async function createOpencodeServer(options: ServerOptions = {}): Promise<OpencodeServer> {
  const plan = planServer(options);
  const stop = linkedController(plan.signal);
  const held: Held = { agent: undefined, home: undefined };
  let settled: () => void = () => {};
  const end = new Promise<void>((resolve) => {
    settled = resolve;
  });
  // While it starts, ending it means ending the start, which cleans up after itself.
  const release = endAtExit({
    kill: () => killNow(held),
    close: () => {
      stop.abort(new Error("This process was told to end."));
      return end;
    },
  });
  try {
    const binary = await start(plan, held, stop.signal);
    return new RunningServer({ ...binary, plan, home: held.home });
  } catch (error) {
    if (held.home !== undefined) await removeHome(held.home).catch((cause) => homeStays(plan, cause));
    if (!stop.signal.aborted) throw error;
    throw new APIAbortError("The start of the server was aborted.", { cause: stop.signal.reason });
  } finally {
    stop.release();
    release();
    settled();
  }
}

/** What exists already while a server starts. */
interface Held {
  agent: AgentProcess | undefined;
  home: AgentHome | undefined;
}

function killNow({ agent, home }: Held): void {
  agent?.kill("SIGKILL");
  if (home !== undefined) removeHomeNow(home);
}

async function start(plan: ServerPlan, held: Held, signal: AbortSignal): Promise<StartedServer & { binary: string }> {
  signal.throwIfAborted();
  if (plan.isolation === "clean") held.home = await createHome();
  const { config, password, logger } = plan;
  const env = serverEnvironment({ inherited: process.env, added: plan.env, config, password, home: held.home });
  const { path } = await orAbort(
    // Its lines are filtered by our logger.
    resolveBinary({ binary: plan.binary, env: mergeEnvironment(process.env, plan.env), logger, logLevel: "debug" }),
    signal,
  );
  const onSpawn = (agent: AgentProcess): void => {
    held.agent = agent;
  };
  return { ...(await startServer({ plan, binary: path, env, signal, onSpawn })), binary: path };
}

function homeStays(plan: ServerPlan, error: unknown): void {
  plan.logger.warn(`a temporary home could not be removed: ${error instanceof Error ? error.message : String(error)}`);
}
