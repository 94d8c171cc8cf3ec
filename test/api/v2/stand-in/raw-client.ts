/** A client of the tests that knows HTTP and nothing else. */
import { isRecord, type JsonRecord, property } from "../../../../src/util/json.js";
import { eventually } from "../../../support/slowness.js";

export interface RawAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}

export interface RawEvents {
  readonly all: readonly JsonRecord[];
  /** Types, in order, without what comes often: deltas, progress, usage. */
  types(sessionId?: string): string[];
  /** Resolves to the first event of the type, from `after` on. */
  first(type: string, sessionId?: string): Promise<JsonRecord>;
  /** Resolves when there are so many of the type. */
  count(type: string, count: number, sessionId?: string): Promise<void>;
  close(): void;
}

const often = /\.(delta|progress)$|^server\.|\.updated$|^mcp\./;

export class RawClient {
  readonly #url: string;
  readonly #headers: Record<string, string>;

  constructor({ url, password }: { readonly url: string; readonly password: string }) {
    this.#url = url;
    this.#headers = { authorization: `Basic ${Buffer.from(`opencode:${password}`).toString("base64")}` };
  }

  async call(method: string, path: string, body?: unknown): Promise<RawAnswer> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: { ...this.#headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    const type = response.headers.get("content-type") ?? "";
    return { status: response.status, type, body: type.startsWith("application/json") ? JSON.parse(text) : text };
  }

  /** The `data` of an answer that is 200. */
  async data(method: string, path: string, body?: unknown): Promise<JsonRecord> {
    const answer = await this.call(method, path, body);
    const data = property(answer.body, "data");
    if (answer.status !== 200 || typeof data !== "object")
      throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return data as JsonRecord;
  }

  async items(path: string): Promise<JsonRecord[]> {
    return (await this.data("GET", path)) as unknown as JsonRecord[];
  }

  /** A session that the scripted model answers in. */
  async session(directory: string, more: JsonRecord = {}): Promise<string> {
    const model = { id: "model", providerID: "scripted" };
    const made = await this.data("POST", "/api/session", { location: { directory }, model, title: "t", ...more });
    return String(made["id"]);
  }

  async events(): Promise<RawEvents> {
    const gone = new AbortController();
    const response = await fetch(`${this.#url}/api/event`, { headers: this.#headers, signal: gone.signal });
    const all: JsonRecord[] = [];
    void collect(response, all).catch(() => {});
    const of = (sessionId: string | undefined) => (event: JsonRecord) =>
      sessionId === undefined || property(event["data"], "sessionID") === sessionId;
    const first = (type: string, sessionId?: string): JsonRecord | undefined =>
      all.find((event) => event["type"] === type && of(sessionId)(event));
    return {
      all,
      types: (sessionId) =>
        all
          .filter(of(sessionId))
          .map(({ type }) => String(type))
          .filter((type) => !often.test(type)),
      first: async (type, sessionId) => {
        await eventually(`the event ${type}`, () => first(type, sessionId) !== undefined);
        return first(type, sessionId) ?? {};
      },
      count: (type, count, sessionId) => {
        const isWanted = of(sessionId);
        const found = () => all.filter((event) => event["type"] === type && isWanted(event));
        return eventually(`${count} of ${type}`, () => found().length >= count);
      },
      close: () => gone.abort(),
    };
  }
}

async function collect(response: Response, all: JsonRecord[]): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of response.body ?? []) {
    const frames = (rest + decoder.decode(bytes, { stream: true })).split("\n\n");
    rest = frames.pop() ?? "";
    for (const frame of frames.filter((one) => one.startsWith("data: "))) {
      const event: unknown = JSON.parse(frame.slice("data: ".length));
      if (isRecord(event)) all.push(event);
    }
  }
}
