/** A session of the real preview, for tests of what comes from it: prompts by hand, and the events that were heard. */
import type { ApiEvent } from "../../src/api/api-event.js";
import type { EventReader } from "../../src/api/event-reader.js";
import { createEventReaderV2 } from "../../src/api/v2/event-reader.js";
import type { OpencodeClient } from "../../src/client/client.js";
import { type JsonRecord, recordProperty, stringProperty } from "../../src/util/json.js";
import type { Preview } from "./preview.js";
import { eventually } from "./slowness.js";

/** One event of a kind. */
export type EventOf<Type extends ApiEvent["type"]> = Extract<ApiEvent, { readonly type: Type }>;

/** One connection of a reader, and what has come by it. */
export interface Listening extends AsyncDisposable {
  readonly events: readonly ApiEvent[];
  /** Those of a session and a kind, in order. */
  of<Type extends ApiEvent["type"]>(sessionId: string, type: Type): EventOf<Type>[];
  /** Resolves when an event of the kind has come for the session. */
  until(sessionId: string, type: ApiEvent["type"], count?: number): Promise<void>;
  /** Ends the connection. */
  close(): Promise<void>;
}

/** Opens a connection; resolves when it is open. `read`: a reader that has had connections before, or one of another dialect. */
export async function listen(client: OpencodeClient, read?: EventReader): Promise<Listening> {
  const controller = new AbortController();
  const events: ApiEvent[] = [];
  const reader = read ?? createEventReaderV2(client, "preview");
  const done = reader({
    signal: controller.signal,
    onEvent: (event) => void events.push(event),
    onActivity: () => {},
    onMalformed: () =>
      void events.push({ type: "unreadable", sessionId: undefined, raw: { type: "malformed", properties: {} } }),
  }).catch(() => {}); // ended by `close()`
  await eventually("the events are open", () => events.some(({ type }) => type === "connected"));
  const close = async (): Promise<void> => {
    controller.abort();
    await done;
  };
  const of: Listening["of"] = (sessionId, type) =>
    events.filter((event): event is EventOf<typeof type> => event.sessionId === sessionId && event.type === type);
  return {
    events,
    of,
    until: (sessionId, type, count = 1) => eventually(`${count} × ${type}`, () => of(sessionId, type).length >= count),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** A session in a directory of the preview. */
export interface PreviewSession {
  readonly id: string;
  readonly client: OpencodeClient;
  /** Resolves to the id of the prompt when it is admitted. */
  prompt(text: string, more?: JsonRecord): Promise<string>;
  /** Interrupts the run. */
  interrupt(): Promise<void>;
  /** Answers a permission request. */
  reply(requestId: string, reply: string, message?: string): Promise<void>;
}

/** Creates one. `model`: another one than the preview's. */
export async function createPreviewSession(
  preview: Preview,
  directory: string,
  model: string = preview.model,
): Promise<PreviewSession> {
  const client = preview.client(directory);
  const [providerID = "", id = ""] = model.split("/");
  const body = { location: { directory }, model: { providerID, id } };
  const sessionId = idOf((await client.request("POST", "/api/session", { body })).data);
  const post = (rest: string, content?: JsonRecord) =>
    client.request("POST", `/api/session/${sessionId}/${rest}`, content === undefined ? {} : { body: content });
  return {
    id: sessionId,
    client,
    prompt: async (text, more = {}) => idOf((await post("prompt", { ...more, prompt: { text } })).data),
    interrupt: async () => void (await post("interrupt")),
    reply: async (requestId, reply, message) => {
      await post(`permission/${requestId}/reply`, { reply, ...(message === undefined ? {} : { message }) });
    },
  };
}

function idOf(answer: unknown): string {
  return stringProperty(recordProperty(answer, "data"), "id") ?? "";
}
