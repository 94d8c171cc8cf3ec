/** What a tool has returned, as MCP content. */

import type { ToolContent } from "../../types/tool.js";
import { isRecord, stringProperty } from "../../util/json.js";

/** Characters of text in one result. The server shows the agent far less, and keeps the rest in a file (1.18.33). */
const mostText = 1_000_000;
/** Bytes of images in one result. */
const mostImage = 20_000_000;

/** A piece of content as it goes over the wire. */
export type WireContent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image"; readonly data: string; readonly mimeType: string };

/** What the agent is answered. */
export interface ToolOutcome {
  readonly content: WireContent[];
  readonly isError?: true;
}

/** Throws `Error`, with a message for the agent, for a result that cannot be passed on. */
export function outcomeOf(result: unknown): ToolOutcome {
  const protocol = protocolResult(result);
  if (protocol !== undefined) {
    requireSize(protocol.content);
    return protocol;
  }
  const content = isContent(result) ? [result] : isContentList(result) ? result : undefined;
  const wire = content?.map(wireContent) ?? [{ type: "text" as const, text: textOf(result) }];
  requireSize(wire);
  return { content: wire };
}

function textOf(result: unknown): string {
  if (typeof result === "string") return result;
  if (result === undefined) return "Done.";
  let json: string | undefined;
  try {
    json = JSON.stringify(result, withoutLoss);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.split("\n")[0] : String(cause);
    throw new Error(`The tool ran, but its result has no form as JSON: ${reason}`, { cause });
  }
  if (json === undefined) throw new Error(`The tool ran, but its result has no form as JSON: it is a ${typeof result}`);
  return json;
}

/** Of these JSON shows nothing, or not what they are about. */
const lossy: ReadonlySet<string> = new Set([
  "Map",
  "Set",
  "WeakMap",
  "WeakSet",
  "Promise",
  "Error",
  "Generator",
  "AsyncGenerator",
  "Map Iterator",
  "Set Iterator",
  "Array Iterator",
]);

/** Throws for what would be lost, wherever it is. What has a form of its own (`toJSON`) has come here as that. */
function withoutLoss(key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  const name = nameOfClass(value);
  const isEmpty = Object.keys(value).length === 0;
  if (!lossy.has(tag) && !(isEmpty && name !== "Object")) return value;
  const kind = name === "Object" ? tag : name;
  throw new Error(`${key === "" ? "it" : JSON.stringify(key)} is a ${kind}`);
}

/** What a Map, an Error or a Response has inside does not show in JSON. */
function nameOfClass(value: object): string {
  const prototype: unknown = Object.getPrototypeOf(value);
  const made: unknown = isRecord(prototype) ? Reflect.get(prototype, "constructor") : undefined;
  return typeof made === "function" && made.name !== "" ? made.name : "Object";
}

/** The result form of the protocol, which tools for other agents return: `{ content: […], isError }`. */
function protocolResult(result: unknown): ToolOutcome | undefined {
  if (!isRecord(result) || !hasOnly(result, ["content", "isError", "structuredContent", "_meta"])) return undefined;
  const { content, isError, structuredContent } = result;
  if (!Array.isArray(content) || !(isError === undefined || typeof isError === "boolean")) return undefined;
  if (!content.every(isBlock) || (content.length === 0 && isError === undefined)) return undefined;
  const wire = content.map(blockContent);
  const text = isError === true ? "The tool failed without a message." : textOf(structuredContent);
  if (wire.length === 0) wire.push({ type: "text", text });
  return { content: wire, ...(isError === true ? { isError } : {}) };
}

type Block = Readonly<Record<string, unknown>> & { readonly type: string };

const blocks: ReadonlySet<string> = new Set(["text", "image", "audio", "resource", "resource_link"]);

function isBlock(value: unknown): value is Block {
  return isRecord(value) && typeof value["type"] === "string" && blocks.has(value["type"]);
}

function blockContent(block: Block): WireContent {
  const { type, text, data, mimeType, uri } = block;
  if (type === "text" && typeof text === "string") return { type, text };
  if (type === "image" && typeof mimeType === "string") return wireContent({ type, data: data as string, mimeType });
  if (type === "resource_link" && typeof uri === "string") return { type: "text", text: uri };
  const inside = stringProperty(block["resource"], "text");
  if (type === "resource" && inside !== undefined) return { type: "text", text: inside };
  throw new Error(`The tool ran, but its result has content that the agent cannot be given: ${JSON.stringify(type)}`);
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
