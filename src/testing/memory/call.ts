/** A request as its handler is given it. */
import type { Session } from "./records.js";
import { busy, internalError, notFound } from "./replies.js";
import type { MemoryServer } from "./server.js";

/** One request. */
export interface Call {
  readonly server: MemoryServer;
  readonly url: string;
  readonly directory: string;
  readonly query: URLSearchParams;
  /** The values of the path's places, in order. */
  readonly ids: readonly string[];
  /** The JSON of the body, if there is one. */
  readonly body: unknown;
  readonly signal: AbortSignal | undefined;
}

/** Handlers by method and path. */
export type Routes = Readonly<Record<string, ((call: Call) => Response | Promise<Response>) | undefined>>;

/** The session of the path. */
export function sessionOf({ server, ids }: Call): Session {
  const id = ids[0] ?? "";
  if (!id.startsWith("ses")) throw internalError();
  const session = server.sessions.get(id);
  if (session === undefined) throw notFound("Session", id);
  return session;
}

/** The session, which must be doing nothing. */
export function idleSession(call: Call): Session {
  const session = sessionOf(call);
  if (call.server.runs.has(session.id)) throw busy(session.id);
  return session;
}
