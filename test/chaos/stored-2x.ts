/** The same as `stored.ts` of a server of 2.x: read by its own routes, not by the adapter that is tested. */
import { setTimeout as delay } from "node:timers/promises";
import { isRecord, type JsonRecord, property, recordProperty, stringProperty } from "../../src/util/json.js";
import type { MortalServer } from "./server.js";
import { patientRequest, type StoredMessage, type StoredPart, type StoredSession } from "./stored.js";

const page = 100;
/** Of a second prompt that makes a run go on. */
const continuation = /_continued_\d+$/;
/** The preview has no other place for a turn's system text than the prompt. */
const systemText = /^<system-instructions length="\d+">\n[\s\S]*?\n<\/system-instructions>\n\n/;

/** Reads the server's store. */
export class SecondStore {
  readonly #server: MortalServer;

  constructor(server: MortalServer) {
    this.#server = server;
  }

  /** Resolves to those of the sessions (default: all) that are still busy after `ms`. */
  async untilIdle(ms: number, isWaitedFor: (id: string) => boolean = () => true): Promise<string[]> {
    const end = Date.now() + ms;
    for (;;) {
      const active = Object.keys(recordProperty(await this.#read("/api/session/active"), "data") ?? {});
      const busy = active.filter(isWaitedFor);
      if (busy.length === 0 || Date.now() > end) return busy;
      await delay(100);
    }
  }

  /** Every session there is. */
  async sessions(): Promise<StoredSession[]> {
    const sessions: StoredSession[] = [];
    for (const info of await this.#all("/api/session")) {
      const id = stringProperty(info, "id") ?? "";
      const records = (await this.#all(`/api/session/${id}/message`)).reverse();
      sessions.push({
        id,
        title: stringProperty(info, "title") ?? "",
        messages: messagesOf(id, records),
        unreadable: 0,
      });
    }
    return sessions;
  }

  /** All pages of a list, newest first. */
  async #all(path: string): Promise<JsonRecord[]> {
    const found = new Map<string, JsonRecord>();
    for (let cursor = ""; ; ) {
      const body = await this.#read(
        `${path}?limit=${page}${cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      const data = property(body, "data");
      const list = Array.isArray(data) ? data.filter(isRecord) : [];
      for (const one of list) found.set(stringProperty(one, "id") ?? "", one);
      const next = stringProperty(recordProperty(body, "cursor"), "next") ?? "";
      if (list.length < page || next === "" || next === cursor) return [...found.values()];
      cursor = next;
    }
  }

  async #read(path: string): Promise<unknown> {
    const { status, body } = await patientRequest(this.#server, "GET", path);
    if (status !== 200) throw new Error(`GET ${path}: ${status}`);
    return body;
  }
}

function messagesOf(sessionId: string, records: readonly JsonRecord[]): StoredMessage[] {
  let prompt: string | undefined;
  return records.flatMap((record): StoredMessage[] => {
    const id = stringProperty(record, "id") ?? "";
    const common = { id, sessionId, structured: undefined };
    if (record["type"] === "user") {
      prompt = id.replace(continuation, "");
      if (prompt !== id) return [];
      const text = (stringProperty(record, "text") ?? "").replace(systemText, "");
      const parts = [{ type: "text", text, synthetic: false, output: "" }];
      return [{ ...common, role: "user", parentId: undefined, isComplete: true, parts }];
    }
    if (record["type"] !== "assistant") return [];
    const isComplete = recordProperty(record, "time")?.["completed"] !== undefined;
    const content = Array.isArray(record["content"]) ? record["content"] : [];
    return [{ ...common, role: "assistant", parentId: prompt, isComplete, parts: content.map(partOf) }];
  });
}

function partOf(item: unknown): StoredPart {
  const state = recordProperty(item, "state");
  const content = state?.["content"];
  const output = Array.isArray(content) ? content.map((one) => stringProperty(one, "text") ?? "").join("") : "";
  return {
    type: stringProperty(item, "type") ?? "",
    text: stringProperty(item, "text") ?? "",
    synthetic: false,
    output,
  };
}
