/** What the agent itself has, read past the network: no fault, no delay, and not by the client that is tested. */

import type { AssistantMessage, Part, ReadableMessage } from "../../../src/client.js";
import { isRecord, property, recordProperty, stringProperty } from "../../../src/util/json.js";
import type { VirtualClock } from "../world/clock.js";
import { agentSide } from "../world/exchange.js";

export interface TruthOptions {
  readonly clock: VirtualClock;
  readonly agent: { readonly fetch: typeof globalThis.fetch; readonly baseUrl: string };
}

/** The agent's store. */
export class Truth {
  readonly #options: TruthOptions;
  #known: Map<string, ReadableMessage[]> | undefined;

  constructor(options: TruthOptions) {
    this.#options = options;
  }

  async sessions(): Promise<{ id: string; title: string; parentId: string | undefined }[]> {
    const found = await this.#get("/session?limit=10000");
    if (!Array.isArray(found)) return [];
    return found.map((info) => ({
      id: stringProperty(info, "id") ?? "",
      title: stringProperty(info, "title") ?? "",
      parentId: stringProperty(info, "parentID"),
    }));
  }

  /** The sessions that run something: none while the agent is down. */
  async busy(): Promise<string[]> {
    const statuses = await this.#get("/session/status").catch(() => ({}));
    if (!isRecord(statuses)) return [];
    return Object.keys(statuses).filter((id) => stringProperty(statuses[id], "type") !== "idle");
  }

  /** Asks that wait: their ids and sessions. */
  async asks(): Promise<{ id: string; sessionId: string }[]> {
    const lists = [await this.#get("/permission"), await this.#get("/question")];
    return lists.flatMap((list) =>
      Array.isArray(list)
        ? list.map((ask) => ({
            id: stringProperty(ask, "id") ?? "",
            sessionId: stringProperty(ask, "sessionID") ?? "",
          }))
        : [],
    );
  }

  /** Nothing changes any more: what was read once is not read again. */
  freeze(): void {
    this.#known = new Map();
  }

  /** The messages of a session, oldest first; those that the agent cannot read are left out. */
  async messages(sessionId: string): Promise<ReadableMessage[]> {
    const known = this.#known?.get(sessionId);
    if (known !== undefined) return known;
    const messages = await this.#read(sessionId);
    this.#known?.set(sessionId, messages);
    return messages;
  }

  async #read(sessionId: string): Promise<ReadableMessage[]> {
    const all = await this.#get(`/session/${sessionId}/message`);
    if (Array.isArray(all)) return all as ReadableMessage[]; // the agent's own form
    const found: ReadableMessage[] = [];
    for (let before = ""; ; ) {
      const { body, cursor } = await this.#page(sessionId, before);
      if (!Array.isArray(body)) return found;
      found.unshift(...(body as ReadableMessage[]));
      if (cursor === null || cursor === "") return found;
      before = `&before=${cursor}`;
    }
  }

  /** A prompt of somebody else, who is not seen. */
  prompt(sessionId: string, text: string): void {
    const { clock, agent } = this.#options;
    clock.set(
      () => {
        const body = JSON.stringify({ parts: [{ type: "text", text }] });
        const headers = { "content-type": "application/json" };
        void agent
          .fetch(`${agent.baseUrl}/session/${sessionId}/prompt_async`, { method: "POST", body, headers })
          .catch(() => {}); // the agent is down: then nobody else is there either
      },
      1,
      { owner: agentSide },
    );
  }

  async #page(sessionId: string, before: string): Promise<{ body: unknown; cursor: string | null }> {
    const response = await this.#fetch(`/session/${sessionId}/message?limit=1${before}`);
    return { body: await response.json(), cursor: response.headers.get("x-next-cursor") };
  }

  async #get(path: string): Promise<unknown> {
    const response = await this.#fetch(path);
    return response.json();
  }

  #fetch(path: string): Promise<Response> {
    const { clock, agent } = this.#options;
    const { owner } = clock;
    clock.owner = agentSide;
    const answer = agent.fetch(agent.baseUrl + path);
    clock.owner = owner;
    return answer;
  }
}

/** The sessions of the sub-agents that a message has called. */
export function childrenIn(parts: readonly Part[]): string[] {
  return parts.flatMap((part) => {
    if (part.type !== "tool") return [];
    const id = stringProperty(recordProperty(part.state, "metadata") ?? property(part, "metadata"), "sessionId");
    return id === undefined ? [] : [id];
  });
}

export function isAssistant(message: ReadableMessage): message is ReadableMessage & { info: AssistantMessage } {
  return message.info.role === "assistant";
}
