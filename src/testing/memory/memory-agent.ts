/** The agent in memory: an opencode server behind a `fetch`, with a scripted model. */
import { checkOptions } from "../../util/check-options.js";
import type { ModelRequest } from "../request.js";
import type { Script } from "../script.js";
import { createFetch } from "./http.js";
import { Model, modelName, provider } from "./model.js";
import { ensureRun } from "./run.js";
import { type MemoryAgentOptions, MemoryServer, memoryAgentNames } from "./server.js";

/** An agent in memory. `createMemoryAgent()` makes it. */
export interface MemoryAgent extends AsyncDisposable {
  /** Answers requests as the server does. For `createOpencode({ baseUrl, fetch })`. */
  readonly fetch: typeof globalThis.fetch;
  /** Address for `createOpencode({ baseUrl, fetch })`. No server listens on it. */
  readonly baseUrl: string;
  /** Name of the model: `"scripted/model"`. Further ones are those of `config.provider.scripted.models`. */
  readonly model: string;
  /** All requests to the model, including those for titles and summaries, in order. */
  readonly requests: readonly ModelRequest[];
  /** Counts the model steps of a prompt: requests of kind `"chat"` whose last user message has this text as a part. */
  calls(prompt: string): number;
  /**
   * Simulates a crash, and a restart after `downFor` ms (default 0). Open requests and event streams break; new requests fail until
   * the restart. Stored sessions survive; runs, open permission requests and permissions granted by `"always"` do not.
   */
  crash(options?: { readonly downFor?: number | undefined }): void;
  /** Ends the agent. Further calls do nothing. */
  close(): Promise<void>;
}

/**
 * Creates an agent in memory, whose model answers from `script`. It needs no process, no network and no disk, and runs in a
 * browser.
 * @throws {ConfigError} for a value that is no script, and for a wrong option.
 */
export function createMemoryAgent(script: Script, options: MemoryAgentOptions = {}): MemoryAgent {
  checkOptions(options, memoryAgentNames, "createMemoryAgent()");
  return memoryAgent(createMemoryServer(script, options));
}

/** The state of an agent, for whoever needs no `fetch`. Not for callers. */
export function createMemoryServer(script: Script, options: MemoryAgentOptions): MemoryServer {
  const configured = options.config?.provider?.[provider]?.models;
  const server = new MemoryServer(options, new Model(script, options, configured));
  server.ensureRun = (session) => ensureRun(server, session);
  return server;
}

/** The agent with this state. Not for callers. */
export function memoryAgent(server: MemoryServer): MemoryAgent {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = (): void => {
    const reset = lost("ECONNRESET", "read ECONNRESET");
    server.life.abort(reset);
    server.hub.endAll(reset);
    for (const gone of [server.status, server.runs, server.permissions, server.questions, server.approved])
      gone.clear();
    // From now on nobody is there.
    const down = new AbortController();
    down.abort(lost("ECONNREFUSED", "connect ECONNREFUSED 127.0.0.1:1"));
    server.life = down;
    clearTimeout(timer);
  };
  const crash: MemoryAgent["crash"] = (given = {}) => {
    checkOptions(given, { downFor: true }, "crash()");
    const { downFor = 0 } = given;
    if (isClosed) return;
    end();
    const back = (): void => {
      server.life = new AbortController();
    };
    if (downFor > 0) timer = setTimeout(back, downFor);
    else back();
  };
  let isClosed = false;
  const close = async (): Promise<void> => {
    if (!isClosed) end();
    isClosed = true;
  };
  return {
    fetch: createFetch(() => server),
    baseUrl: "http://127.0.0.1:1",
    model: `${provider}/${modelName}`,
    requests: server.model.requests,
    calls: (prompt) => server.model.calls(prompt),
    crash,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** As `fetch` tells of a connection that is lost, or that nobody takes. */
function lost(code: string, message: string): TypeError {
  return new TypeError("fetch failed", { cause: Object.assign(new Error(message), { code }) });
}
