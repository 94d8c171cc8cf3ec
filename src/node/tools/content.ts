/** What a tool has returned, as MCP content. */
import { isRecord } from "../../internal/json.js";
import type { ToolContent } from "../../types/tool.js";

/** Characters of text in one result. The server shows the agent far less, and keeps the rest in a file (1.18.33). */
const mostText = 1_000_000;
/** Bytes of images in one result. */
const mostImage = 20_000_000;

/** A piece of content as it goes over the wire. */
export type WireContent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image"; readonly data: string; readonly mimeType: string };

/** Throws `Error`, with a message for the agent, for a result that cannot be passed on. */
export function contentOf(result: unknown): WireContent[] {
  const content = isContent(result) ? [result] : isContentList(result) ? result : undefined;
  const wire = content?.map(wireContent) ?? [{ type: "text" as const, text: textOf(result) }];
  requireSize(wire);
  return wire;
}

function textOf(result: unknown): string {
  if (typeof result === "string") return result;
  if (result === undefined) return "Done.";
  let json: string | undefined;
  try {
    json = JSON.stringify(result);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new Error(`The tool ran, but its result has no form as JSON: ${reason}`, { cause });
  }
  if (json === undefined) throw new Error(`The tool ran, but its result has no form as JSON: it is a ${typeof result}`);
  const kind = json === "{}" ? nameOfClass(result) : "Object";
  if (kind !== "Object") throw new Error(`The tool ran, but its result has no form as JSON: it is a ${kind}`);
  return json;
}

/** What a Map, an Error or a Response has inside does not show in JSON. */
function nameOfClass(value: unknown): string {
  const prototype: unknown = typeof value === "object" && value !== null ? Object.getPrototypeOf(value) : null;
  const made: unknown = isRecord(prototype) ? Reflect.get(prototype, "constructor") : undefined;
  return typeof made === "function" && made.name !== "" ? made.name : "Object";
}

function isContent(value: unknown): value is ToolContent {
  if (!isRecord(value)) return false;
  if (value["type"] === "text") return typeof value["text"] === "string" && hasOnly(value, ["type", "text"]);
  if (value["type"] !== "image") return false;
  // Bytes are an image also where the type was forgotten: their JSON would be of no use to the agent.
  return (
    value["data"] instanceof Uint8Array || (typeof value["data"] === "string" && typeof value["mimeType"] === "string")
  );
}

function isContentList(value: unknown): value is readonly ToolContent[] {
  return Array.isArray(value) && value.length > 0 && value.every(isContent);
}

/** A record that happens to have a type and a text is data. */
function hasOnly(value: object, names: readonly string[]): boolean {
  return Object.keys(value).every((name) => names.includes(name));
}

function wireContent(content: ToolContent): WireContent {
  if (content.type === "text") return { type: "text", text: content.text };
  const { data, mimeType } = content;
  if (!/^image\/[\w.+-]+$/.test(String(mimeType))) {
    throw new Error(`The tool ran, but its image has the type ${JSON.stringify(mimeType)}: expected "image/…"`);
  }
  if (typeof data !== "string") return { type: "image", data: Buffer.from(data).toString("base64"), mimeType };
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data)) throw new Error("The tool ran, but its image is not in base64");
  return { type: "image", data, mimeType };
}

function requireSize(wire: readonly WireContent[]): void {
  let text = 0;
  let image = 0;
  for (const piece of wire) {
    if (piece.type === "text") text += piece.text.length;
    else image += (piece.data.length * 3) / 4;
  }
  if (text > mostText) throw tooLarge(`${text} characters of text`, `${mostText}`);
  if (image > mostImage) throw tooLarge(`${Math.round(image)} bytes of images`, `${mostImage}`);
}

function tooLarge(what: string, most: string): Error {
  return new Error(`The tool ran, but its result is too large: ${what}, at most ${most} can be passed on`);
}
