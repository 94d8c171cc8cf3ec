/** Asks a scripted model the way opencode does, without opencode. */
import type { ScriptedModel } from "../../src/testing/index.js";

export interface ModelAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The `data:` fields of a stream, parsed; `"[DONE]"` stays a string. */
  readonly chunks: unknown[];
  /** The body, when it is one JSON document. */
  readonly json: unknown;
}

/** The model's key, as its configuration gives it to opencode. */
export function keyOf(model: ScriptedModel): string {
  return String(model.config.provider?.["scripted"]?.options?.apiKey);
}

/** A request for one step: the body's defaults are a stream and the user text `prompt`. */
export function request(
  model: ScriptedModel,
  prompt: string,
  body: object = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(`${model.baseUrl}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${keyOf(model)}` },
    body: JSON.stringify({ model: "model", stream: true, messages: [{ role: "user", content: prompt }], ...body }),
    ...(signal === undefined ? {} : { signal }),
  });
}

/** The same, read to its end. */
export async function complete(model: ScriptedModel, prompt: string, body: object = {}): Promise<ModelAnswer> {
  const response = await request(model, prompt, body);
  const text = await response.text();
  const isStream = response.headers.get("content-type") === "text/event-stream";
  return {
    status: response.status,
    headers: response.headers,
    text,
    chunks: isStream ? dataFields(text) : [],
    json: isStream ? undefined : JSON.parse(text),
  };
}

function dataFields(text: string): unknown[] {
  const fields = text.split("\n\n").filter((field) => field !== "");
  return fields
    .map((field) => field.replace(/^data: /, ""))
    .map((data) => (data === "[DONE]" ? data : JSON.parse(data)));
}
