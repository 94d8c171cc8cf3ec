/** One call of a tool: its arguments checked, its time limited, its result or failure as the agent gets it. */
import { AbortedError } from "../../errors.js";
import { linkedController, orAbort } from "../../internal/abort.js";
import { unref } from "../../internal/delay.js";
import type { LevelLogger } from "../../internal/logger.js";
import { describeIssue } from "../../schema/describe-issue.js";
import { partsOf } from "../../tools/define-tool.js";
import type { Tool, ToolContext, ToolProgress } from "../../types/tool.js";
import { contentOf, type WireContent } from "./content.js";

/** ms between two signs of life: the server gives up on a call that is silent for its time limit. */
const usualPulse = 10_000;
/** A timer cannot wait longer (25 days, in ms): it would fire at once. Beyond it there is no limit. */
const longestTimer = 2 ** 31 - 1;

/** What the agent is answered. */
export interface ToolOutcome {
  readonly content: WireContent[];
  readonly isError?: true;
}

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
  readonly pulse?: number | undefined;
}

/** Never rejects: every failure is told to the agent, in its own words. */
export async function runTool(call: ToolRun): Promise<ToolOutcome> {
  const { tool, args, facts, signal, report, logger, pulse = usualPulse } = call;
  const { form, execute } = partsOf(tool);
  const checked = await form.validate(args);
  if (checked.issues !== undefined) {
    return failure(`The arguments do not fit: ${checked.issues.map(describeIssue).join("; ")}`);
  }
  const stop = linkedController(signal);
  const late = (): void => stop.abort(new AbortedError(`The tool took longer than ${tool.timeout} ms.`));
  const timer = tool.timeout > longestTimer ? undefined : setTimeout(late, tool.timeout);
  const alive = setInterval(() => report({}), pulse);
  unref(alive);
  try {
    const progress = (update: ToolProgress = {}): void => report(update);
    const run = async () => execute(checked.value, { ...facts, signal: stop.signal, progress });
    return { content: contentOf(await orAbort(run(), stop.signal)) };
  } catch (error) {
    logger.debug(`the tool ${tool.name} failed in the session ${facts.sessionId}: ${messageOf(error)}`);
    return failure(messageOf(error));
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

function messageOf(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.trim() === "" ? "The tool failed without a message." : text;
}
