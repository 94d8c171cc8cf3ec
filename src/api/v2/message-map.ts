/**
 * Stored messages of 2.x as messages of 1.x. 2.x stores less: which prompt a step answers, and for which agent and model a prompt is,
 * follow from the messages around it.
 */
import type { AssistantMessage, Part, ReadableMessage, UserMessage } from "../../types/answer.js";
import { partId } from "../../util/ids.js";
import {
  isRecord,
  type JsonRecord,
  numberProperty,
  property,
  recordProperty,
  stringProperty,
} from "../../util/json.js";
import { isContinuation, promptIdOf } from "./continuation.js";
import { messageError } from "./message-errors.js";
import { createdOf, messageIdOf, stepParts, tokensOf } from "./message-parts.js";
import type { SessionPlace } from "./message-place.js";
import { withoutSystemText } from "./prompt-text.js";
import { settledStep } from "./settled-step.js";

/** What is known of a list of stored messages that is not in it. */
export interface MapContext {
  readonly place: SessionPlace;
  /** A text that is stored with content has ended. */
  readonly storesWholeTexts: boolean;
  /** The prompt before the list. */
  readonly prompt?: string | undefined;
  /** The first step behind the list. */
  readonly answer?: JsonRecord | undefined;
  /** The run that the end of the list belongs to is over: a prompt follows, or nothing runs and nothing follows. */
  readonly isOver?: boolean | undefined;
  /** The session as it is now, for prompts that nothing has answered. */
  readonly session?: JsonRecord | undefined;
}

/** What a prompt was for. */
type Who = Pick<UserMessage, "agent" | "model">;

/**
 * The messages, in the order of the list, which is oldest first. Marks (`idle`, switches) are none, and neither is what the server tells
 * the model about its instructions (`system`): 1.x lists no system text, and a reader would take it for a prompt.
 */
export function mapMessages(stored: readonly JsonRecord[], context: MapContext): ReadableMessage[] {
  let prompt = context.prompt === undefined ? undefined : promptIdOf(context.prompt);
  return stored.flatMap((record, index) => {
    if (record["type"] === "user") prompt = promptIdOf(messageIdOf(record));
    return mapMessage(record, prompt ?? "", { stored, index, context });
  });
}

interface Around {
  readonly stored: readonly JsonRecord[];
  readonly index: number;
  readonly context: MapContext;
}

function mapMessage(record: JsonRecord, prompt: string, around: Around): ReadableMessage[] {
  const { context } = around;
  const { place, storesWholeTexts } = context;
  switch (record["type"]) {
    case "user":
      if (isContinuation(messageIdOf(record))) return [];
      return [{ info: userInfo(record, whoOf(around), place), parts: userParts(record, place), raw: record }];
    case "assistant": {
      const told = isLastOfRun(around) ? settledStep(record) : record;
      return [{ info: stepInfo(told, prompt, place), parts: stepParts(told, place, storesWholeTexts), raw: record }];
    }
    case "synthetic":
    case "skill":
      return [{ info: userInfo(record, whoOf(around), place), parts: [writtenPart(record, place)], raw: record }];
    case "shell":
      return shellMessages(record, whoOf(around), place);
    case "compaction":
      return [summaryMessage(record, prompt, whoOf(around), place)];
    default:
      return [];
  }
}

/** No step of the same run follows: a prompt is taken up when a step has ended. */
function isLastOfRun({ stored, index, context }: Around): boolean {
  for (const record of stored.slice(index + 1)) {
    const { type } = record;
    if (type === "idle") return true;
    if (type === "user") return !isContinuation(messageIdOf(record));
    if (type === "assistant") return false;
  }
  return context.isOver === true;
}

/** By the step that answers; otherwise by the last switch in front, or by the session. */
function whoOf({ stored, index, context }: Around): Who {
  const answer = stored.slice(index + 1).find(({ type }) => type === "assistant") ?? context.answer;
  if (answer !== undefined) return { agent: stringProperty(answer, "agent") ?? "", model: modelOf(answer) };
  const before = stored.slice(0, index);
  const agent = before.findLast(({ type }) => type === "agent-switched" || type === "assistant") ?? context.session;
  const model = before.findLast(({ type }) => type === "model-switched" || type === "assistant") ?? context.session;
  return { agent: stringProperty(agent, "agent") ?? "", model: modelOf(model) };
}

/** The model of a record; the variant "default" is none. */
function modelOf(record: JsonRecord | undefined): UserMessage["model"] {
  const model = recordProperty(record, "model");
  const variant = stringProperty(model, "variant");
  const named = { providerID: stringProperty(model, "providerID") ?? "", modelID: stringProperty(model, "id") ?? "" };
  return variant === undefined || variant === "default" ? named : { ...named, variant };
}

function userInfo(record: JsonRecord, who: Who, { sessionId }: SessionPlace): UserMessage {
  return { id: messageIdOf(record), sessionID: sessionId, role: "user", time: { created: createdOf(record) }, ...who };
}

/** The preview stores no error of it (2.0 preview 1.18.18), as 1.x does. */
const filtered = { type: "provider.content-filter", message: "The provider filtered the answer" };

