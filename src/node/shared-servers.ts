/** The servers of the functions `ask()` and `askStream()`: calls with equal options share one, which ends with the last call. */
import { AbortedError } from "../errors/index.js";
import type { Opencode } from "../opencode.js";
import type { Session } from "../session/session.js";
import { stableStringify } from "../util/json.js";
import { processWide } from "../util/process-wide.js";
import { createOpencode, type OpencodeOptions } from "./create.js";

/** A server that calls share. */
export interface SharedServer {
  readonly opencode: Promise<Opencode>;
  /** Ends the start of a server; `undefined` for a connection to one that runs. */
  readonly starting: AbortController | undefined;
  hasStarted: boolean;
  users: number;
  isKept: boolean;
  /** The conversation of `keep`. */
  session: Promise<Session> | undefined;
}

/** Servers by the options that they were started with, of all copies of this package. */
const sharedServers = processWide("shared-servers", 1, () => new Map<string, SharedServer>());

/** The text that equal options have in common. */
export function sharedKey(options: OpencodeOptions): string {
  // Who is told of a download makes no other server of it: it is the call that starts the server.
  return stableStringify({ directory: process.cwd(), ...options, onProgress: undefined });
}

/** The server of this key: one that is there, or a new one. The caller leaves it with `leaveShared()`. */
export function share(key: string, options: OpencodeOptions, keep: boolean | undefined): SharedServer {
  const known = sharedServers.get(key);
  const shared = known ?? start(options);
  shared.users += 1;
  if (keep !== undefined) shared.isKept = keep;
  sharedServers.set(key, shared);
  if (known === undefined) void forgetWhenEnded(key, shared);
  return shared;
}

function start(options: OpencodeOptions): SharedServer {
  const starting = options.baseUrl === undefined ? new AbortController() : undefined;
  const opencode =
    options.baseUrl === undefined ? createOpencode({ ...options, signal: starting?.signal }) : createOpencode(options);
  const shared: SharedServer = { opencode, starting, hasStarted: false, users: 0, isKept: false, session: undefined };
  opencode.then(
    () => {
      shared.hasStarted = true;
    },
    () => {}, // told to every call that awaits it
  );
  return shared;
}

/** The next call must not get a server that failed to start or that has died. */
async function forgetWhenEnded(key: string, shared: SharedServer): Promise<void> {
  const forget = (): void => {
    if (sharedServers.get(key) === shared) sharedServers.delete(key);
  };
  await shared.opencode.then(({ server }) => server?.exited).then((exit) => exit !== undefined && forget(), forget);
}

/** The session of all calls with `keep`. */
export function conversation(shared: SharedServer, opencode: Opencode): Promise<Session> {
  shared.session ??= opencode.createSession();
  shared.session.catch(() => {
    shared.session = undefined;
  });
  return shared.session;
}

/** A call is over. The last one ends the server, unless it is kept. */
export async function leaveShared(key: string, shared: SharedServer): Promise<void> {
  shared.users -= 1;
  if (shared.users > 0 || (shared.isKept && shared.hasStarted)) return;
  if (sharedServers.get(key) === shared) sharedServers.delete(key);
  const closed = shared.opencode.then((opencode) => opencode.close()).catch(() => {}); // it never started
  // Once it has started `close()` ends it. A connection has no start to end: what is left of it is not waited for.
  if (!shared.hasStarted) shared.starting?.abort(new AbortedError("nobody waits for the server any more"));
  if (shared.hasStarted || shared.starting !== undefined) await closed;
}
