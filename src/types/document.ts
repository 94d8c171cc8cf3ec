/** A conversation as a document, which another server can take up. */
import type { Message, PermissionRule, SessionUsage, Todo } from "./answer.js";
import type { ServerProtocol } from "./protocol.js";

/** A conversation with all that is stored of it, as JSON. `opencode.importSession()` makes a session of it. */
export interface SessionDocument {
  /** The kind of the document. */
  readonly format: "opencode-ts/session";
  /** The version of the document's form. */
  readonly version: 1;
  /** The time of the export, in the form of ISO 8601. */
  readonly exportedAt: string;
  /** True if secrets were taken out of the texts. */
  readonly redacted: boolean;
  /** The server that had the session. */
  readonly server: ServerProtocol;
  /** The session itself. */
  readonly session: SessionDescription;
  /** The session's permission rules. The last rule that matches wins. */
  readonly rules: readonly PermissionRule[];
  /** The agent's todo list. Empty if the server keeps none. */
  readonly todos: readonly Todo[];
  /** Tokens and cost (USD) of all turns until the export, including sub-agents. */
  readonly usage: SessionUsage;
  /** All messages, oldest first, without those that a revert hides. */
  readonly messages: readonly Message[];
}

/** The session of a {@link SessionDocument}. */
export interface SessionDescription {
  /** The id on the server that had the session. An imported session has a new id. */
  readonly id: string;
  /** The title. Empty if the server stores none. */
  readonly title: string;
  /** The directory on the machine that had the session. */
  readonly directory: string;
  /** The session's own agent. */
  readonly agent?: string | undefined;
  /** The session's own model, as `"provider/model"`. */
  readonly model?: string | undefined;
  /** The variant of the session's own model. */
  readonly variant?: string | undefined;
  /** The metadata of the application. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** The time of its creation, in ms since 1970. */
  readonly created: number;
  /** The time of its last change, in ms since 1970. */
  readonly updated: number;
}

/** Options of `session.export()`. */
export interface ExportOptions {
  /**
   * Replaces secrets in all texts by `[redacted]`: with `true` those that are known by their form or by their name, with expressions
   * also everything that matches one of them.
   * @default the texts are as the server stores them
   */
  readonly redact?: true | readonly RegExp[] | undefined;
}

/** Options of `opencode.importSession()`. */
export interface ImportOptions {
  /** Where the agent works. @default the client's directory */
  readonly directory?: string | undefined;
  /** The session's own agent. @default that of the document */
  readonly agent?: string | undefined;
  /** The session's own model, as `"provider/model"`. @default that of the document */
  readonly model?: string | undefined;
  /**
   * Gives the session the permission rules of the document. `false` leaves the rules out, for a document of somebody whom you do not
   * trust, and for the preview of 2.0, whose sessions have no rules.
   * @default true
   */
  readonly rules?: boolean | undefined;
}
