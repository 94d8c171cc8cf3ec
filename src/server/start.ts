/** Starts the agent until it serves, as often as it makes sense. */
import { ServerStartupTimeoutError } from "../errors.js";
import { linkedController } from "../internal/abort.js";
import { delay } from "../internal/delay.js";
import type { ServerPlan } from "./options.js";
import { baseUrl, checkPortIsFree, freePort } from "./port.js";
import { untilReady } from "./ready.js";
import { type AgentProcess, spawnAgent } from "./spawn.js";
import { mayStartAgain, startupFailure } from "./startup-failure.js";
import { terminate } from "./terminate.js";

/** What a start needs besides the options. */
export interface StartParts {
  readonly plan: ServerPlan;
  readonly binary: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ends the start. */
  readonly signal: AbortSignal;
  /** Told of each process as soon as it exists, so that it can be ended whatever happens next. */
  readonly onSpawn: (agent: AgentProcess) => void;
}

/** A server that answers. */
export interface StartedServer {
  readonly agent: AgentProcess;
  readonly url: string;
  readonly version: string;
}

const maxStarts = 4;

/**
 * Starts the server; again, up to three times, when the port was taken in the moment between finding and using it or
 * another server held the database. `serverTimeout` is for all of it.
 */
export async function startServer(parts: StartParts): Promise<StartedServer> {
  const { plan } = parts;
  const deadline = Date.now() + plan.serverTimeout;
  for (let start = 1; ; start += 1) {
    try {
      return await startOnce(parts, await choosePort(plan), deadline);
    } catch (error) {
      if (start >= maxStarts || !mayStartAgain(error, plan.port === undefined)) throw error;
      plan.logger.debug(`starting the server again: ${error instanceof Error ? error.message : String(error)}`);
      await delay(100 + Math.random() * 200 * start, parts.signal);
    }
  }
}

async function choosePort({ hostname, port }: ServerPlan): Promise<number> {
  if (port === undefined) return freePort(hostname);
  await checkPortIsFree(hostname, port);
  return port;
}

async function startOnce(parts: StartParts, port: number, deadline: number): Promise<StartedServer> {
  const { plan, binary } = parts;
  const { hostname, username, password } = plan;
  const args = ["serve", "--port", String(port), "--hostname", hostname];
  const login = Buffer.from(`${username}:${password}`).toString("base64");
  parts.signal.throwIfAborted();
  const agent = await spawnAgent({ binary, args, cwd: plan.directory, env: parts.env, secrets: [password, login] });
  parts.onSpawn(agent);
  const url = baseUrl(hostname, port);
  const waiting = linkedController(parts.signal);
  const timer = setTimeout(() => waiting.abort(tooLate(plan, agent)), Math.max(1, deadline - Date.now()));
  const ended = agent.exited.then(async (exit) => {
    await agent.drained();
    throw startupFailure({ exit, tail: agent.tail.toString(), binary, hostname, port });
  });
  try {
    const ready = untilReady(agent, { url, username, password, binary, signal: waiting.signal });
    return { agent, url, version: await Promise.race([ready, ended]) };
  } catch (error) {
    await terminate(agent);
    throw error;
  } finally {
    clearTimeout(timer);
    waiting.release();
    waiting.abort(); // ends what is left of the waiting
  }
}

function tooLate(plan: ServerPlan, agent: AgentProcess): ServerStartupTimeoutError {
  const tail = agent.tail.toString();
  const printed = tail === "" ? "It printed nothing." : `It printed:\n${tail.split("\n").slice(-20).join("\n")}`;
  return new ServerStartupTimeoutError(`The server was not ready within ${plan.serverTimeout} ms. ${printed}`, {
    tail,
    hint: "A cold disk or a large project may need more: raise `serverTimeout`.",
  });
}
