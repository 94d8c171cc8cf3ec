/** Plays a reply on an HTTP response. */
import type { ServerResponse } from "node:http";
import { raceAbort } from "../util/abort.js";
import { delay } from "../util/delay.js";
import { randomText } from "../util/ids.js";
import { chunksOf } from "./chunks.js";
import { type CompletionHead, completion, deltaChunk, sseData, toolCallDeltas, usageChunk } from "./completion.js";
import { type ErrorPlan, errorBody, type Plan, type SpokenPlan } from "./plan.js";

/** Where a reply is played. */
export interface ResponseParts {
  readonly response: ServerResponse;
  /** Aborts when the client has gone away or the model is being closed. */
  readonly signal: AbortSignal;
  /** False: one JSON object instead of a stream. */
  readonly stream: boolean;
  /** Name of the model, repeated in the answer. */
  readonly model: string;
}

/**
 * Between what was said and a cut, in ms. A client that gets both at once may report the cut and drop the text: opencode
 * does. A script that must be sure holds an empty chunk until the text has been seen.
 */
const cutGrace = 100;

/**
 * Plays `plan` to its end and says whether the connection is to be cut now.
 * Rejects with the signal's reason, or with what the script's own iterable throws.
 */
export async function respond(plan: Plan, stage: ResponseParts): Promise<"ended" | "cut"> {
  if (plan.type === "silent") return gone(stage.signal);
  if (plan.type === "error") {
    sendJson(stage.response, plan);
    return "ended";
  }
  const head = { id: `chatcmpl-${randomText(24)}`, model: stage.model, created: Math.floor(Date.now() / 1000) };
  return stage.stream ? playStream(plan, head, stage) : playWhole(plan, head, stage);
}

/** Sends a JSON body and ends the response. */
export function sendJson(response: ServerResponse, { status, body, headers }: Omit<ErrorPlan, "type">): void {
  response.writeHead(status, { ...headers, "content-type": "application/json" }).end(JSON.stringify(body));
}

async function playStream(plan: SpokenPlan, head: CompletionHead, stage: ResponseParts): Promise<"ended" | "cut"> {
  const { response, signal } = stage;
  const send = (value: unknown): Promise<void> => write(response, sseData(value), signal);
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  response.flushHeaders();
  await speak(plan, head, signal, send);
  if (plan.end === "hang") return gone(signal);
  if (plan.end === "cut") return cut(signal);
  if (typeof plan.end === "object") {
    await send(errorBody(plan.end.error));
  } else {
    await send(deltaChunk(head, {}, plan.end));
    await send(usageChunk(head, plan.usage));
    await send("[DONE]");
  }
  response.end();
  return "ended";
}

async function speak(
  { reasoning, text, calls, delay: pause, end }: SpokenPlan,
  head: CompletionHead,
  signal: AbortSignal,
  send: (value: unknown) => Promise<void>,
): Promise<void> {
  let opened = false;
  const say = async (delta: object): Promise<void> => {
    if (!opened) await send(deltaChunk(head, { role: "assistant", content: "" }));
    opened = true;
    await send(deltaChunk(head, delta));
  };
  for await (const piece of chunksOf(reasoning, pause, signal)) await say({ reasoning_content: piece });
  for await (const piece of chunksOf(text, pause, signal)) await say({ content: piece });
  for (const delta of calls.flatMap(toolCallDeltas)) await say(delta);
  // A hang without a word is silence right after the headers.
  if (!opened && end !== "hang") await say({ content: "" });
}

async function playWhole(
  plan: SpokenPlan,
  head: CompletionHead,
  { response, signal }: ResponseParts,
): Promise<"ended" | "cut"> {
  const reasoning = await whole(chunksOf(plan.reasoning, plan.delay, signal));
  const text = await whole(chunksOf(plan.text, plan.delay, signal));
  if (plan.end === "hang") return gone(signal);
  if (plan.end === "cut") return "cut";
  const answer =
    typeof plan.end === "object"
      ? { status: 500, body: errorBody(plan.end.error) }
      : { status: 200, body: completion(head, plan, text, reasoning) };
  sendJson(response, { ...answer, headers: {} });
  return "ended";
}

async function whole(chunks: AsyncIterable<string>): Promise<string> {
  let text = "";
  for await (const piece of chunks) text += piece;
  return text;
}

/** Writes, and waits until the bytes have left: nothing piles up in memory, and a cut comes after what was said. */
async function write(response: ServerResponse, data: string, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await raceAbort(new Promise<void>((resolve) => response.write(data, () => resolve())), signal);
}

async function cut(signal: AbortSignal): Promise<"cut"> {
  await delay(cutGrace, signal);
  return "cut";
}

/** Waits for the end of the client or of the model. */
function gone(signal: AbortSignal): Promise<never> {
  return raceAbort(new Promise<never>(() => {}), signal);
}
