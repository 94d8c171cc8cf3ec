/**
 * Records one turn of the real agent for the stub server: `tsx bench/record.ts`. The ids, the texts and the folder of the recording
 * become placeholders, which `programs/recorded-turn.ts` fills in.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readEvents } from "../src/api/sse.js";
import { parseEvent } from "../src/api/v1/event-envelope.js";
import type { ServerEvent } from "../src/index.js";
import { createScriptedModel } from "../src/testing/index.js";
import { mintId } from "../src/util/ids.js";
import { startRawServer } from "../test/support/raw-server.js";
import { scaleLimits } from "./agents.js";
import { root } from "./machine.js";

const words = ["One-text", "two-text"];
const prompt = "prompt-text";
const title = "title-text";

scaleLimits(5);
await using model = await createScriptedModel({ text: words });
await using server = await startRawServer({ config: model.config });
await turn(); // the first one loads the plugins, and announces each
const stop = new AbortController();
const stream = await fetch(`${server.url}/event`, { signal: stop.signal });
const events: ServerEvent[] = [];
const onEvent = (event: ServerEvent): void => void events.push(event);
const reading = readEvents(stream.body ?? new ReadableStream<Uint8Array>(), {
  parse: parseEvent,
  onEvent,
  onMalformed: () => {},
});

const { session, ids } = await turn();
await new Promise((resolve) => setTimeout(resolve, 1_000)); // the events behind the end of the run
const stored = (await (await fetch(`${server.url}/session/${session.id}/message`)).json()) as unknown[];
stop.abort();
await reading.catch(() => {}); // ended by the line above

const kept = events.filter(({ type }) => !type.startsWith("server."));
const recording = { session, events: kept.map(({ type, properties }) => ({ type, properties })), messages: stored };
const file = join(root, "bench", "recordings", "turn.json");
await writeFile(file, `${withPlaceholders(JSON.stringify(recording, undefined, 1))}\n`);
console.log(`${kept.length} events`);

async function turn() {
  const session = (await post("/session", { title })) as { readonly id: string };
  const ids = { messageID: mintId("msg"), part: mintId("prt") };
  const parts = [{ type: "text", text: prompt, id: ids.part }];
  await post(`/session/${session.id}/message`, { messageID: ids.messageID, parts });
  return { session, ids };
}

async function post(path: string, body: object): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(server.url + path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`POST ${path} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

/** Ids by their first place in the recording: the session, the prompt, the prompt's part, the answer, its parts. */
function withPlaceholders(json: string): string {
  const fixed = json
    .replaceAll(session.id, "{session}")
    .replaceAll(ids.messageID, "{prompt}")
    .replaceAll(ids.part, "{promptPart}")
    .replaceAll(words.join(""), "{text}")
    .replaceAll(prompt, "{promptText}")
    .replaceAll(title, "{title}")
    .replaceAll(server.directory, "/project")
    .replaceAll(server.directory.slice(1), "project");
  const known = new Map<string, string>();
  return fixed.replace(/\b(msg|prt)_[0-9a-zA-Z]{20,}/g, (id, kind: string) => {
    const name = known.get(id) ?? (kind === "msg" ? "{answer}" : `{part${known.size}}`);
    known.set(id, name);
    return name;
  });
}
