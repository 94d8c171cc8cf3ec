/** The events of one session of 2.x in our own terms. It remembers what later events leave out, and asks for a read where it does not know. */
import type { Part } from "../../types/answer.js";
import type { ServerEvent } from "../../types/event.js";
import { partId } from "../../util/ids.js";
import { type JsonRecord, numberProperty, recordProperty, stringProperty } from "../../util/json.js";
import type { ApiEvent } from "../api-event.js";
import { filesOfTool, otherFiles } from "./changed-files.js";
import { isContinuation, promptIdOf } from "./continuation.js";
import { otherEvent } from "./events.js";
import { stepInfo, summaryMessage, userParts, writtenPart } from "./message-map.js";
import { contentOf, contentPart, createdOf, endParts, messageIdOf, stepStart } from "./message-parts.js";
import type { SessionPlace } from "./message-place.js";
import { type StepChange, StepFold } from "./step-fold.js";
import { inboxIdOf, stepMessageId, type WireEvent } from "./wire-event.js";

/** Prompts that were admitted, and parents that were found by a read: so many are remembered. */
const remembered = 100;
/** Stored prompts of which the event may be late: so many are remembered whole. */
const mostUndelivered = 10;
/** After a step that ends so the server makes another one. */
const continuing: ReadonlySet<unknown> = new Set(["tool-calls", "unknown"]);

/** How a session is folded. */
export interface FoldOptions {
  readonly place: SessionPlace;
  readonly storesWholeTexts: boolean;
}

/** What the session is known to do. */
export type RunState = "idle" | "running";

/** One session. */
export class SessionFold {
  readonly steps: StepFold = new StepFold();
  /** The number of the last durable event. */
  seq: number | undefined;
  run: RunState = "idle";
  readonly #options: FoldOptions;
  readonly #inbox = new Map<string, JsonRecord>();
  readonly #parents = new Map<string, string>();
  #prompt: string | undefined;
  /** A prompt was taken up in this run. */
  #hasPrompt = false;
  /** Of the newest prompt: its last step. */
  #answer: JsonRecord | undefined;

  constructor(options: FoldOptions) {
    this.#options = options;
  }

  /** Whose events are folded. */
  get sessionId(): string {
    return this.#options.place.sessionId;
  }

  /** The prompt that was taken up last. */
  get prompt(): string | undefined {
    return this.#prompt;
  }

  /** The last step of the newest prompt has an end after which none follows. */
  get isAnswered(): boolean {
    const step = this.#answer;
    if (step === undefined || numberProperty(recordProperty(step, "time"), "completed") === undefined) return false;
    return step["error"] !== undefined || (step["finish"] !== undefined && !continuing.has(step["finish"]));
  }

  /** The event can be told only after a read of the newest messages, which `adopt()` takes. */
  needsRead(event: WireEvent): boolean {
    const { name, data } = event;
    if (name === "session.step.started") {
      return this.#prompt === undefined && !this.#parents.has(stepMessageId(data) ?? "");
    }
    if (name === "session.inbox.delivered") return this.#delivered(event) === undefined;
    if (name === "session.compaction.ended") return inboxIdOf(data) === undefined;
    return this.steps.isUnknown(event);
  }

