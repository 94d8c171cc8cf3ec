/** The tool calls of one session: each is told once, its output while it runs, and its end. */

import type { ToolPart } from "../types/answer.js";
import type { AgentEvent, ServerEvent } from "../types/event.js";
import { LiveOutput } from "./live-output.js";

type Raw = ServerEvent | undefined;

/** A tool call only goes forward, whatever is heard of it late. */
const progressOf = { pending: 0, running: 1, completed: 2, error: 2 } as const;

/** As the server tells it to the model when it goes on (1.18.33). */
const interruption = "[Tool execution was interrupted]";

/** The tool parts of one session's assistant messages. */
export class ToolParts {
  readonly #sessionId: string;
  readonly #states = new Map<string, ToolPart["state"]["status"]>();
  /** Those whose call has been told, and not its end. */
  readonly #running = new Map<string, ToolPart>();
  /** What was told of the output of those that run. */
  readonly #outputs = new Map<string, LiveOutput>();

  constructor(sessionId: string) {
    this.#sessionId = sessionId;
  }

  /** None of the running calls will end. */
  abandon(): AgentEvent[] {
    return [...this.#running.values()].flatMap((part) => this.interrupted(part));
  }

  /** The call will not end: the server has ended in the middle of it. */
  interrupted({ id, tool, callID: callId }: ToolPart): AgentEvent[] {
    if (!this.#running.delete(id)) return [];
    this.#states.set(id, "error");
    this.#outputs.delete(id);
    return [{ type: "tool-error", tool, callId, error: interruption, ...this.#base(undefined) }];
  }

  /** A part as the server holds it. */
  part(part: ToolPart, raw: Raw): AgentEvent[] {
    const before = this.#states.get(part.id);
    const { state, tool, callID: callId } = part;
    // A read may have told of a later state than the event that comes now.
    if (before === "running" && state.status === "running") return this.#output(part);
    if (before !== undefined && progressOf[state.status] <= progressOf[before]) return [];
    this.#states.set(part.id, state.status);
    if (state.status === "pending") return [];
    const events: AgentEvent[] = [];
    if (before === undefined || before === "pending") {
      events.push({ type: "tool-call", tool, callId, input: state.input, ...this.#base(raw) });
    }
    if (state.status === "running") {
      this.#running.set(part.id, part);
      return [...events, ...this.#output(part)];
    }
    events.push(...this.#output(part));
    this.#outputs.delete(part.id);
    this.#running.delete(part.id);
    const durationMs = state.time.end - state.time.start;
    const outcome = { tool, callId, durationMs, ...this.#base(raw) };
    if (state.status === "completed") events.push({ type: "tool-result", output: state.output, ...outcome });
    else events.push({ type: "tool-error", error: state.error, ...outcome });
    return events;
  }

  /** Without the server's event: each has the whole output so far. */
  #output(part: ToolPart): AgentEvent[] {
    const output = this.#outputs.get(part.id) ?? new LiveOutput();
    this.#outputs.set(part.id, output);
    const piece = output.next(part);
    if (piece === undefined) return [];
    return [{ type: "tool-progress", tool: part.tool, callId: part.callID, ...piece, sessionId: this.#sessionId }];
  }

  #base(raw: Raw): { sessionId: string; raw?: ServerEvent } {
    return raw === undefined ? { sessionId: this.#sessionId } : { sessionId: this.#sessionId, raw };
  }
}
