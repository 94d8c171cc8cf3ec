/** One step of a run: the model is called, its answer stored, its tools run. */

import { offeredTools } from "../tools/offered.js";
import { runTool } from "../tools/run-tool.js";
import type { SessionRecord, Tokens, ToolPart, WireError } from "../types.js";
import type { World } from "../world.js";
import { compact, isFull } from "./compaction.js";
import { interruptedStep, interruptedTool } from "./endings.js";
import { tellInstructions } from "./instructions.js";
import { ModelFailure, type ModelOutput } from "./model-call.js";
import {
  callSessionModel,
  costOf,
  isError,
  isOverflow,
  isRetryable,
  noTokens,
  type SessionModel,
  sessionModel,
  wireError,
} from "./session-model.js";
import { changesBetween, nameOf, type Snapshot, takeSnapshot } from "./snapshots.js";
import { StepWriter } from "./step-writer.js";
import { transcript } from "./transcript.js";

/** How a step ended. After `cut` and `tools` the run goes on. */
export type StepEnd =
  | { readonly type: "done" | "tools" | "cut" }
  | { readonly type: "failed"; readonly error: WireError };

/** Tries after the first. */
const maxRetries = 10;

/**
 * Runs one step.
 * @throws The signal's reason, and `Declined`, after the step is recorded as failed.
 */
export async function runStep(
  world: World,
  record: SessionRecord,
  index: number,
  signal: AbortSignal,
): Promise<StepEnd> {
  if (isFull(world, record)) await compact(world, record, "auto", signal);
  tellInstructions(world, record);
  const model = sessionModel(world, record);
  if (isError(model)) return { type: "failed", error: model };
  const step = new Step(world, record, model, index, signal);
  try {
    return await step.run();
  } catch (error) {
    step.abort();
    throw error;
  }
}

class Step {
  readonly #world: World;
  readonly #record: SessionRecord;
  readonly #model: SessionModel;
  readonly #index: number;
  readonly #signal: AbortSignal;
  readonly #writer: StepWriter;
  readonly #before: Snapshot | undefined;
  readonly #calls = new Map<number, ToolPart>();
  #finish = "unknown";
  #tokens: Tokens = noTokens();

  constructor(world: World, record: SessionRecord, model: SessionModel, index: number, signal: AbortSignal) {
    this.#world = world;
    this.#record = record;
    this.#model = model;
    this.#index = index;
    this.#signal = signal;
    this.#writer = new StepWriter(world, record, model.ref);
    this.#before = takeSnapshot(record.info.location.directory);
  }

