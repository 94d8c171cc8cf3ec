/** The connection to the agent: through the page's server, with a cookie that scripts cannot read. */
import { createOpencode, type Opencode } from "../../client.js";
import { isRecord } from "./storage.js";

/** `lost`: the page reconnects; `loggedOut`: a new address is needed. */
export type ConnectionState = "connecting" | "open" | "lost" | "loggedOut";

/** Time for which a turn retries, in ms: a laptop may sleep. */
const reconnectTimeout = 30 * 60_000;
const firstWait = 500;
const longestWait = 5_000;

/** Data from the page's server. */
export interface Start {
  readonly directory: string | undefined;
  readonly version: string;
  readonly model: string | undefined;
  /** Models that take over from a model that fails. */
  readonly fallbackModels: readonly string[];
}

export interface ConnectionOptions {
  readonly onState: (state: ConnectionState) => void;
  /** The event stream is open, for the first time or again. */
  readonly onEvents: () => void;
}

/** Connects without a time limit. */
export async function connect(options: ConnectionOptions): Promise<{ opencode: Opencode; start: Start }> {
  const fetch = watchedFetch(options);
  for (let wait = firstWait; ; wait = Math.min(wait * 2, longestWait)) {
    try {
      const start = await readStart(fetch);
      const opencode = await createOpencode({
        baseUrl: `${location.origin}/agent`,
        directory: start.directory,
        headers: { "x-opencode-web": "1" },
        fetch,
        reconnectTimeout,
        logLevel: "error",
      });
      return { opencode, start };
    } catch (error) {
      if (error instanceof LoggedOutError) throw error;
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

class LoggedOutError extends Error {
  override readonly name = "LoggedOutError";
}

async function readStart(fetch: typeof globalThis.fetch): Promise<Start> {
  const response = await fetch("/start.json", { headers: { "x-opencode-web": "1" } });
  if (response.status === 401) throw new LoggedOutError("this browser is not logged in");
  const value: unknown = await response.json();
  if (!response.ok || !isRecord(value)) throw new Error(`/start.json: ${response.status}`);
  const { directory, version, model, fallbackModels } = value;
  const others = Array.isArray(fallbackModels) ? fallbackModels.filter((name) => typeof name === "string") : [];
  return {
    directory: textOf(directory),
    version: textOf(version) ?? "",
    model: textOf(model),
    fallbackModels: others,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A `fetch` that reports the state of the connection. */
function watchedFetch({ onState, onEvents }: ConnectionOptions): typeof globalThis.fetch {
  return async (input, init) => {
    try {
      const response = await globalThis.fetch(input, { ...init, credentials: "same-origin" });
      if (response.status === 401) onState("loggedOut");
      else if ([502, 503, 504].includes(response.status)) onState("lost");
      else onState("open");
      const address = input instanceof Request ? input.url : String(input);
      if (response.ok && /\/event(?:\?|$)/.test(address)) onEvents();
      return response;
    } catch (error) {
      // Aborted by the page, or by the timeout of one request.
      if (init?.signal?.aborted !== true) onState("lost");
      throw error;
    }
  };
}
