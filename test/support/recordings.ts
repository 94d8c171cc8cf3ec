/** What a real server sends during real turns: the bytes of its event stream, the events in them, what is stored in the end. */

import { readEvents } from "../../src/api/sse.js";
import { parseEvent } from "../../src/api/v1/event-envelope.js";
import { parentOf, sessionOf } from "../../src/api/v1/event-session.js";
import type { AnswerStream, Message, Opencode, ReadableMessage, ServerEvent, Session } from "../../src/index.js";
import { toolCall } from "../../src/testing/index.js";
import { mintId } from "../../src/util/ids.js";
import { eventually, type Fixture } from "./fixture.js";

/** One turn. */
export interface Recording {
  readonly name: Scenario;
  readonly sessionId: string;
  /** The id of the user message. */
  readonly messageId: string;
  /** Of the session, of its sub-agents' beginnings, and of no session, in order. Without heartbeats. */
  readonly events: readonly ServerEvent[];
  /** The event stream of the directory as it came over the wire, with the events of all that was recorded with it. */
  readonly bytes: Uint8Array;
  readonly messages: ReadableMessage[];
  /** The assistant's text parts as stored, without the summary of a compaction. */
  readonly text: string;
  /** What was said and is not stored: the model call was cut, and made again. It comes before `text`. */
  readonly abandoned: string;
}

/** Text; reasoning and tools in several steps; a refusal; a cut model call that is repeated; an abort; a sub-agent. */
export const scenarios = ["plain", "steps", "refused", "shaky", "aborted", "delegate"] as const;
export type Scenario = (typeof scenarios)[number];

/** Records these, side by side. */
export async function recordAll(fixture: Fixture, names: readonly Scenario[] = scenarios): Promise<Recording[]> {
  const { answer, model } = fixture;
  answer("plain", { text: ["One ", "two ", "中 ", "three."] });
  answer(
    "steps",
    toolCall(
      "bash",
      { command: "echo 1", description: "x" },
      { reasoning: ["let ", "me"], text: ["I ", "will ", "run."] },
    ),
    toolCall("bash", { command: "echo 2", description: "x" }, { text: ["Again", "."] }),
    { reasoning: "so", text: ["All ", "done", ": ", "中 ", "end "] },
  );
  answer("refused", { status: 401 });
  answer("shaky", () =>
    model.calls("shaky") === 1
      ? { text: ["abandoned "], end: { error: "overloaded" } }
      : { text: ["whole ", "answer"] },
  );
  answer("aborted", { text: ["partial ", "text"], end: "hang" });
  answer(
    "delegate",
    toolCall("task", { description: "sub", prompt: "do the part", subagent_type: "general" }, { text: "Delegating." }),
    "All done.",
  );
  const wire = await openWire(fixture.oc);
  const runs = await Promise.all(names.map((name) => run(fixture.oc, name)));
  const bytes = await wire.close(runs.map(({ session }) => session.id));
  const events = await eventsIn(bytes);
  return Promise.all(runs.map((run) => toRecording(run, bytes, events)));
}

interface Run {
  readonly name: Scenario;
  readonly session: Session;
  readonly messageId: string;
}

/** Asks in a new session, and waits for the end. */
async function run(oc: Opencode, name: Scenario): Promise<Run> {
  const session = await oc.createSession();
  const messageId = mintId("msg");
  const stream = session.askStream(name, { messageId });
  if (name === "aborted") await abortAfterText(stream);
  await stream.answer.catch(() => {}); // some of them fail: that is what is recorded
  await eventually("the session is idle", async () => (await session.status()).type === "idle");
  return { name, session, messageId };
}

async function toRecording(
  { name, session, messageId }: Run,
  bytes: Uint8Array,
  events: readonly ServerEvent[],
): Promise<Recording> {
  const messages = readable(await session.messages());
  const isOurs = (event: ServerEvent): boolean => {
    const id = sessionOf(event);
    return id === undefined || id === session.id || parentOf(event) === session.id;
  };
  return {
    name,
    sessionId: session.id,
    messageId,
    events: events.filter((event) => event.type !== "server.heartbeat" && isOurs(event)),
    bytes,
    messages,
    text: textOf(messages),
    abandoned: name === "shaky" ? "abandoned " : "",
  };
}

async function abortAfterText(stream: AnswerStream): Promise<void> {
  let seen = "";
  for await (const event of stream.events) {
    if (event.type === "text-delta") seen += event.text;
    if (seen === "partial text") break; // leaving aborts the run
  }
}

/** The assistant's texts in the order of the messages and parts. */
function textOf(messages: readonly ReadableMessage[]): string {
  return messages
    .filter(({ info }) => info.role === "assistant" && info.summary !== true)
    .flatMap(({ parts }) => parts.map((part) => (part.type === "text" ? part.text : "")))
    .join("");
}

/** All events in the bytes of a stream that has ended. */
export async function eventsIn(bytes: Uint8Array, cuts: readonly number[] = []): Promise<ServerEvent[]> {
  return (await reading(bytes, cuts)).events;
}

/** What a stream in these pieces is read as. */
export async function reading(
  bytes: Uint8Array,
  cuts: readonly number[],
): Promise<{ readonly events: ServerEvent[]; readonly malformed: number }> {
  const events: ServerEvent[] = [];
  let malformed = 0;
  const borders = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const [index, border] of borders.entries()) {
        if (index > 0) controller.enqueue(bytes.slice(borders[index - 1], border));
      }
      controller.close();
    },
  });
  const onMalformed = (): void => {
    malformed += 1;
  };
  await readEvents(body, { parse: parseEvent, onEvent: (event) => events.push(event), onMalformed });
  return { events, malformed };
}

/** Reads the event stream until `close`, which waits until the ends of these sessions' runs have come. */
async function openWire(oc: Opencode): Promise<{ close(sessions: readonly string[]): Promise<Uint8Array> }> {
  const stop = new AbortController();
  const { body } = await oc.client.stream("/event", { signal: stop.signal });
  if (body === null) throw new Error("the event stream has no body");
  const pieces: Uint8Array[] = [];
  const text = (): string => Buffer.concat(pieces).toString();
  const reading = (async () => {
    try {
      for await (const piece of body) pieces.push(piece);
    } catch {
      // ended by `close`
    }
  })();
  await eventually("the stream is open", () => text().includes("server.connected"));
  return {
    close: async (sessions) => {
      const ends = sessions.map((id) => `"type":"session.idle","properties":{"sessionID":"${id}"}`);
      const hasAll = (sent: string): boolean => sent.endsWith("\n\n") && ends.every((end) => sent.includes(end));
      await eventually("the ends of all runs have been sent", () => hasAll(text()));
      stop.abort();
      await reading;
      return Buffer.concat(pieces);
    },
  };
}

/** All of them: no recording has one that the server cannot read. */
export function readable(messages: readonly Message[]): ReadableMessage[] {
  return messages.map(({ info, parts }) => {
    if (info.role === "unreadable") throw new Error("the server could not read the first prompt");
    return { info, parts };
  });
}
