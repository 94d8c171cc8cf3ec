/**
 * The official SDK as its documentation uses it: `createOpencodeClient`, `session.prompt`, `event.subscribe`. A title saves the server
 * a model call. The types of its main entry do not know `message.part.delta`; its parser passes the event on.
 */
import { createOpencodeClient, type Part } from "@opencode-ai/sdk";
import { serve } from "./worker.js";

interface StreamEvent {
  readonly type: string;
  readonly properties: { readonly sessionID?: string; readonly partID?: string; readonly delta?: string };
}

const throwOnError = true;

serve(async (baseUrl) => {
  const client = createOpencodeClient({ baseUrl });
  const create = async (): Promise<string> => {
    const { data } = await client.session.create({ body: { title: "bench" }, throwOnError });
    return data.id;
  };
  const bodyOf = (prompt: string) => ({ parts: [{ type: "text" as const, text: prompt }] });
  return {
    ask: async (prompt) => {
      const path = { id: await create() };
      const { data } = await client.session.prompt({ path, body: bodyOf(prompt), throwOnError });
      return textOf(data.parts);
    },
    stream: async (prompt, onText) => {
      const path = { id: await create() };
      const stop = new AbortController();
      const { stream } = await client.event.subscribe({ signal: stop.signal });
      for await (const event of stream as AsyncIterable<StreamEvent>) {
        const { type, properties } = event;
        if (type === "server.connected") {
          await client.session.promptAsync({ path, body: bodyOf(prompt), throwOnError });
        } else if (properties.sessionID === path.id) {
          if (type === "message.part.delta") onText(properties.delta ?? "");
          else if (type === "session.idle") break;
        }
      }
      stop.abort();
    },
    read: async function* (id) {
      const { data } = await client.session.messages({ path: { id }, throwOnError });
      for (const message of data) yield message;
    },
    open: async () => (await client.session.create({ body: { title: "bench" }, throwOnError })).data,
    close: async () => {},
  };
});

function textOf(parts: readonly Part[]): string {
  return parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}
