/** One call of a tool: its arguments checked, its time limited, its result or failure as the agent gets it. */
import { AbortedError } from "../../errors/index.js";
import { describeIssue } from "../../schema/describe-issue.js";
import { partsOf } from "../../tools/define-tool.js";
import type { Tool, ToolContext, ToolProgress } from "../../types/tool.js";
import { linkSignals, raceAbort } from "../../util/abort.js";
import { unref } from "../../util/delay.js";
import { isRecord, stringProperty } from "../../util/json.js";
import { maxTimerDelay } from "../../util/limits.js";
import type { LevelLogger } from "../../util/logger.js";
import { asCallback } from "../../util/open-callbacks.js";
import { cut } from "../../util/truncate.js";
import { outcomeOf, type ToolOutcome } from "./content.js";

/** ms between two signs of life: the server gives up on a call that is silent for its time limit. */
const progressInterval = 10_000;
/** ms between two reports: one for every round of a loop would keep this process busy with nothing else. */
const betweenReports = 100;
/** Characters of a failure. The server shows the agent all of it (1.18.33). */
const longestMessage = 20_000;

/** A call, with everything that is known of it. */
export interface ToolRun {
  readonly tool: Tool;
  readonly args: unknown;
  readonly facts: Omit<ToolContext, "signal" | "progress">;
  /** Ends it; the reason is told to the tool. */
  readonly signal: AbortSignal;
  /** Tells the server that the call is at work. */
  readonly report: (update: ToolProgress) => void;
  readonly logger: LevelLogger;
  /** ms between two signs of life. */
  readonly liveness?: number | undefined;
}

/** Never rejects: every failure is told to the agent, in its own words. */
export async function runTool(call: ToolRun): Promise<ToolOutcome> {
  const { tool, args, facts, signal, report, logger, liveness = progressInterval } = call;
  const { form, execute } = partsOf(tool);
  const checked = await form.validate(args);
  if (checked.issues !== undefined) {
    return failure(`The arguments do not fit: ${checked.issues.map(describeIssue).join("; ")}`);
  }
  const stop = linkSignals(signal);
  const late = (): void => stop.abort(new AbortedError(`The tool took longer than ${tool.timeout} ms.`));
  const timer = tool.timeout > maxTimerDelay ? undefined : setTimeout(late, tool.timeout);
  const alive = setInterval(() => report({}), liveness);
  unref(alive);
  try {
    const run = async () => execute(checked.value, { ...facts, signal: stop.signal, progress: reporter(report) });
    return outcomeOf(await raceAbort(asCallback(run), stop.signal));
  } catch (error) {
    logger.debug(`the tool ${tool.name} failed in the session ${facts.sessionId}: ${toolMessage(error)}`);
    return failure(toolMessage(error));
  } finally {
    clearTimeout(timer);
    clearInterval(alive);
    stop.release();
  }
}

/** An answer that says why there is no result. */
export function failure(text: string): ToolOutcome {
  return { content: [{ type: "text", text }], isError: true };
}

/** What is told too often is left out, and what is of the wrong kind: it must not end the tool. */
function reporter(report: ToolRun["report"]): ToolContext["progress"] {
  let last = Number.NEGATIVE_INFINITY;
  return (update) => {
    const now = performance.now();
    if (now - last < betweenReports) return;
    last = now;
    const { message, done, total }: Record<string, unknown> = isRecord(update) ? update : {};
    report({
      ...(typeof message === "string" ? { message } : {}),
      ...(Number.isFinite(done) ? { done: Number(done) } : {}),
      ...(Number.isFinite(total) ? { total: Number(total) } : {}),
    });
  };
}

function toolMessage(error: unknown): string {
  const text = inWords(error);
  if (text.trim() === "") return "The tool failed without a message.";
  return text.length <= longestMessage ? text : `${cut(text, longestMessage)}… (cut: ${text.length} characters)`;
}

function inWords(error: unknown): string {
  try {
    if (error instanceof AggregateError && error.message === "") return error.errors.map(inWords).join("; ");
    if (error instanceof Error) return error.message || error.name;
    if (typeof error !== "object" || error === null) return String(error);
    return stringProperty(error, "message") ?? JSON.stringify(error);
  } catch {
    return ""; // a thing that cannot be looked at
  }
}
