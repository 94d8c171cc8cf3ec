/** A tool call from its start to its end. Nothing is run: the script says what came of it. */
import { raceAbort } from "../../util/abort.js";
import { messageOf } from "../../util/error-message.js";
import { isRecord, type JsonRecord, stringProperty } from "../../util/json.js";
import type { PlannedCall } from "../plan.js";
import { type AskOrigin, askQuestions, requirePermission, ToolFailure } from "./asks.js";
import { needsOf } from "./needs.js";
import { leavePlan } from "./plan-mode.js";
import type { Part, ToolState } from "./records.js";
import { Aborted } from "./run-handle.js";
import type { MemoryServer } from "./server.js";
import type { Step, ToolCall, ToolResult } from "./step-input.js";
import { runSubAgent } from "./sub-agent.js";
import { toolIds, wrongInput } from "./tool-list.js";

/** What a call means for its step. */
export interface CallOutcome {
  /** The run ends after the step. */
  readonly stops?: boolean;
  readonly structured?: unknown;
}

/** Starts the call; what it asks is asked before this returns. Its end is told when it `mayEnd`. Resolves when its part is stored; never for a crashed agent. */
export async function startCall(
  server: MemoryServer,
  step: Step,
  part: Part,
  planned: PlannedCall,
  mayEnd: Promise<void> | undefined,
): Promise<CallOutcome> {
  const { session, message, run, rules } = step;
  const { name, input, raw } = readCall(step, planned);
  part.tool = name;
  const state: ToolState = { status: "running", input, time: { start: Date.now() } };
  const store = (next: ToolState): void => {
    part.state = next;
    server.savePart(session, message, part);
  };
  let isTold = false;
  const progress: ToolCall["progress"] = (title, metadata) => {
    Object.assign(state, { title, metadata });
    if (isTold) store(state);
  };
  const tool = { messageID: message.info.id, callID: planned.id };
  const origin = { session, rules, tool, signal: run.signal };
  const work = runTool(server, name, { step, input, planned, origin, progress });
  store(state);
  isTold = true;
  const done = (end: Partial<ToolState> & Pick<ToolState, "status">): void =>
    store({ input, ...end, time: { start: state.time?.start ?? 0, end: Date.now() } });
  try {
    const { title, output, metadata } = await work;
    if (mayEnd !== undefined) await mayEnd;
    done({ status: "completed", title, output, metadata });
    return name === "StructuredOutput" ? { structured: raw } : {};
  } catch (error) {
    const { reason } = run.signal;
    if (run.signal.aborted && !(reason instanceof Aborted)) return new Promise(() => {});
    if (error instanceof Aborted) {
      await run.isTold;
      const { title, metadata } = state;
      done({ status: "error", error: "Tool execution aborted", title, metadata: { ...metadata, interrupted: true } });
      return {};
    }
    const metadata = name === "task" ? state.metadata : undefined;
    done({ status: "error", error: messageOf(error), metadata });
    return error instanceof ToolFailure && error.stops ? { stops: true } : {};
  }
}

/** The tool and its input; one that cannot be called becomes the tool `invalid`. */
function readCall(
  { tools }: Step,
  { name, arguments: json, output }: PlannedCall,
): { readonly name: string; readonly input: JsonRecord; readonly raw?: unknown } {
  const invalid = (error: string) => ({ name: "invalid", input: { tool: name, error } });
  if (!tools.includes(name) && (output === undefined || toolIds.includes(name))) {
    const known = [...tools, "invalid"].sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
    return invalid(`Model tried to call unavailable tool '${name}'. Available tools: ${known.join(", ")}.`);
  }
  try {
    const input: unknown = JSON.parse(json);
    return { name, input: isRecord(input) ? input : { value: input }, raw: input };
  } catch {
    const why = "JSON Parse error: Expected '}'";
    return invalid(`Invalid input for tool ${name}: JSON parsing failed: Text: ${json}.\nError message: ${why}`);
  }
}

