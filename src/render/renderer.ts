/** From the events of a run to what a reader sees of them. Pure: the caller writes it. */

import { toolDiff } from "../api/tool-diff.js";
import type { Answer, Todo, ToolCall } from "../types/answer.js";
import type { AgentEvent } from "../types/event.js";
import { diffLines } from "./diff.js";
import { LiveLines } from "./live-lines.js";
import { createStyle, dollars, duration, printable, type Style, short } from "./style.js";

/** A piece of the rendering: of the answer's text, or a line about the run. */
export interface RenderedPiece {
  readonly kind: "text" | "detail";
  /** Details end their line. */
  readonly text: string;
}

/** How it is rendered. */
export interface RendererOptions {
  readonly color: boolean;
  /** Show what the model thinks. Default false. */
  readonly thinking?: boolean | undefined;
  /** Show the line with model, tokens and cost in the end. Default true. */
  readonly summary?: boolean | undefined;
  /** Take out of the text what would steer a terminal. Details never have it. Default true. */
  readonly sanitize?: boolean | undefined;
  /** Text and details go to different places: an open line of one is nothing to the other. Default false. */
  readonly separate?: boolean | undefined;
  /** ms since 1970. */
  readonly now?: (() => number) | undefined;
}

/** The inputs that say what a tool call is about, in the order in which they are looked for. */
const telling = ["command", "filePath", "path", "pattern", "url", "query", "description", "name"];

/** Renders the events of one run, one after the other. */
export class Renderer {
  readonly #style: Style;
  readonly #options: RendererOptions;
  readonly #started: number;
  readonly #names = new Map<string, string>();
  /** Of the calls that run. */
  readonly #outputs = new Map<string, LiveLines>();
  /** The session of the run itself. */
  #root = "";
  #steps = 0;
  #isThinking = false;
  /** The last piece of text has not ended its line. */
  #isLineOpen = false;

  constructor(options: RendererOptions) {
    this.#options = options;
    this.#style = createStyle(options.color);
    this.#started = this.#now();
  }

