/** The agent in memory: an opencode server behind a `fetch`, with a scripted model. */
import { checkOptions } from "../../util/check-options.js";
import type { ModelRequest } from "../request.js";
import type { Script } from "../script.js";
import { createFetch } from "./http.js";
import { Model, modelName, provider } from "./model.js";
import { ensureRun } from "./run.js";
import { type MemoryAgentOptions, MemoryServer, memoryAgentNames } from "./server.js";

/** An agent in memory. */
export interface MemoryAgent extends AsyncDisposable {
  /** Give it to `createOpencode({ baseUrl, fetch })`. */
  readonly fetch: typeof globalThis.fetch;
  /** An address that nobody listens on. */
  readonly baseUrl: string;
  /** `"scripted/model"`. */
  readonly model: string;
  /** Everything that the model was asked, titles and summaries included, in order. */
  readonly requests: readonly ModelRequest[];
  /** How many steps were run for a prompt: requests of kind `"chat"` whose last user message has this text as a part. */
  calls(prompt: string): number;
  /**
   * Ends the agent as a crash does, and starts it again after `downFor` ms (default 0): open requests and event streams
   * break, new ones are refused until then. What was stored is there afterwards; runs, asks and what "always" allowed are gone.
   */
  crash(options?: { readonly downFor?: number | undefined }): void;
  /** Ends it for good. May be called more than once. */
  close(): Promise<void>;
}

/**
 * An agent in memory that answers as `script` says. It needs no process, no network and no disk, and runs in a browser.
 *
 * @throws {ConfigError} when `script` is none.
 */
export function createMemoryAgent(script: Script, options: MemoryAgentOptions = {}): MemoryAgent {
  checkOptions(options, memoryAgentNames, "createMemoryAgent()");
  const server = new MemoryServer(options, new Model(script, options));
  server.ensureRun = (session) => ensureRun(server, session);
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
