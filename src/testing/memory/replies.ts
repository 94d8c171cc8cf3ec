/** Answers: JSON, nothing, and the many forms of errors. */
import { randomText } from "../../util/ids.js";
import type { JsonRecord } from "../../util/json.js";

/** An answer that is no 200. Thrown by handlers. */
export class Refusal extends Error {
  readonly response: () => Response;

  constructor(response: () => Response) {
    super("refused");
    this.response = response;
  }
}

/** A JSON answer. */
export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { "content-type": "application/json", ...headers } });
}

function refusal(status: number, body: JsonRecord): Refusal {
  return new Refusal(() => json(body, status));
}

/** 400 with a reason. */
export function badRequest(message: string, kind: "Payload" | "Params" | "Query" | "Body"): Refusal {
  return refusal(400, { name: "BadRequest", data: { message, kind } });
}

/** 400 with nothing else. */
export function plainBadRequest(): Refusal {
  return refusal(400, { _tag: "BadRequest" });
}

/** 404 of a session or a message. */
export function notFound(what: "Session" | "Message", id: string): Refusal {
  return refusal(404, { name: "NotFoundError", data: { message: `${what} not found: ${id}` } });
}

/** An error with a tag. */
export function tagged(status: number, tag: string, fields: JsonRecord = {}): Refusal {
  return refusal(status, { _tag: tag, ...fields });
}

/** 500 for whatever the server did not expect, mistakes of the request included. */
export function internalError(): Refusal {
  const message = "Unexpected server error. Check server logs for details.";
  return refusal(500, { name: "UnknownError", data: { message, ref: `err_${randomText(8).toLowerCase()}` } });
}

/** 409 while something runs. */
export function busy(sessionID: string): Refusal {
  return tagged(409, "SessionBusyError", { sessionID, message: `Session is busy: ${sessionID}` });
}

/** 501 for a route that the agent in memory does not have. */
export function notImplemented(route: string): Refusal {
  const message = `the agent in memory has no ${route}`;
  return refusal(501, { name: "NotImplementedError", data: { message } });
}
