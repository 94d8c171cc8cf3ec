/** The directory of a session, and the agent it was created with: known, or asked for on first use. */
import { ownAgentOf } from "../api/own-mark.js";
import { ConfigError } from "../errors/index.js";
import type { SessionInfo } from "../types/answer.js";
import type { Connection, DirectoryContext, ReadLimits } from "./context.js";

/** The caller's knowledge of a session's directory. */
export interface DirectoryHint {
  /** The server has said so. */
  readonly known?: string | undefined;
  /** The caller says so: checked on first use. */
  readonly expected?: string | undefined;
  /** The agent that the session was created with, where the directory is known. */
  readonly agent?: string | undefined;
}

/** All that the server's description of a session says. */
export function hintOf({ directory, metadata }: SessionInfo): DirectoryHint {
  return { known: directory, agent: ownAgentOf(metadata) };
}

/** One session's directory. */
export class SessionDirectory {
  readonly #connection: Connection;
  readonly #sessionId: string;
  readonly #expected: string | undefined;
  #path: string | undefined;
  #agent: string | undefined;
  #finding: Promise<void> | undefined;

  constructor(connection: Connection, sessionId: string, { known, expected, agent }: DirectoryHint) {
    this.#connection = connection;
    this.#sessionId = sessionId;
    this.#path = known;
    this.#agent = agent;
    this.#expected = expected;
  }

  /** `undefined` until it was found. */
  get path(): string | undefined {
    return this.#path ?? this.#expected;
  }

  /** The agent that the session was created with, once the directory was found. A server that keeps a session's agent runs it by itself. */
  get agent(): string | undefined {
    return this.#connection.api.capabilities.keepsTurnOptions ? undefined : this.#agent;
  }

  /** Client and events of the directory. It is asked for once, for all callers; a failure is not remembered. */
  async scope(limits: ReadLimits = {}): Promise<DirectoryContext> {
    const { lifetime } = this.#connection;
    if (lifetime.aborted) throw lifetime.reason;
    if (this.#path === undefined) {
      this.#finding ??= this.#find(limits).finally(() => {
        this.#finding = undefined;
      });
      await this.#finding;
    }
    return this.#connection.scope(this.#path);
  }

  async #find({ timeout, maxRetries }: ReadLimits): Promise<void> {
    const sessionId = this.#sessionId;
    // Without a caller's signal: the answer is for all callers.
    const info = await this.#connection.api.sessions.get(sessionId, { timeout, maxRetries });
    this.#connection.budgets.records.learn(info);
    const { directory } = info;
    const expected = this.#expected;
    // The server runs it in its own directory all the same, where nobody would hear of its events and asks.
    if (expected !== undefined && expected !== directory) {
      throw new ConfigError(`the session works in ${JSON.stringify(directory)}, not in ${JSON.stringify(expected)}`, {
        sessionId,
        hint: "Leave the option `directory` out: it is found.",
      });
    }
    this.#path = directory;
    this.#agent = ownAgentOf(info.metadata);
  }
}