async function runTool(server: MemoryServer, name: string, call: ToolCall): Promise<ToolResult> {
  const { input, origin, step, planned } = call;
  const wrong = wrongInput(name, input);
  if (wrong !== undefined) throw new ToolFailure(wrong);
  const { directory } = step.session;
  for (const need of needsOf(name, input, directory, server.root(directory))) {
    const wait = requirePermission(server, need, origin);
    if (wait !== undefined) await wait;
  }
  if (name === "bash") {
    await server.pause(origin.signal);
    await server.pause(origin.signal);
    call.progress(undefined, { output: "" });
  }
  const { output: given } = planned;
  if (isRecord(given) && "error" in given) throw new ToolFailure(String(given["error"]));
  // Not awaited without need: what a tool asks or tells comes before its call is seen running.
  const scripted = given === undefined || typeof given === "string" ? given : await waitFor(given, name, origin);
  const title = planned.title ?? titleOf(name, input);
  const result = (output: string, metadata: JsonRecord = {}): ToolResult => ({
    title,
    output: typeof scripted === "string" ? scripted : output,
    metadata: { ...metadata, truncated: false, ...planned.metadata },
  });
  switch (name) {
    case "bash": {
      const wasAborted = origin.signal.aborted;
      const said = scripted === "" ? "(no output)" : (scripted ?? "ok");
      const output = wasAborted ? "(no output)\n\n<shell_metadata>\nUser aborted the command\n</shell_metadata>" : said;
      if (wasAborted) await step.run.isTold;
      else if (scripted !== "") call.progress(undefined, { output });
      const metadata = { output, exit: wasAborted ? null : 0, truncated: false, ...planned.metadata };
      return { title, output, metadata };
    }
    case "task":
      return result(...(await runSubAgent(server, call)));
    case "question": {
      const answers = (await askQuestions(server, input["questions"], origin)) ?? [];
      return result(answered(input["questions"], answers), { answers });
    }
    case "todowrite": {
      const todos = Array.isArray(input["todos"]) ? input["todos"] : [];
      server.todos.set(step.session.id, todos);
      server.tell(step.session, "todo.updated", { sessionID: step.session.id, todos });
      return result(JSON.stringify(todos, null, 2), { todos });
    }
    case "plan_exit":
      await leavePlan(server, step, origin);
      return result("User approved switching to build agent. Wait for further instructions.");
    case "invalid":
      return {
        title,
        output: `The arguments provided to the tool are invalid: ${String(input["error"])}`,
        metadata: { truncated: false },
      };
    case "StructuredOutput":
      return { title, output: "Structured output captured successfully.", metadata: { valid: true } };
    default:
      return result("ok");
  }
}

/** The text, when it comes. A shell line that an abort finds waiting for it says so, other tools fail. */
async function waitFor(text: PromiseLike<string>, name: string, { signal }: AskOrigin): Promise<string> {
  try {
    return await raceAbort(Promise.resolve(text), signal);
  } catch (error) {
    if (!(error instanceof Aborted) || name !== "bash") throw error;
    return "";
  }
}

function titleOf(name: string, input: JsonRecord): string {
  const count = (key: string): number => (Array.isArray(input[key]) ? input[key].length : 0);
  switch (name) {
    case "task":
      return stringProperty(input, "description") ?? "";
    case "question":
      return `Asked ${count("questions")} question${count("questions") === 1 ? "" : "s"}`;
    case "todowrite":
      return `${count("todos")} todos`;
    case "plan_exit":
      return "Switching to build agent";
    case "invalid":
      return "Invalid Tool";
    case "StructuredOutput":
      return "Structured Output";
    default: {
      const path = stringProperty(input, "filePath")?.replace(/^\//, "");
      return stringProperty(input, "command") ?? path ?? stringProperty(input, "pattern") ?? "";
    }
  }
}

function answered(questions: unknown, answers: readonly (readonly string[])[]): string {
  const asked = Array.isArray(questions) ? questions : [];
  const pairs = asked.map((question, index) => {
    const labels = answers[index] ?? [];
    return `"${stringProperty(question, "question")}"="${labels.length === 0 ? "Unanswered" : labels.join(", ")}"`;
  });
  return `User has answered your questions: ${pairs.join(", ")}. You can now continue with the user's answers in mind.`;
}
