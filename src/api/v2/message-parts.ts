/**
 * The parts of an assistant message of 2.x as parts of 1.x. A part's id follows from the message and the place of its content in it, so
 * that it is the same from events and from reads, and parts sort in their order.
 */
import type { Part, Schemas } from "../../types/answer.js";
import { partId } from "../../util/ids.js";
import {
  isRecord,
  type JsonRecord,
  numberProperty,
  property,
  recordProperty,
  stringProperty,
} from "../../util/json.js";
import type { SessionPlace } from "./message-place.js";
import { declinedText } from "./settled-step.js";
import { diffOfFiles } from "./tool-diff.js";
import { absolutePath, ownToolInput, ownToolName } from "./tool-names.js";

type FilePart = Schemas["FilePart"];
type ToolState = Schemas["ToolState"];
type Tokens = Schemas["StepFinishPart"]["tokens"];

/** What is told of the place of a part. */
interface PartPlace extends SessionPlace {
  readonly messageId: string;
}

/** The last item of what `bash` puts out (2.0 preview 1.18.18); the number is in the metadata. */
const exitNote = /^Command exited with code -?\d+\.$/;
/** Behind the digits of content: these parts come last. */
const suffixes = { retry: "w", finish: "x", patch: "y" } as const;

/** The content of a message, in order. */
export function contentOf(record: JsonRecord): readonly unknown[] {
  const content = record["content"];
  return Array.isArray(content) ? content : [];
}

/** All parts of an assistant message. */
export function stepParts(record: JsonRecord, place: SessionPlace, storesWholeTexts: boolean): Part[] {
  const content = contentOf(record).flatMap((item, index) => contentPart(record, item, index, place, storesWholeTexts));
  return [stepStart(record, place), ...content, ...retryParts(record, place), ...endParts(record, place)];
}

/** The mark in front of a step. */
export function stepStart(record: JsonRecord, place: SessionPlace): Part {
  const messageID = messageIdOf(record);
  const snapshot = stringProperty(recordProperty(record, "snapshot"), "start");
  const base = { id: partId(messageID, 0), sessionID: place.sessionId, messageID, type: "step-start" as const };
  return snapshot === undefined ? base : { ...base, snapshot };
}

/** What a step that has ended leaves behind: its usage, and the files that it has changed. */
export function endParts(record: JsonRecord, place: SessionPlace): Part[] {
  const reason = stringProperty(record, "finish");
  if (reason === undefined || record["error"] !== undefined) return [];
  const messageID = messageIdOf(record);
  const snapshot = recordProperty(record, "snapshot");
  const at = (suffix: string) => ({
    id: `${partId(messageID, 0).slice(0, -3)}${suffix}`,
    sessionID: place.sessionId,
    messageID,
  });
  const end = stringProperty(snapshot, "end");
  const finish: Part = {
    ...at(suffixes.finish),
    type: "step-finish",
    reason,
    cost: place.prices.costOf(record),
    tokens: tokensOf(record),
    ...(end === undefined ? {} : { snapshot: end }),
  };
  const files = strings(property(snapshot, "files"));
  if (files.length === 0) return [finish];
  const hash = stringProperty(snapshot, "start") ?? end ?? "";
  return [
    finish,
    { ...at(suffixes.patch), type: "patch", hash, files: files.map((file) => absolutePath(file, place.root)) },
  ];
}

/** The wait for another try of the model. */
function retryParts(record: JsonRecord, place: SessionPlace): Part[] {
  const retry = recordProperty(record, "retry");
  if (retry === undefined) return [];
  const messageID = messageIdOf(record);
  const error = recordProperty(retry, "error");
  const status = numberProperty(error, "status");
  const data = {
    message: stringProperty(error, "message") ?? "",
    isRetryable: true,
    ...(status === undefined ? {} : { statusCode: status }),
  };
  return [
    {
      id: `${partId(messageID, 0).slice(0, -3)}${suffixes.retry}`,
      sessionID: place.sessionId,
      messageID,
      type: "retry",
      attempt: numberProperty(retry, "attempt") ?? 0,
      error: { name: "APIError", data },
      time: { created: numberProperty(retry, "at") ?? createdOf(record) },
    },
  ];
}

/** One piece of content; its id is `partId()` of the message and the next number. Nothing for a type that 1.x does not have. */
export function contentPart(
  record: JsonRecord,
  item: unknown,
  index: number,
  place: SessionPlace,
  storesWholeTexts: boolean,
): Part[] {
  if (!isRecord(item)) return [];
  const messageID = messageIdOf(record);
  const base = { id: partId(messageID, index + 1), sessionID: place.sessionId, messageID };
  switch (item["type"]) {
    case "text":
    case "reasoning": {
      const text = stringProperty(item, "text") ?? "";
      const time = textTime(record, item, text !== "" && storesWholeTexts);
      return [{ ...base, type: item["type"], text, time }];
    }
    case "tool":
      return [toolPart(item, { ...place, messageId: messageID }, base)];
    default:
      return [];
  }
}

