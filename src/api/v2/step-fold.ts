/**
 * The steps of one session, folded from events into records as the server stores them: what a record tells is mapped in one place, so
 * that parts are the same from events and from reads.
 */
import { isRecord, type JsonRecord, numberProperty, recordProperty, stringProperty } from "../../util/json.js";
import { contentOf } from "./message-parts.js";
import { callIdOf, stepMessageId, type WireEvent } from "./wire-event.js";

/** Steps that are remembered: events of one may come when the next one has begun. */
const rememberedSteps = 4;

/** What an event has changed in a step. */
export type StepChange =
  | { readonly type: "begun" | "ended" | "failed"; readonly record: JsonRecord }
  /** `at`: the index of the content. */
  | { readonly type: "content"; readonly record: JsonRecord; readonly at: number }
  | { readonly type: "delta"; readonly record: JsonRecord; readonly at: number; readonly text: string }
  /** The event means nothing for what is stored, or repeats what is known. */
  | { readonly type: "nothing" };

const nothing: StepChange = { type: "nothing" };

/** Events of a step that are folded, without the prefix. */
const folded: ReadonlySet<string> = new Set([
  "step.ended",
  "step.failed",
  "step.streamed",
  "text.started",
  "text.delta",
  "text.ended",
  "reasoning.started",
  "reasoning.delta",
  "reasoning.ended",
  "tool.input.started",
  "tool.input.ended",
  "tool.called",
  "tool.progress",
  "tool.success",
  "tool.failed",
]);

/** The steps that were heard of last. */
export class StepFold {
  readonly #records = new Map<string, JsonRecord>();

