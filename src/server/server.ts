/** `createOpencodeServer`: an agent server of our own, from its start to its end. */

import { resolveBinary } from "../binary/resolve.js";
import { APIAbortError } from "../errors.js";
import { linkedController, orAbort } from "../internal/abort.js";
import type { ServerOptions } from "../types/options.js";
import type { OpencodeServer } from "../types/server.js";
import { mergeEnvironment, serverEnvironment } from "./environment.js";
import { endAtExit } from "./exit-hooks.js";
import { createHome, type HomeFolders, removeHome, removeHomeNow } from "./home.js";
import { planServer, type ServerPlan } from "./options.js";
import { RunningServer } from "./running-server.js";
import type { AgentProcess } from "./spawn.js";
import { type StartedServer, startServer } from "./start.js";

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
  home: HomeFolders | undefined;
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
