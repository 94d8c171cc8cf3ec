/** Launches an agent server: what exists already when the launch fails or is stopped is cleaned up. */
import { APIAbortError, BinaryDownloadError, BinaryNotFoundError, ServerStartupError } from "../errors/index.js";
import { endAtExit } from "../process/on-exit.js";
import type { ServerOptions } from "../types/options.js";
import { linkSignals } from "../util/abort.js";
import { findBinary } from "./find-binary.js";
import { type ResolvedServerOptions, resolveServerOptions } from "./options.js";
import { OwnedResources } from "./owned-resources.js";
import { RunningServer, type RunningServerParts } from "./running-server.js";
import type { AgentProcess } from "./spawn.js";
import { startServer } from "./start.js";
import { type ConfigOf, prepareStart } from "./start-environment.js";
import { StartLimit } from "./start-timeout.js";
import { sweep } from "./sweep.js";
import { terminate } from "./terminate.js";

/** As `createOpencodeServer()`, for options among others; the result can be watched. `configFor` replaces the option `config`. */
export async function launchServer(options: ServerOptions, configFor?: ConfigOf): Promise<RunningServer> {
  const plan = resolveServerOptions(options);
  const stop = linkSignals(plan.signal);
  const held: Held = { agent: undefined, ownedResources: undefined };
  let settled: () => void = () => {};
  const end = new Promise<void>((resolve) => {
    settled = resolve;
  });
  // While it starts, ending it means ending the start, which cleans up after itself.
  const release = endAtExit({
    kill: () => held.ownedResources?.killNow(),
    close: () => {
      stop.abort(new Error("This process was told to end."));
      return end;
    },
  });
  try {
    return new RunningServer(await start(plan, held, stop.signal, configFor));
  } catch (error) {
    await cleanUp(held);
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
  ownedResources: OwnedResources | undefined;
}

async function start(
  plan: ResolvedServerOptions,
  held: Held,
  signal: AbortSignal,
  configFor: ConfigOf | undefined,
): Promise<RunningServerParts> {
  signal.throwIfAborted();
  void sweep(plan.logger); // beside the start: what others have left is no reason to wait
  const ownedResources = new OwnedResources(plan.logger);
  held.ownedResources = ownedResources;
  const { folder, mark } = ownedResources;
  const onSpawn = (agent: AgentProcess): void => {
    held.agent = agent;
    ownedResources.adopt(agent);
  };
  const limit = new StartLimit(plan.serverTimeout);
  const startWith = async (avoid?: string): Promise<RunningServerParts> => {
    const { path: binary, version, isFound } = await findBinary(plan, { limit, signal, avoid });
    const prepared = await prepareStart(plan, { version, folder, configFor });
    try {
      const started = await startServer({ ...prepared, binary, mark, limit, signal, onSpawn });
      return { ...prepared, ...started, binary, ownedResources };
    } catch (error) {
      if (!isFound || avoid !== undefined || !isIllegalInstruction(error)) throw error;
      plan.logger.warn(`${binary} ended by SIGILL: looking for a build that this CPU can run`);
      return startWith(binary).catch((next: unknown) => {
        // Without another build the first failure is what there is to say.
        throw next instanceof BinaryNotFoundError || next instanceof BinaryDownloadError ? error : next;
      });
    }
  };
  return startWith().finally(() => limit.stop());
}

/** This CPU lacks what the binary needs; `--version` alone may not have shown it. */
function isIllegalInstruction(error: unknown): boolean {
  return error instanceof ServerStartupError && error.signal === "SIGILL";
}

async function cleanUp({ agent, ownedResources }: Held): Promise<void> {
  try {
    // A failed start has ended its process itself; this is for what fails after it.
    if (agent !== undefined && agent.exit === undefined) await terminate(agent);
  } finally {
    await ownedResources?.release();
  }
}
