/** Who wants to know which directories of a server are used, and may hold a request back. */

import { raceAbort } from "../util/abort.js";

/** Told of every try of a request that needs a directory's instance on the server. */
export interface Traffic {
  /** Resolves when the request may be sent, with what is to be called when its answer is over. Never rejects. */
  enter(directory: string): Promise<() => void>;
}

const nothing = (): void => {};

/**
 * The same for a request as it is sent: what concerns the whole server, and names no directory, is not told. A promise only where
 * somebody is told; it rejects with the signal's reason.
 */
export function enter(
  traffic: Traffic | undefined,
  { path, headers }: { readonly path: string; readonly headers: Readonly<Record<string, string>> },
  signal: AbortSignal,
): (() => void) | Promise<() => void> {
  const directory = headers["x-opencode-directory"];
  if (traffic === undefined || directory === undefined || /^\/(global|auth)\//.test(path)) return nothing;
  const entering = traffic.enter(decodeURIComponent(directory));
  return raceAbort(entering, signal).catch((error: unknown) => {
    void entering.then((leave) => leave());
    throw error;
  });
}
