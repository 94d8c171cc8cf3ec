/** What the server has stored, read from it directly: not through the proxy, and not by the client that is tested. */
import { setTimeout as delay } from "node:timers/promises";
import { isRecord, recordProperty, stringProperty } from "../../src/util/json.js";
import type { MortalServer } from "./server.js";

/** One part of a message, as far as it is looked at. */
export interface StoredPart {
  readonly type: string;
  readonly text: string;
  readonly synthetic: boolean;
  /** Output of a tool. */
  readonly output: string;
}

/** One message. */
export interface StoredMessage {
  readonly id: string;
  readonly role: string;
  readonly sessionId: string;
  /** The user message that an answer belongs to. */
  readonly parentId: string | undefined;
  readonly isComplete: boolean;
  readonly structured: unknown;
  readonly parts: readonly StoredPart[];
}

/** A session with its messages, oldest first. */
export interface StoredSession {
  readonly id: string;
  readonly title: string;
  readonly messages: readonly StoredMessage[];
  /** Messages that the server cannot list: prompts for structured output. Their texts are unknown. */
  readonly unreadable: number;
}

/** A server that was killed needs seconds to come back, more on a busy machine. */
const maxTries = 60;

/** Reads the server's store. */
export class Store {
  readonly #server: MortalServer;

  constructor(server: MortalServer) {
    this.#server = server;
  }

  /** Resolves to those of the sessions (default: all) that are still busy after `ms`. */
  async untilIdle(ms: number, isWaitedFor: (id: string) => boolean = () => true): Promise<string[]> {
    const end = Date.now() + ms;
    for (;;) {
      const busy = Object.keys(await this.#json("GET", "/session/status"));
      const waited = busy.filter(isWaitedFor);
      if (waited.length === 0 || Date.now() > end) return waited;
      await delay(100);
    }
  }

  /** The sessions with this in their title; default all. */
  async find(search = ""): Promise<{ readonly id: string; readonly title: string }[]> {
    const { status, body } = await this.#request("GET", `/session?limit=100000&search=${encodeURIComponent(search)}`);
    if (status !== 200 || !Array.isArray(body)) throw new Error(`sessions: ${status}`);
    return body.map((info) => ({ id: text(info, "id"), title: text(info, "title") }));
  }

  /** Every session there is. */
  async sessions(): Promise<StoredSession[]> {
    const sessions: StoredSession[] = [];
    for (const { id, title } of await this.find()) sessions.push(await this.session(id, title));
    return sessions;
  }

  /**
   * One session. A prompt for structured output is deleted, so that the rest can be listed: that is the only way to see
   * whether there is more.
   */
  async session(id: string, title = ""): Promise<StoredSession> {
    const hidden: StoredMessage[] = [];
    for (let unreadable = 0; ; unreadable += 1) {
      const all = await this.#messages(id, "");
      if (all !== undefined) return { id, title, messages: [...all, ...hidden], unreadable };
      const newest = (await this.#messages(id, "?limit=1"))?.[0];
      const asking = newest?.parentId;
      if (newest === undefined || asking === undefined)
        return { id, title, messages: hidden, unreadable: unreadable + 1 };
      hidden.push(unseen(id, asking));
      await this.#json("DELETE", `/session/${id}/message/${asking}`);
    }
  }

  async delete(sessionId: string): Promise<void> {
    await this.#json("DELETE", `/session/${sessionId}`);
  }

  async #messages(sessionId: string, query: string): Promise<StoredMessage[] | undefined> {
    const { status, body } = await this.#request("GET", `/session/${sessionId}/message${query}`);
    if (status === 400) return undefined;
    if (status !== 200 || !Array.isArray(body)) throw new Error(`messages of ${sessionId}: ${status}`);
    return body.map(storedMessage);
  }

  async #json(method: string, path: string): Promise<Record<string, unknown>> {
    const { status, body } = await this.#request(method, path);
    if (status !== 200) throw new Error(`${method} ${path}: ${status}`);
    return isRecord(body) ? body : {};
  }

  #request(method: string, path: string): Promise<{ status: number; body: unknown }> {
    return patientRequest(this.#server, method, path);
  }
}

/** Asks the server itself, also while it is coming back. */
export async function patientRequest(
  { url, password, directory }: MortalServer,
  method: string,
  path: string,
): Promise<{ status: number; body: unknown }> {
  const authorization = `Basic ${Buffer.from(`opencode:${password}`).toString("base64")}`;
  const headers = { authorization, "x-opencode-directory": encodeURIComponent(directory) };
  for (let tries = 1; ; tries += 1) {
    try {
      const response = await fetch(`${url}${path}`, { method, headers, signal: AbortSignal.timeout(10_000) });
      const answer = await response.text();
      return { status: response.status, body: answer === "" ? undefined : JSON.parse(answer) };
    } catch (error) {
      if (tries === maxTries) throw error; // it may have been killed just now
      await delay(1_000);
    }
  }
}

/** The prompt for structured output that cannot be read: only that it is there is known. */
function unseen(sessionId: string, id: string): StoredMessage {
  return { id, role: "user", sessionId, parentId: undefined, isComplete: true, structured: undefined, parts: [] };
}

function storedMessage(value: unknown): StoredMessage {
  const info = recordProperty(value, "info");
  const parts = isRecord(value) && Array.isArray(value["parts"]) ? value["parts"] : [];
  return {
    id: text(info, "id"),
    role: text(info, "role"),
    sessionId: text(info, "sessionID"),
    parentId: stringProperty(info, "parentID"),
    isComplete: recordProperty(info, "time")?.["completed"] !== undefined,
    structured: info?.["structured"],
    parts: parts.map(storedPart),
  };
}

function storedPart(part: unknown): StoredPart {
  const state = recordProperty(part, "state");
  return {
    type: text(part, "type"),
    text: text(part, "text"),
    synthetic: isRecord(part) && part["synthetic"] === true,
    output: text(state, "output"),
  };
}

function text(value: unknown, name: string): string {
  return stringProperty(value, name) ?? "";
}