  async run(): Promise<StepEnd> {
    let hasCompacted = false;
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.#stream();
        return await this.#afterStream();
      } catch (error) {
        this.#signal.throwIfAborted();
        if (!(error instanceof ModelFailure)) throw error;
        if (!this.#writer.hasOutput && isRetryable(error) && attempt <= maxRetries) {
          await this.#waitForRetry(error, attempt);
        } else if (!this.#writer.hasOutput && isOverflow(error) && !hasCompacted) {
          hasCompacted = true;
          if (!(await compact(this.#world, this.#record, "auto", this.#signal))) return this.#fail(wireError(error));
        } else if (isRetryable(error) && error.kind === "transport") {
          this.#fail(wireError(error));
          return { type: "cut" };
        } else return this.#fail(wireError(error));
      }
    }
  }

  /** Records an interrupt, or a refusal that ends the run. */
  abort(): void {
    if (!this.#writer.isStarted || this.#writer.message.error !== undefined) return;
    this.#writer.endSpeech();
    for (const part of this.#writer.tools) {
      if (part.state.status === "streaming" || part.state.status === "running")
        this.#writer.toolFailed(part, interruptedTool);
    }
    this.#fail(interruptedStep);
  }

  async #stream(): Promise<void> {
    const { steps } =
      this.#world.locations.agent(this.#record.info.location.directory, this.#record.info.agent ?? "build") ?? {};
    const isLast = steps !== undefined && this.#index + 1 >= steps;
    const tools = isLast ? [] : offeredTools(this.#world, this.#record);
    const input = { messages: transcript(this.#world, this.#record), tools };
    const outputs = callSessionModel(this.#record, this.#model, input, this.#signal);
    try {
      for await (const output of outputs) this.#take(output);
    } catch (error) {
      this.#writer.start(nameOf(this.#before));
      throw error;
    }
  }

  #take(output: ModelOutput): void {
    switch (output.type) {
      case "opened":
        this.#writer.start(nameOf(this.#before));
        return;
      case "text":
      case "reasoning":
        this.#writer.speak(output.type, output.delta);
        return;
      case "finish":
        this.#finish = output.reason;
        return;
      case "usage":
        this.#tokens = output.tokens;
        return;
      case "tool": {
        const known = this.#calls.get(output.index);
        const part = known ?? this.#writer.beginTool(output.id ?? `call_${output.index}`, output.name ?? "");
        this.#calls.set(output.index, part);
        this.#writer.toolInput(part, output.delta);
        return;
      }
    }
  }

  async #afterStream(): Promise<StepEnd> {
    const { message } = this.#writer;
    message.time.streamed = Date.now();
    const parts = [...this.#calls.values()];
    const broken = parts.find((part) => !isJson(part.state.input));
    const running = broken === undefined ? parts.map((part) => this.#begin(part)) : [];
    this.#writer.endSpeech();
    if (broken !== undefined) {
      const error = { type: "tool.input-json", message: `Invalid JSON in the input of ${broken.name}` };
      for (const part of parts) this.#writer.toolFailed(part, error);
      return this.#fail(error);
    }
    const results = await Promise.allSettled(running);
    const rejected = results.find((result) => result.status === "rejected");
    if (rejected !== undefined) throw rejected.reason;
    this.#signal.throwIfAborted();
    this.#writer.streamed();
    if (this.#finish === "content_filter") {
      const error = { type: "provider.content-filter", message: "The provider filtered the answer" };
      return this.#fail(error, { finish: "content-filter", rawFinish: this.#finish });
    }
    const finish = parts.length > 0 ? "tool-calls" : (finishes[this.#finish] ?? "unknown");
    const usage = this.#usage();
    this.#writer.end({ finish, rawFinish: this.#finish, ...usage }, ...this.#changed());
    this.#addUsage(usage);
    return { type: parts.length > 0 ? "tools" : "done" };
  }

  async #begin(part: ToolPart): Promise<void> {
    this.#writer.endToolInput(part);
    const input = JSON.parse(String(part.state.input) || "{}");
    this.#writer.toolCalled(part, input);
    await runTool(this.#world, this.#record, this.#writer, part, input, this.#signal);
  }

  #fail(error: WireError, fields: { finish?: "content-filter"; rawFinish?: string } = {}): StepEnd {
    const usage = this.#usage();
    const hasUsage = usage.tokens.input + usage.tokens.output > 0;
    this.#writer.fail(error, { ...fields, ...(hasUsage ? usage : {}) }, ...this.#changed());
    if (hasUsage) this.#addUsage(usage);
    return { type: "failed", error };
  }

  async #waitForRetry(error: ModelFailure, attempt: number): Promise<void> {
    const { min, max } = this.#world.options.retryDelay;
    const delay = error.retryAfter ?? Math.min(max, min * 2 ** (attempt - 1));
    this.#writer.retry(attempt, Date.now() + delay, wireError(error));
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, delay);
      this.#signal.addEventListener("abort", () => {
        clearTimeout(timer);
        reject(this.#signal.reason);
      });
    });
  }

  #usage(): { cost: number; tokens: Tokens } {
    return { cost: costOf(this.#model.model, this.#tokens), tokens: this.#tokens };
  }

  #addUsage({ cost, tokens }: { cost: number; tokens: Tokens }): void {
    const { info } = this.#record;
    info.cost += cost;
    info.tokens.input += tokens.input;
    info.tokens.output += tokens.output;
    info.tokens.reasoning += tokens.reasoning;
    info.tokens.cache.read += tokens.cache.read;
    this.#world.hub.passing(this.#record, "session.usage.updated", { cost: info.cost, tokens: info.tokens });
  }

  #changed(): [string | undefined, string[]] {
    const after = this.#before === undefined ? undefined : takeSnapshot(this.#record.info.location.directory);
    const changes = changesBetween(this.#before, after);
    if (changes.length > 0) this.#record.changes[this.#writer.message.id] = changes;
    return [nameOf(after), changes.map(({ file }) => file)];
  }
}

const finishes: Readonly<Record<string, string>> = { stop: "stop", length: "length", tool_calls: "tool-calls" };

function isJson(input: unknown): boolean {
  try {
    return typeof JSON.parse(String(input) || "{}") === "object";
  } catch {
    return false;
  }
}