  /** What this event adds. */
  render(event: AgentEvent): readonly RenderedPiece[] {
    if (event.type === "text-delta") return this.#text(event.text);
    if (event.type === "reasoning-delta") return this.#thought(event.text);
    const lines = this.#lines(event);
    const ends = event.type === "step-start" || event.type === "finish" ? this.#endLine() : [];
    return [...ends, ...lines.map((line) => this.#detail(line))];
  }

  /** What remains to be written when the run has failed: the end of a line. */
  end(): readonly RenderedPiece[] {
    return this.#endLine();
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  #text(text: string): RenderedPiece[] {
    const shown = this.#options.sanitize === false ? text : printable(text);
    if (shown === "") return [];
    const before = this.#endThought();
    this.#isLineOpen = !shown.endsWith("\n");
    return [...before, { kind: "text", text: shown }];
  }

  #thought(text: string): RenderedPiece[] {
    if (this.#options.thinking !== true) return [];
    const before = this.#isThinking ? "" : `${this.#breakText()}${this.#style.dim("thinking: ")}`;
    this.#isThinking = true;
    return [{ kind: "detail", text: before + this.#style.dim(printable(text)) }];
  }

  #endThought(): RenderedPiece[] {
    if (!this.#isThinking) return [];
    this.#isThinking = false;
    return [{ kind: "detail", text: "\n" }];
  }

  #endLine(): RenderedPiece[] {
    const thought = this.#endThought();
    if (!this.#isLineOpen) return thought;
    this.#isLineOpen = false;
    return [{ kind: "text", text: "\n" }, ...thought];
  }

  /** What a detail begins with when both are in one place, and a line of the text is open. */
  #breakText(): string {
    if (this.#options.separate === true || !this.#isLineOpen) return "";
    this.#isLineOpen = false;
    return "\n";
  }

  #detail(line: string): RenderedPiece {
    const before = this.#isThinking ? "\n" : this.#breakText();
    this.#isThinking = false;
    return { kind: "detail", text: `${before}${line}\n` };
  }

  #lines(event: AgentEvent): string[] {
    const { dim, red, yellow, cyan } = this.#style;
    switch (event.type) {
      case "start":
        this.#root = event.sessionId;
        return [];
      case "step-start":
        this.#steps += 1;
        return [];
      case "tool-call":
        this.#names.set(event.callId, `${event.tool}${about(event.input)}`);
        this.#outputs.set(event.callId, new LiveLines());
        return [];
      case "tool-progress":
        return this.#toolProgress(event);
      case "tool-result":
        return this.#toolResult(event);
      case "tool-error":
        return [
          ...this.#restOfOutput(event.callId),
          `${red("✗")} ${this.#name(event)} ${red(short(event.error, 200))}${this.#took(event.durationMs)}`,
        ];
      case "permission-request":
        return [`${yellow("?")} asks for ${event.permission} ${short(event.patterns.join(" "), 120)}`];
      case "permission-reply":
        return [permissionReply(event, this.#style)];
      case "question":
        return event.questions.map((question) => `${yellow("?")} ${short(question, 300)}`);
      case "retry":
        return [
          `${yellow("↻")} the model failed (${short(event.message, 200)}): try ${event.attempt + 1} in ${seconds(event.next - this.#now())}`,
        ];
      case "fallback":
        return [`${yellow("→")} ${event.from || "the model"} failed (${event.reason}): ${event.to} goes on`];
      case "repair":
        return [
          `${yellow("↻")} the output does not fit the schema (${short(event.message, 200)}): the model is asked again`,
        ];
      case "compacted":
        return [dim("… the conversation was summarized")];
      case "loop":
        return [
          `${yellow("↻")} goes round in circles: ${short(event.tool, 60)} ${event.count} times with the same result`,
        ];
      case "todo":
        return event.todos.map((todo) => this.#todo(todo));
      case "subagent":
        return this.#subAgent(event.event, event.sessionId);
      case "subagent-aborted":
        return [`${yellow("✗")} a sub-agent was aborted: ${short(event.reason, 300)}`];
      case "error":
        // That of the run itself is what the answer rejects with.
        return event.sessionId === this.#root ? [] : [`${red("✗")} ${short(event.message, 300)}`];
      case "finish":
        return this.#finish(event.answer);
      case "file-edited":
        return [`${cyan("✎")} ${short(event.file, 200)}`];
      default:
        return [];
    }
  }

  #name({ callId, tool }: { readonly callId: string; readonly tool: string }): string {
    return this.#names.get(callId) ?? tool;
  }

  /** The output of a command that takes long, with the command above it. */
  #toolProgress(event: Extract<AgentEvent, { type: "tool-progress" }>): string[] {
    const output = this.#outputs.get(event.callId);
    if (output === undefined) return [];
    const isFirst = !output.isShown;
    const lines = output.add(event.text, this.#now()).map((line) => this.#outputLine(line));
    const { dim } = this.#style;
    return output.isShown && isFirst ? [`${dim("…")} ${this.#name(event)}`, ...lines] : lines;
  }

  #restOfOutput(callId: string): string[] {
    const lines = this.#outputs.get(callId)?.end() ?? [];
    this.#outputs.delete(callId);
    return lines.map((line) => this.#outputLine(line));
  }

  #outputLine(line: string): string {
    return this.#style.dim(`  ${short(line, 200)}`);
  }

  #took(ms: number | undefined): string {
    return ms === undefined ? "" : this.#style.dim(` (${duration(ms)})`);
  }

  #toolResult(event: Extract<AgentEvent, { type: "tool-result" }>): string[] {
    const rest = this.#restOfOutput(event.callId);
    const head = `${this.#style.green("✓")} ${this.#name(event)}${this.#took(event.durationMs)}`;
    const diff = diffOf(event);
    return diff === undefined
      ? [...rest, head]
      : [...rest, head, ...diffLines(diff, this.#style).map((line) => `  ${line}`)];
  }

  #todo({ status, content }: Todo): string {
    const { dim, green, yellow } = this.#style;
    const mark = status === "completed" ? green("[x]") : status === "in_progress" ? yellow("[>]") : dim("[ ]");
    return `${mark} ${short(content, 200)}`;
  }

  /** What sub-agents say is theirs; what they do is shown. */
  #subAgent(event: AgentEvent | undefined, sessionId: string): string[] {
    if (event === undefined) return [`${this.#style.cyan("»")} sub-agent begins ${this.#style.dim(sessionId)}`];
    if (event.type === "text-delta" || event.type === "reasoning-delta" || event.type === "finish") return [];
    if (event.type === "step-start") return [];
    return this.#lines(event).map((line) => `${this.#style.dim("│")} ${line}`);
  }

  #finish(answer: Answer<unknown>): string[] {
    const { dim, yellow } = this.#style;
    const lines = answer.denials.map(
      ({ permission, patterns, reason }) =>
        `${yellow("!")} refused: ${permission} ${short(patterns.join(" "), 120)} (${short(reason, 200)})`,
    );
    if (answer.finishReason === "length")
      lines.push(`${yellow("!")} the answer is cut: the model has reached its longest output`);
    if (this.#options.summary === false) return lines;
    const facts = [
      answer.model,
      `${this.#steps} ${this.#steps === 1 ? "step" : "steps"}`,
      `${answer.usage.total.toLocaleString("en")} tokens`,
      ...(answer.costKnown ? [dollars(answer.cost)] : []),
      duration(this.#now() - this.#started),
    ];
    return [...lines, dim(facts.join(" · "))];
  }
}

function permissionReply(event: Extract<AgentEvent, { type: "permission-reply" }>, { green, red }: Style): string {
  if (event.reply === "reject") {
    return `${red("✗")} refused${event.reason === undefined ? "" : `: ${short(event.reason, 200)}`}`;
  }
  return `${green("✓")} allowed ${event.reply}`;
}

function about(input: ToolCall["input"]): string {
  const name = telling.find((key) => typeof input[key] === "string");
  return name === undefined ? "" : ` ${short(String(input[name]), 120)}`;
}

function seconds(ms: number): string {
  return duration(Math.max(0, Math.round(ms / 1_000) * 1_000));
}

/** The change that an edit has made. */
function diffOf({ raw }: AgentEvent): string | undefined {
  const diff = toolDiff(raw);
  return diff === undefined || diff.trim() === "" ? undefined : diff;
}