/** A text of 2.x has no times of its own: its message's count. */
function textTime(record: JsonRecord, item: JsonRecord, isWhole: boolean): { start: number; end?: number } {
  const own = recordProperty(item, "time");
  const of = recordProperty(record, "time");
  const start = numberProperty(own, "created") ?? createdOf(record);
  const over = numberProperty(of, "completed") ?? numberProperty(of, "streamed");
  const hasEnded = isWhole || over !== undefined || record["finish"] !== undefined || record["error"] !== undefined;
  const end = numberProperty(own, "completed") ?? (hasEnded ? (over ?? start) : undefined);
  return end === undefined ? { start } : { start, end };
}

function toolPart(item: JsonRecord, place: PartPlace, base: Pick<Part, "id" | "sessionID" | "messageID">): Part {
  const tool = ownToolName(stringProperty(item, "name") ?? "");
  const callID = stringProperty(item, "id") ?? "";
  return { ...base, type: "tool", tool, callID, state: toolState(tool, item, place, base) };
}

function toolState(
  tool: string,
  item: JsonRecord,
  { cwd }: PartPlace,
  base: Pick<Part, "id" | "sessionID" | "messageID">,
): ToolState {
  const state = recordProperty(item, "state") ?? {};
  const given = state["input"];
  const input = isRecord(given) ? ownToolInput(tool, given, cwd) : {};
  const time = recordProperty(item, "time");
  const start = numberProperty(time, "ran") ?? numberProperty(time, "created") ?? 0;
  const end = numberProperty(time, "completed") ?? start;
  const metadata = metadataOf(state);
  switch (state["status"]) {
    case "running":
      return { status: "running", input, metadata, time: { start } };
    case "completed": {
      const pruned = numberProperty(time, "pruned");
      const files = attachments(state, base);
      return {
        status: "completed",
        input,
        output: outputOf(state),
        title: titleOf(input),
        metadata,
        time: { start, end, ...(pruned === undefined ? {} : { compacted: pruned }) },
        ...(files.length === 0 ? {} : { attachments: files }),
      };
    }
    case "error":
      return { status: "error", input, error: errorOf(tool, state), metadata, time: { start, end } };
    default:
      return { status: "pending", input: {}, raw: typeof given === "string" ? given : "" };
  }
}

/** `metadata` in 2.1, `structured` before; with the fields that programs know of 1.x: the diff of an edit, the session of a sub-agent. */
function metadataOf(state: JsonRecord): JsonRecord {
  const metadata = recordProperty(state, "metadata") ?? recordProperty(state, "structured") ?? {};
  const paths = strings(state["outputPaths"]);
  const diff = diffOfFiles(metadata);
  const child = stringProperty(metadata, "sessionID");
  return {
    ...(diff === undefined ? {} : { diff }),
    ...(child === undefined ? {} : { sessionId: child }),
    ...metadata,
    ...(paths.length === 0 ? {} : { outputPaths: paths }),
  };
}

/** What the tool has put out. The preview stores none for `read`: the text is beside it. */
function outputOf(state: JsonRecord): string {
  const texts = itemsOf(state["content"]).flatMap((item) => stringProperty(item, "text") ?? []);
  if (texts.length > 0) return (exitNote.test(texts.at(-1) ?? "") ? texts.slice(0, -1) : texts).join("");
  return stringProperty(recordProperty(state, "structured"), "content") ?? "";
}

function attachments(state: JsonRecord, base: Pick<Part, "id" | "sessionID" | "messageID">): FilePart[] {
  return itemsOf(state["content"]).flatMap((item, index) => {
    const url = stringProperty(item, "uri");
    if (item["type"] !== "file" || url === undefined) return [];
    const filename = stringProperty(item, "name");
    const mime = stringProperty(item, "mime") ?? "application/octet-stream";
    const file: FilePart = { ...base, id: `${base.id}${index.toString().padStart(3, "0")}`, type: "file", mime, url };
    return [filename === undefined ? file : { ...file, filename }];
  });
}

/** In the words of 1.x where it has some: programs look for them. */
function errorOf(tool: string, state: JsonRecord): string {
  const error = recordProperty(state, "error");
  const message = stringProperty(error, "message") ?? "";
  return declinedText(tool, stringProperty(error, "type"), message) ?? message;
}

function titleOf(input: JsonRecord): string {
  return stringProperty(input, "description") ?? stringProperty(input, "path") ?? "";
}

/** Tokens with their sum, as newer releases of 1.x store them. */
export function tokensOf(record: JsonRecord): Required<Tokens> {
  const tokens = recordProperty(record, "tokens");
  const cache = recordProperty(tokens, "cache");
  const read = numberProperty(cache, "read") ?? 0;
  const write = numberProperty(cache, "write") ?? 0;
  const input = numberProperty(tokens, "input") ?? 0;
  const output = numberProperty(tokens, "output") ?? 0;
  const reasoning = numberProperty(tokens, "reasoning") ?? 0;
  return { input, output, reasoning, cache: { read, write }, total: input + output + reasoning + read + write };
}

/** The id of a stored message; it was checked when the message came. */
export function messageIdOf(record: JsonRecord): string {
  return stringProperty(record, "id") ?? "";
}

/** When it was made, in ms since 1970. */
export function createdOf(record: JsonRecord): number {
  return numberProperty(recordProperty(record, "time"), "created") ?? 0;
}

function itemsOf(value: unknown): JsonRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
}
