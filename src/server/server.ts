/** `createOpencodeServer`: an agent server of our own, from its start to its end. */
import { APIAbortError } from "../errors.js";
import { linkedController } from "../internal/abort.js";
import { endAtExit } from "../internal/exit-hooks.js";
import type { ServerOptions } from "../types/options.js";
import type { OpencodeServer } from "../types/server.js";
import { serverEnvironment } from "./environment.js";
import { findBinary } from "./find-binary.js";
import { createHome, createTemporary, removeFolder, removeFolderNow } from "./home.js";
import { planServer, type ServerPlan } from "./options.js";
import { RunningServer, type RunningServerParts } from "./running-server.js";
import type { AgentProcess } from "./spawn.js";
import { startServer } from "./start.js";
import { terminate } from "./terminate.js";

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
  const held: Held = { agent: undefined, folder: undefined };
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
    return new RunningServer(await start(plan, held, stop.signal));
  } catch (error) {
    await cleanUp(plan, held);
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
  folder: string | undefined;
}

async function start(plan: ServerPlan, held: Held, signal: AbortSignal): Promise<RunningServerParts> {
  signal.throwIfAborted();
  const deadline = Date.now() + plan.serverTimeout;
  const folder = createTemporary();
  held.folder = folder;
  const home = plan.isolation === "clean" ? await createHome(folder) : undefined;
  const { config, password } = plan;
  const temporary = home?.temporary ?? folder;
  const env = serverEnvironment({ inherited: process.env, added: plan.env, config, password, home, temporary });
  const binary = await findBinary(plan, signal);
  const onSpawn = (agent: AgentProcess): void => {
    held.agent = agent;
  };
  const started = await startServer({ plan, binary, env, deadline, signal, onSpawn });
  return { ...started, plan, binary, home, folder };
}

async function cleanUp(plan: ServerPlan, { agent, folder }: Held): Promise<void> {
  try {
    // A failed start has ended its process itself; this is for what fails after it.
    if (agent !== undefined && agent.exit === undefined) await terminate(agent);
  } finally {
    if (folder !== undefined) await removeFolder(folder).catch((error: unknown) => folderStays(plan, folder, error));
  }
}

function killNow({ agent, folder }: Held): void {
  agent?.kill("SIGKILL");
  if (folder !== undefined) removeFolderNow(folder);
}

function folderStays(plan: ServerPlan, folder: string, error: unknown): void {
  plan.logger.warn(`${folder} could not be removed: ${error instanceof Error ? error.message : String(error)}`);
}
