/** The limit: `fetch` and `JSON.parse`, without a retry, a check or a second look. */
import { serve } from "./worker.js";

interface StreamEvent {
  readonly type: string;
  readonly properties: { readonly sessionID?: string; readonly delta?: string };
}

serve(async (server) => {
  const post = (path: string, body: object): Promise<Response> => {
    const headers = { "content-type": "application/json" };
    return fetch(server + path, { method: "POST", headers, body: JSON.stringify(body) });
  };
  const create = async (): Promise<string> => (await (await post("/session", { title: "bench" })).json()).id;
  const bodyOf = (prompt: string) => ({ parts: [{ type: "text", text: prompt }] });
  return {
    ask: async (prompt) => {
      const answer = await (await post(`/session/${await create()}/message`, bodyOf(prompt))).json();
      return answer.parts.map((part: { readonly text?: string }) => part.text ?? "").join("");
    },
    stream: async (prompt, onText) => {
      const id = await create();
      const stop = new AbortController();
      const { body } = await fetch(`${server}/event`, { signal: stop.signal });
      if (body === null) throw new Error("the event stream has no body");
      await post(`/session/${id}/prompt_async`, bodyOf(prompt));
      await readStream(body, ({ type, properties }) => {
        if (properties.sessionID !== id) return false;
        if (type === "message.part.delta") onText(properties.delta ?? "");
        return type === "session.idle";
      });
      stop.abort();
    },
    read: async function* (id) {
      const messages: unknown[] = await (await fetch(`${server}/session/${id}/message`)).json();
      for (const message of messages) yield message;
    },
    open: async () => (await post("/session", { title: "bench" })).json(),
    close: async () => {},
  };
});

/** Reads events until `take` returns true. */
async function readStream(body: ReadableStream<Uint8Array>, take: (event: StreamEvent) => boolean): Promise<void> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) throw new Error("the event stream ended too early");
    const blocks = (rest + decoder.decode(value, { stream: true })).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) if (take(JSON.parse(block.slice("data: ".length)))) return;
  }
}