  /** The newest of them. */
  get last(): JsonRecord | undefined {
    return [...this.#records.values()].at(-1);
  }

  /** The event is about a step whose beginning was not heard. */
  isUnknown({ name, data }: WireEvent): boolean {
    const id = stepMessageId(data);
    return id !== undefined && folded.has(name.slice("session.".length)) && !this.#records.has(id);
  }

  /** A step that a read has found. What is being written is told by the events: of its text nothing is known. */
  adopt(record: JsonRecord, storesWholeTexts: boolean): void {
    const id = stringProperty(record, "id");
    if (id === undefined || this.#records.has(id)) return;
    const isOpen = recordProperty(record, "time")?.["completed"] === undefined && record["finish"] === undefined;
    const content = contentOf(record).map((item) => {
      if (!isRecord(item) || !isOpen || hasEnd(item)) return item;
      if (item["type"] !== "text" && item["type"] !== "reasoning") return item;
      const created = recordProperty(record, "time")?.["created"];
      if (storesWholeTexts && item["text"] !== "") return { ...item, time: { created, completed: created } };
      return { ...item, text: "" };
    });
    this.#keep(id, { ...record, content });
  }

  /** The input of a tool call; `undefined` when it is not known. */
  inputOf(messageId: string | undefined, callId: string | undefined): JsonRecord | undefined {
    const record = messageId === undefined ? undefined : this.#records.get(messageId);
    if (record === undefined || callId === undefined) return undefined;
    return recordProperty(recordProperty(contentOf(record)[toolAt(record, callId)], "state"), "input");
  }

  /** Forgets all steps. */
  clear(): void {
    this.#records.clear();
  }

  /** Takes an event in. Those of steps that are not known change nothing. */
  fold(event: WireEvent): StepChange {
    const { name, data, time } = event;
    const id = stepMessageId(data);
    if (id === undefined) return nothing;
    if (name === "session.step.started") return this.#begin(id, event);
    const record = this.#records.get(id);
    if (record === undefined) return nothing;
    switch (name) {
      case "session.text.started":
      case "session.reasoning.started":
        return textStarted(record, event);
      case "session.text.delta":
      case "session.reasoning.delta":
        return textDelta(record, event);
      case "session.text.ended":
      case "session.reasoning.ended":
        return textEnded(record, event);
      case "session.tool.input.started":
      case "session.tool.input.ended":
      case "session.tool.called":
      case "session.tool.progress":
      case "session.tool.success":
      case "session.tool.failed":
        return toolChanged(record, event);
      case "session.step.streamed":
        record["time"] = { ...recordProperty(record, "time"), streamed: time };
        return nothing;
      case "session.step.ended":
      case "session.step.failed":
        return stepEnded(record, event);
      default:
        return nothing;
    }
  }

  #begin(id: string, { data, time }: WireEvent): StepChange {
    const known = this.#records.get(id); // a step that the model is called for again keeps its message
    const start = stringProperty(data, "snapshot");
    const record: JsonRecord = known ?? {
      id,
      type: "assistant",
      agent: data["agent"],
      model: data["model"],
      content: [],
      time: { created: numberProperty(data, "started") ?? time },
      ...(start === undefined ? {} : { snapshot: { start } }),
    };
    this.#keep(id, record);
    return { type: "begun", record };
  }

  #keep(id: string, record: JsonRecord): void {
    this.#records.set(id, record);
    for (const oldest of this.#records.keys()) {
      if (this.#records.size <= rememberedSteps) break;
      this.#records.delete(oldest);
    }
  }
}

function kindOf(name: string): "text" | "reasoning" {
  return name.startsWith("session.text.") ? "text" : "reasoning";
}

/** The index of a text: by its id on the preview, by its number among its kind in later ones. */
function textAt(record: JsonRecord, { name, data }: WireEvent): number {
  const kind = kindOf(name);
  const content = contentOf(record);
  const id = stringProperty(data, `${kind}ID`);
  if (id !== undefined) return content.findLastIndex((item) => isOf(item, kind) && item["id"] === id);
  const ordinal = numberProperty(data, "ordinal") ?? 0;
  let count = -1;
  return content.findIndex((item) => {
    if (isOf(item, kind)) count += 1;
    return count === ordinal;
  });
}

function isOf(item: unknown, kind: string): item is JsonRecord {
  return isRecord(item) && item["type"] === kind;
}

function textStarted(record: JsonRecord, event: WireEvent): StepChange {
  if (textAt(record, event) >= 0) return nothing;
  const kind = kindOf(event.name);
  const id = stringProperty(event.data, `${kind}ID`);
  const item = { type: kind, text: "", time: { created: event.time }, ...(id === undefined ? {} : { id }) };
  return added(record, item);
}

function textDelta(record: JsonRecord, event: WireEvent): StepChange {
  const at = textAt(record, event);
  const text = stringProperty(event.data, "delta");
  // Behind its end nothing of it is news: the end had all of it.
  if (at < 0 || text === undefined || hasEnd(contentOf(record)[at])) return nothing;
  return { type: "delta", record, at, text };
}

function textEnded(record: JsonRecord, event: WireEvent): StepChange {
  const at = textAt(record, event);
  const kind = kindOf(event.name);
  const id = stringProperty(event.data, `${kind}ID`);
  const before = contentOf(record)[at];
  const time = { created: event.time, ...recordProperty(before, "time"), completed: event.time };
  const text = stringProperty(event.data, "text") ?? "";
  const item = { ...(isRecord(before) ? before : { type: kind, ...(id === undefined ? {} : { id }) }), text, time };
  return at < 0 ? added(record, item) : replaced(record, at, item);
}

function toolAt(record: JsonRecord, callId: string): number {
  return contentOf(record).findLastIndex((item) => isOf(item, "tool") && item["id"] === callId);
}

function toolChanged(record: JsonRecord, { name, data, time }: WireEvent): StepChange {
  const id = callIdOf(data);
  if (id === undefined) return nothing;
  const at = toolAt(record, id);
  const known = contentOf(record)[at];
  const before: JsonRecord = isRecord(known) ? known : { type: "tool", id, time: { created: time } };
  const state = recordProperty(before, "state") ?? { status: "pending", input: "" };
  const times = recordProperty(before, "time") ?? { created: time };
  const isFinal = state["status"] === "completed" || state["status"] === "error";
  // The name comes with the beginning of the input; on the preview with the call, too.
  const tool = stringProperty(data, "name") ?? stringProperty(data, "tool") ?? stringProperty(before, "name") ?? "";
  const put = (changed: JsonRecord, at2: JsonRecord = times): StepChange => {
    const item = { ...before, name: tool, state: changed, time: at2 };
    return at < 0 ? added(record, item) : replaced(record, at, item);
  };
  const metadata = recordProperty(data, "metadata") ?? recordProperty(data, "structured") ?? {};
  switch (name) {
    case "session.tool.input.started":
      return at >= 0 ? nothing : put(state);
    case "session.tool.input.ended":
      if (at < 0 || state["status"] === "running" || isFinal) return nothing;
      put({ ...state, input: stringProperty(data, "text") ?? "" });
      return nothing;
    case "session.tool.called":
      if (isFinal) return nothing;
      return put({ status: "running", input: data["input"], metadata: {} }, { ...times, ran: time });
    case "session.tool.progress":
      return isFinal ? nothing : put({ ...state, status: "running", metadata });
    case "session.tool.success":
      return put(
        {
          status: "completed",
          input: state["input"],
          metadata,
          ...given(data, "content", "outputPaths", "structured"),
        },
        { ...times, completed: time },
      );
    default:
      return put(
        { status: "error", input: state["input"], metadata, ...given(data, "content", "error", "result") },
        { ...times, completed: time },
      );
  }
}

function stepEnded(record: JsonRecord, { name, data, time }: WireEvent): StepChange {
  const hasFailed = name === "session.step.failed";
  Object.assign(record, given(data, "finish", "cost", "tokens", "error"));
  if (hasFailed) record["finish"] ??= "error";
  record["time"] = { ...recordProperty(record, "time"), completed: time };
  const { snapshot: end, files } = data;
  if (end !== undefined || files !== undefined) {
    const known = recordProperty(record, "snapshot");
    record["snapshot"] = { ...known, ...(end === undefined ? {} : { end }), ...(files === undefined ? {} : { files }) };
  }
  return { type: hasFailed ? "failed" : "ended", record };
}

function given(data: JsonRecord, ...names: readonly string[]): JsonRecord {
  return Object.fromEntries(names.flatMap((name) => (data[name] === undefined ? [] : [[name, data[name]]])));
}

function hasEnd(item: unknown): boolean {
  return recordProperty(item, "time")?.["completed"] !== undefined;
}

function added(record: JsonRecord, item: JsonRecord): StepChange {
  record["content"] = [...contentOf(record), item];
  return { type: "content", record, at: contentOf(record).length - 1 };
}

function replaced(record: JsonRecord, at: number, item: JsonRecord): StepChange {
  record["content"] = contentOf(record).with(at, item);
  return { type: "content", record, at };
}