/** The head of an assistant message. */
export function stepInfo(
  record: JsonRecord,
  parentID: string,
  { sessionId, cwd, root, prices }: SessionPlace,
): AssistantMessage {
  const agent = stringProperty(record, "agent") ?? "";
  const { providerID, modelID, variant } = modelOf(record);
  const completed = numberProperty(recordProperty(record, "time"), "completed");
  const finish = stringProperty(record, "finish");
  const error = record["error"] ?? (finish === "content-filter" ? filtered : undefined);
  return {
    id: messageIdOf(record),
    sessionID: sessionId,
    role: "assistant",
    parentID,
    agent,
    mode: agent,
    providerID,
    modelID,
    ...(variant === undefined ? {} : { variant }),
    path: { cwd, root },
    cost: prices.costOf(record),
    tokens: tokensOf(record),
    time: { created: createdOf(record), ...(completed === undefined ? {} : { completed }) },
    ...(finish === undefined ? {} : { finish }),
    ...(isRecord(error) ? { error: messageError(error, providerID, `${providerID}/${modelID}`) } : {}),
  };
}

/** The parts of a prompt, stored or as it was admitted. */
export function userParts(record: JsonRecord, place: SessionPlace): Part[] {
  const messageID = messageIdOf(record);
  const at = (index: number) => ({ id: partId(messageID, index), sessionID: place.sessionId, messageID });
  const files = listOf(record["files"]);
  const text: Part = { ...at(0), type: "text", text: withoutSystemText(stringProperty(record, "text") ?? "") };
  const attached = files.map((file, index): Part => {
    const filename = stringProperty(file, "name");
    const mime = stringProperty(file, "mime") ?? mimeOf(urlOf(file));
    const part: Part = { ...at(index + 1), type: "file", mime, url: urlOf(file) };
    return filename === undefined ? part : { ...part, filename };
  });
  const agents = listOf(record["agents"]).map((agent, index): Part => {
    const mention = recordProperty(agent, "mention") ?? recordProperty(agent, "source");
    const part: Part = { ...at(files.length + index + 1), type: "agent", name: stringProperty(agent, "name") ?? "" };
    if (mention === undefined) return part;
    const value = stringProperty(mention, "text") ?? "";
    const source = { start: numberProperty(mention, "start") ?? 0, end: numberProperty(mention, "end") ?? 0, value };
    return { ...part, source };
  });
  return [text, ...attached, ...agents];
}

/** `uri` on the preview; base64 `data` with its source in 2.1. */
function urlOf(file: JsonRecord): string {
  const data = stringProperty(file, "data");
  const mime = stringProperty(file, "mime") ?? "application/octet-stream";
  if (data !== undefined && data !== "") return `data:${mime};base64,${data}`;
  return stringProperty(file, "uri") ?? stringProperty(recordProperty(file, "source"), "uri") ?? "";
}

function mimeOf(url: string): string {
  return /^data:([^;,]+)/.exec(url)?.[1] ?? "application/octet-stream";
}

/** A text that the server has written into the conversation. */
export function writtenPart(record: JsonRecord, { sessionId }: SessionPlace): Part {
  const messageID = messageIdOf(record);
  const text = stringProperty(record, "text") ?? "";
  return { id: partId(messageID, 0), sessionID: sessionId, messageID, type: "text", text, synthetic: true };
}

/** A shell line is two messages in 1.x: the user's, and one with the tool call. The second one's id is made. */
export function shellMessages(record: JsonRecord, who: Who, place: SessionPlace): ReadableMessage[] {
  const id = messageIdOf(record);
  const command = stringProperty(record, "command") ?? "";
  const time = recordProperty(record, "time");
  const end = numberProperty(time, "completed");
  const created = createdOf(record);
  const output = stringProperty(recordProperty(record, "output"), "output") ?? stringProperty(record, "output") ?? "";
  const exit = property(record, "exit");
  const answer: JsonRecord = {
    id: `${id}_shell`,
    agent: who.agent,
    model: { providerID: who.model.providerID, id: who.model.modelID },
    time,
  };
  const messageID = messageIdOf(answer);
  const call = stringProperty(record, "shellID") ?? stringProperty(record, "callID") ?? id;
  const base = { id: partId(messageID, 1), sessionID: place.sessionId, messageID };
  const metadata = exit === undefined ? {} : { exit };
  const input = { command };
  const part: Part = {
    ...base,
    type: "tool",
    tool: "bash",
    callID: call,
    state:
      end === undefined
        ? { status: "running", input, metadata: { ...metadata, output }, time: { start: created } }
        : { status: "completed", input, output, title: "", metadata, time: { start: created, end } },
  };
  const note = "The following tool was executed by the user";
  return [
    { info: userInfo(record, who, place), parts: [writtenPart({ id, text: note }, place)], raw: record },
    { info: stepInfo(answer, id, place), parts: [part], raw: record },
  ];
}

/** The summary of a compaction: a step that answers nobody. */
export function summaryMessage(record: JsonRecord, prompt: string, who: Who, place: SessionPlace): ReadableMessage {
  const id = messageIdOf(record);
  const status = stringProperty(record, "status") ?? "completed"; // the preview stores no other
  const created = createdOf(record);
  const own = recordProperty(record, "model") ?? { providerID: who.model.providerID, id: who.model.modelID };
  const isRunning = status === "running";
  const time = {
    created,
    ...(isRunning ? {} : { completed: numberProperty(recordProperty(record, "time"), "completed") ?? created }),
  };
  const step: JsonRecord = { ...record, agent: "compaction", model: own, time, finish: isRunning ? undefined : "stop" };
  const text: Part = {
    id: partId(id, 1),
    sessionID: place.sessionId,
    messageID: id,
    type: "text",
    text: stringProperty(record, "summary") ?? "",
    time: isRunning ? { start: created } : { start: created, end: created },
  };
  const mark: Part = {
    id: partId(id, 0),
    sessionID: place.sessionId,
    messageID: id,
    type: "compaction",
    auto: record["reason"] !== "manual",
  };
  return { info: { ...stepInfo(step, prompt, place), summary: true }, parts: [mark, text], raw: record };
}

function listOf(value: unknown): JsonRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