  /** The newest messages, oldest first: which prompt each step answers, and what is known of the steps. */
  adopt(stored: readonly JsonRecord[]): void {
    let prompt: string | undefined;
    // The event that one of them was delivered may still come. They hold their attachments.
    const newest = new Set(stored.slice(-mostUndelivered));
    for (const record of stored) {
      const id = messageIdOf(record);
      if (record["type"] === "user") prompt = promptIdOf(id);
      const isWaiting = record["type"] === "user" || record["type"] === "synthetic";
      if (isWaiting && newest.has(record)) keep(this.#inbox, id, record);
      if (record["type"] !== "assistant") continue;
      if (prompt !== undefined) keep(this.#parents, id, prompt);
      this.steps.adopt(record, this.#options.storesWholeTexts);
    }
    this.#prompt ??= prompt;
  }

  /** The run is over: what its last step was says nothing of the next one. */
  end(): void {
    this.run = "idle";
    this.#hasPrompt = false;
    this.#answer = undefined;
  }

  /** Events were missed that nobody tells later. What the session does is not known either. */
  reset(): void {
    this.run = "idle";
    this.forget();
  }

  /** Events were missed that nobody tells later: what was heard before them does not count any more. */
  forget(): void {
    this.steps.clear();
    this.#prompt = undefined;
    this.#hasPrompt = false;
    this.#answer = undefined;
    this.seq = undefined;
  }

  /** `isReplay`: the event was missed, and is read from the log. */
  fold(event: WireEvent, isReplay: boolean): ApiEvent[] {
    const { name, data, sessionId, raw } = event;
    const base = { sessionId, raw };
    switch (name) {
      case "session.inbox.enqueued":
        this.#admit(event);
        break;
      case "session.inbox.delivered":
        return this.#deliver(event);
      case "session.compaction.ended":
        return this.#compacted(event);
      case "session.retry.scheduled":
        return [
          {
            type: "retry",
            attempt: numberProperty(data, "attempt") ?? 0,
            message: stringProperty(recordProperty(data, "error"), "message") ?? "",
            next: numberProperty(data, "at") ?? event.time,
            ...base,
          },
        ];
      case "session.synthetic": {
        const id = stringProperty(data, "messageID");
        if (id !== undefined) return this.#written({ ...data, id, time: { created: event.time } }, raw);
        break;
      }
    }
    const told = this.#told(this.steps.fold(event), event, isReplay);
    return told.length > 0 || isReplay ? told : [otherEvent(event)];
  }

  #admit({ data, time }: WireEvent): void {
    const id = inboxIdOf(data);
    if (id === undefined) return;
    const item = recordProperty(data, "item") ?? recordProperty(data, "input") ?? {};
    const payload = recordProperty(item, "payload") ?? recordProperty(item, "data") ?? recordProperty(data, "prompt");
    const delivery = item["delivery"] ?? data["delivery"];
    keep(this.#inbox, id, { ...payload, id, type: item["type"] ?? "user", time: { created: time }, delivery });
  }

  /** What has become part of the conversation; on the preview the event has all of it. */
  #delivered({ data, time }: WireEvent): JsonRecord | undefined {
    const id = inboxIdOf(data);
    const prompt = recordProperty(data, "prompt");
    const known = id === undefined ? undefined : this.#inbox.get(id);
    if (known !== undefined || id === undefined || prompt === undefined) return known;
    return { ...prompt, id, type: "user", time: { created: time }, delivery: data["delivery"] };
  }

  #deliver(event: WireEvent): ApiEvent[] {
    const { sessionId, raw } = event;
    const other = otherEvent(event);
    const record = this.#delivered(event);
    if (record === undefined) return [other];
    const id = messageIdOf(record);
    this.#inbox.delete(id);
    if (record["type"] === "synthetic") return this.#written(record, raw);
    if (record["type"] !== "user") return [other];
    const events: ApiEvent[] = [];
    // One run can answer several prompts, one after the other: for the one before it is over. A queued one waits for the end of the others.
    const isNext = this.isAnswered || (this.#hasPrompt && record["delivery"] === "queue");
    if (this.run === "running" && isNext) events.push(madeEvent("session-idle", sessionId));
    this.#hasPrompt = true;
    this.#prompt = promptIdOf(id);
    this.#answer = undefined;
    if (isContinuation(id)) return [...events, other];
    events.push({
      type: "message-stored",
      message: { role: "user", id, createdAt: createdOf(record) },
      sessionId,
      raw,
    });
    return [...events, ...this.#stored(userParts(record, this.#options.place), raw)];
  }

  /** A text that the server itself has put into the conversation. */
  #written(record: JsonRecord, raw: ServerEvent): ApiEvent[] {
    const { place } = this.#options;
    const { sessionId } = place;
    const message = { role: "user" as const, id: messageIdOf(record), createdAt: createdOf(record) };
    return [{ type: "message-stored", message, sessionId, raw }, ...this.#stored([writtenPart(record, place)], raw)];
  }

  #compacted({ data, sessionId, raw, time }: WireEvent): ApiEvent[] {
    const id = inboxIdOf(data);
    const compacted: ApiEvent = { type: "compacted", sessionId, raw };
    if (id === undefined) return [compacted];
    const { place } = this.#options;
    const record = { ...data, id, summary: data["text"], time: { created: time } };
    const model = recordProperty(this.steps.last, "model");
    const named = {
      providerID: stringProperty(model, "providerID") ?? "",
      modelID: stringProperty(model, "id") ?? "",
    };
    const { info, parts } = summaryMessage(record, this.#prompt ?? "", { agent: "compaction", model: named }, place);
    if (info.role !== "assistant") return [compacted];
    const message = { role: "assistant" as const, id, isSummary: true, info };
    return [{ type: "message-stored", message, sessionId, raw }, ...this.#stored(parts, raw), compacted];
  }

  #told(change: StepChange, event: WireEvent, isReplay: boolean): ApiEvent[] {
    const { place, storesWholeTexts } = this.#options;
    const { raw, sessionId, name } = event;
    switch (change.type) {
      case "nothing":
        return [];
      case "begun":
        this.#answer = change.record;
        this.run = "running";
        return [this.headOf(change.record, raw), ...this.#stored([stepStart(change.record, place)], raw)];
      case "ended":
      case "failed": {
        const { record } = change;
        this.#answer = record;
        const edited = otherFiles(record, place).map(
          (file): ApiEvent => ({ type: "file-edited", file, sessionId, raw }),
        );
        return [...this.#stored(endParts(record, place), raw), ...edited, this.headOf(record, raw)];
      }
      case "content": {
        // Of a text that began in a gap the events do not tell the beginning: it is told at its end.
        if (isReplay && name.endsWith(".started")) return [];
        const item = contentOf(change.record)[change.at];
        const files = name === "session.tool.success" ? filesOfTool(item, place) : [];
        const edited = files.map((file): ApiEvent => ({ type: "file-edited", file, sessionId, raw }));
        return [...this.#stored(contentPart(change.record, item, change.at, place, storesWholeTexts), raw), ...edited];
      }
      case "delta": {
        const messageId = messageIdOf(change.record);
        const id = partId(messageId, change.at + 1);
        return [{ type: "part-delta", messageId, partId: id, text: change.text, sessionId, raw }];
      }
    }
  }

  /** The head of a step as it is known. */
  headOf(record: JsonRecord, raw: ServerEvent): ApiEvent {
    const { place } = this.#options;
    const id = messageIdOf(record);
    const info = stepInfo(record, this.#parents.get(id) ?? this.#prompt ?? "", place);
    if (this.#prompt !== undefined && !this.#parents.has(id)) keep(this.#parents, id, this.#prompt);
    return {
      type: "message-stored",
      message: { role: "assistant", id, isSummary: false, info },
      sessionId: place.sessionId,
      raw,
    };
  }

  #stored(parts: readonly Part[], raw: ServerEvent): ApiEvent[] {
    const { sessionId } = this.#options.place;
    return parts.map((part) => ({ type: "part-stored", part, sessionId, raw }));
  }
}

/** An event that the server does not send: its name is that of 1.x. */
export function madeEvent(type: "session-idle", sessionId: string | undefined): ApiEvent {
  return { type, sessionId, raw: { type: "session.idle", properties: { sessionID: sessionId } } };
}

/** The status of a session, which the server does not tell. */
export function madeStatus(status: "busy" | "idle", sessionId: string): ApiEvent {
  const raw = { type: "session.status", properties: { sessionID: sessionId, status: { type: status } } };
  return { type: "session-status", status, sessionId, raw };
}

function keep<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= remembered) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
