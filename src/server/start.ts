/** Starts the agent until it serves. */
import { linkSignals } from "../util/abort.js";
import { baseUrl } from "./port.js";
import { untilReady } from "./ready.js";
import { type AgentProcess, spawnAgent } from "./spawn.js";
import type { PreparedStart } from "./start-environment.js";
import type { StartLimit } from "./start-timeout.js";
import { startWithRetries } from "./start-with-retries.js";
import { startupFailure } from "./startup-failure.js";
import { terminate } from "./terminate.js";

/** What a start needs besides the options. */
export interface StartParts extends Omit<PreparedStart, "home"> {
  readonly binary: string;
  /** Of the server's processes. */
  readonly mark: string;
  /** When it is given up. The caller stops it. */
  readonly limit: StartLimit;
  /** Ends the start. */
  readonly signal: AbortSignal;
  /** Told of each process as soon as it exists, so that it can be ended whatever happens next. */
  readonly onSpawn: (agent: AgentProcess) => void;
}

/** A server that answers. */
export interface StartedServer {
  readonly agent: AgentProcess;
  readonly url: string;
  readonly port: number;
  readonly version: string;
}

/** Starts the server, again where that helps. The limit is for all of it. */
export function startServer(parts: StartParts): Promise<StartedServer> {
  return startWithRetries(parts.plan, parts.signal, (port) => startOnce(parts, port));
}

async function startOnce(parts: StartParts, port: number): Promise<StartedServer> {
  const { plan, binary, generation, binaryVersion, env, mark, limit } = parts;
  const { hostname, username, password } = plan;
  const args = ["serve", "--port", String(port), "--hostname", hostname, ...generation.args];
  const login = Buffer.from(`${username}:${password}`).toString("base64");
  parts.signal.throwIfAborted();
  limit.signal.throwIfAborted();
  const secrets = [password, login];
  const { input } = generation;
  const agent = await spawnAgent({ binary, args, cwd: plan.directory, env, mark, secrets, input });
  parts.onSpawn(agent);
  const url = baseUrl(hostname, port);
  const waiting = linkSignals(parts.signal, limit.signal);
  let isListening = false;
  void agent.listening.then(() => {
    isListening = true;
  });
  limit.follow({
    pid: () => agent.pid,
    tail: () => agent.tail.toString(),
    said: () => agent.tail.received,
    isListening: () => isListening,
  });
  const ended = agent.exited.then(async (exit) => {
    await agent.drained();
    throw startupFailure({ exit, tail: agent.tail.toString(), binary, hostname, port });
  });
  try {
    const asked = { url, username, password, binary, generation, binaryVersion };
    const ready = untilReady(agent, { ...asked, signal: waiting.signal, onAnswer: limit.sign });
    return { agent, url, port, version: await Promise.race([ready, ended]) };
  } catch (error) {
    await terminate(agent);
    throw error;
  } finally {
    waiting.release();
    waiting.abort(); // ends what is left of the waiting
  }
}
