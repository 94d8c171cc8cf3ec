/** Writes one step: each event, and the same into the stored message. Numbers count per kind within the message. */
import type { JsonRecord } from "../../../../src/util/json.js";
import { newId } from "../ids.js";
import type {
  AssistantMessage,
  AssistantPart,
  Content,
  ModelRef,
  SessionRecord,
  Tokens,
  ToolPart,
  WireError,
} from "../types.js";
import type { World } from "../world.js";

type Speech = Extract<AssistantPart, { text: string }>;

interface OpenSpeech {
  readonly part: Speech;
  readonly ordinal: number;
  text: string;
}

export class StepWriter {
  readonly message: AssistantMessage;
  isStarted = false;
  readonly #world: World;
  readonly #record: SessionRecord;
  readonly #counts = { text: 0, reasoning: 0 };
  #open: OpenSpeech | undefined;

  constructor(world: World, record: SessionRecord, model: ModelRef) {
    this.#world = world;
    this.#record = record;
    this.message = {
      id: newId("msg"),
      type: "assistant",
      agent: record.info.agent ?? "build",
      model: { ...model },
      content: [],
      time: { created: 0 },
    };
  }

  /** True when something of an answer is stored: then the call is not repeated. */
  get hasOutput(): boolean {
    return this.message.content.length > 0;
  }

  get tools(): ToolPart[] {
    return this.message.content.filter((part): part is ToolPart => part.type === "tool");
  }

  /** At the first byte of the model, or its first failure. */
  start(snapshot: string | undefined): void {
    if (this.isStarted) return;
    this.isStarted = true;
    const { agent, model, time } = this.message;
    time.created = Date.now();
    if (snapshot !== undefined) this.message.snapshot = { start: snapshot };
    this.#record.messages.push(this.message);
    this.#durable("session.step.started", {
      agent,
      model,
      started: time.created,
      ...(snapshot === undefined ? {} : { snapshot }),
    });
  }

  retry(attempt: number, at: number, error: WireError): void {
    this.message.retry = { attempt, at, error };
    this.#durable("session.retry.scheduled", { attempt, at, error });
  }

  speak(kind: "text" | "reasoning", delta: string): void {
    if (this.#open?.part.type !== kind) this.endSpeech();
    const open = this.#open ?? this.#begin(kind);
    open.text += delta;
    this.#passing(`session.${kind}.delta`, { ordinal: open.ordinal, delta });
  }

  /** The stored text is empty until here. */
  endSpeech(): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    open.part.text = open.text;
    if (open.part.type === "reasoning") open.part.time.completed = Date.now();
    this.#durable(`session.${open.part.type}.ended`, { ordinal: open.ordinal, text: open.text });
  }

  beginTool(id: string, name: string): ToolPart {
    if (this.#open?.part.type === "reasoning") this.endSpeech();
    const part: ToolPart = {
      type: "tool",
      id,
      name,
      state: { status: "streaming", input: "" },
      time: { created: Date.now() },
    };
    this.message.content.push(part);
    this.#durable("session.tool.input.started", { id, name });
    return part;
  }

  toolInput(part: ToolPart, delta: string): void {
    part.state.input = `${part.state.input}${delta}`;
    if (delta !== "") this.#passing("session.tool.input.delta", { id: part.id, delta });
  }

  endToolInput(part: ToolPart): void {
    this.#durable("session.tool.input.ended", { id: part.id, text: String(part.state.input) });
  }

  toolCalled(part: ToolPart, input: JsonRecord): void {
    part.executed = false;
    part.state = { status: "running", input, metadata: {} };
    part.time.ran = Date.now();
    this.#durable("session.tool.called", { id: part.id, input, executed: false });
  }

  toolProgress(part: ToolPart, metadata: JsonRecord): void {
    if (part.state.status !== "running") return;
    part.state.metadata = metadata;
    this.#passing("session.tool.progress", { id: part.id, metadata });
  }

  toolSucceeded(part: ToolPart, content: Content[], metadata: JsonRecord): void {
    part.state = { status: "completed", input: part.state.input, content, metadata };
    part.time.completed = Date.now();
    this.#durable("session.tool.success", { id: part.id, content, metadata, executed: false });
  }

  toolFailed(
    part: ToolPart,
    error: WireError,
    more: { content?: Content[] | undefined; metadata?: JsonRecord | undefined } = {},
  ): void {
    const input = typeof part.state.input === "string" ? {} : part.state.input;
    const known = {
      ...(more.content === undefined ? {} : { content: more.content }),
      ...(more.metadata === undefined ? {} : { metadata: more.metadata }),
    };
    part.state = { status: "error", input, error, ...known };
    part.time.completed = Date.now();
    this.#durable("session.tool.failed", { id: part.id, error, executed: false, ...known });
  }

  streamed(): void {
    this.#durable("session.step.streamed", {});
  }

  end(
    fields: { finish: string; rawFinish: string; cost: number; tokens: Tokens },
    snapshot: string | undefined,
    files: string[],
  ): void {
    Object.assign(this.message, fields);
    this.#complete(snapshot, files);
    this.#durable("session.step.ended", { ...fields, ...this.#snapshotFields(snapshot, files) });
  }

  fail(error: WireError, fields: JsonRecord, snapshot: string | undefined, files: string[]): void {
    this.endSpeech();
    this.message.error = error;
    Object.assign(this.message, fields);
    this.#complete(snapshot, files);
    this.#durable("session.step.failed", { error, ...fields, ...this.#snapshotFields(snapshot, files) });
  }

  #complete(snapshot: string | undefined, files: string[]): void {
    this.message.time.completed = Date.now();
    delete this.message.retry;
    if (snapshot !== undefined) this.message.snapshot = { ...this.message.snapshot, end: snapshot, files };
  }

  #snapshotFields(snapshot: string | undefined, files: string[]): JsonRecord {
    return snapshot === undefined ? {} : { snapshot, files };
  }

  #begin(kind: "text" | "reasoning"): OpenSpeech {
    const part: Speech =
      kind === "text" ? { type: kind, text: "" } : { type: kind, text: "", time: { created: Date.now() } };
    const open: OpenSpeech = { part, ordinal: this.#counts[kind], text: "" };
    this.#counts[kind] += 1;
    this.#open = open;
    this.message.content.push(part);
    this.#durable(`session.${kind}.started`, { ordinal: open.ordinal });
    return open;
  }

  #durable(type: string, data: JsonRecord): void {
    this.#world.hub.durable(this.#record, type, { assistantMessageID: this.message.id, ...data });
  }

  #passing(type: string, data: JsonRecord): void {
    this.#world.hub.passing(this.#record, type, { assistantMessageID: this.message.id, ...data });
  }
}
