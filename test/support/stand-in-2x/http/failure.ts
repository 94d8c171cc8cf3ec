/** The error answers of released 2.x: a status and a body with `_tag`. */

/** Thrown by a route; the server sends it. */
export class Failure extends Error {
  readonly status: number;
  readonly tag: string;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(status: number, tag: string, message: string, fields: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.status = status;
    this.tag = tag;
    this.fields = fields;
  }
}

export const invalidRequest = (message: string, kind: "Payload" | "Params" | "Query" = "Payload"): Failure =>
  new Failure(400, "InvalidRequestError", message, { kind });

export const sessionNotFound = (sessionID: string): Failure =>
  new Failure(404, "SessionNotFoundError", `Session not found: ${sessionID}`, { sessionID });

export const messageNotFound = (sessionID: string, messageID: string): Failure =>
  new Failure(404, "MessageNotFoundError", `Message not found: ${messageID}`, { sessionID, messageID });

export const conflict = (message: string, resource: string): Failure =>
  new Failure(409, "ConflictError", message, { resource });

export const sessionBusy = (sessionID: string): Failure =>
  new Failure(409, "SessionBusyError", `Session is busy: ${sessionID}`, { sessionID });
