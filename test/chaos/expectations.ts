/** The scripted model of a run, and its book: who was asked for what, and how often. */
import { continuationText, failedText } from "../../src/api/v2/continuation.js";
import type { ModelRequest, Reply } from "../../src/testing/index.js";
import { fallbackModel, type PlannedPrompt, type PlannedStep, tokensIn } from "./plan.js";

/** What the model was asked about one prompt. */
export interface Account {
  readonly prompt: PlannedPrompt;
  /** Calls by step; a step counts as done when its tool's output is there. */
  readonly calls: Map<number, number>;
  /** How often the first model has refused the last step, in a job with a fallback. */
  refusals: number;
  /** A quick steer has come before the first call of the model: it was asked with both, and answers the steer. */
  isSteered: boolean;
  /** Oddities of single calls: the prompt twice in one request, a step that nobody planned. */
  readonly oddities: string[];
}

/** Knows every planned prompt that has been begun. */
export class Expectations {
  readonly #accounts = new Map<string, Account>();
  /** Calls for prompts that are not, or no longer, in the book. */
  readonly strays: string[] = [];

  open(prompt: PlannedPrompt): void {
    this.#accounts.set(prompt.token, { prompt, calls: new Map(), refusals: 0, isSteered: false, oddities: [] });
  }

  account(token: string): Account | undefined {
    return this.#accounts.get(token);
  }

  /** Forgets a prompt: a later call for it is a stray one. */
  close(token: string): void {
    this.#accounts.delete(token);
  }

  /** What the model says to a request. */
  reply(request: ModelRequest): Reply {
    // 2.x goes on by a second prompt: the one before it is meant.
    const isSecond = [continuationText, failedText].some((text) => request.lastUserText.includes(text));
    const asked = isSecond ? promptBefore(request) : request.lastUserText;
    const tokens = [...new Set(tokensIn(asked))];
    const [token = ""] = tokens;
    const account = this.#accounts.get(token);
    if (account === undefined) {
      this.strays.push(token === "" ? request.lastUserText.slice(0, 80) : token);
      return { status: 400, message: `nobody has planned ${token}` };
    }
    const { prompt, calls, oddities } = account;
    if (prompt.steerAfter !== undefined) this.#noteSteer(request);
    if (tokens.length > 1) oddities.push(`the model saw several prompts in one message: ${tokens.join(", ")}`);
    const copies = copiesOf(prompt, asked);
    if (copies !== 1) oddities.push(`the model saw the prompt ${copies} times in one message`);
    const step = doneSteps(prompt, outputsIn(request));
    if (
      prompt.kind === "fallback" &&
      step === prompt.steps.length - 1 &&
      !fallbackModel.endsWith(`/${request.model}`)
    ) {
      account.refusals += 1;
      return { status: 401, message: "this model is to be left" };
    }
    calls.set(step, (calls.get(step) ?? 0) + 1);
    const planned = prompt.steps[step];
    if (planned === undefined) oddities.push(`the model was asked for step ${step}; there are ${prompt.steps.length}`);
    return planned === undefined ? "There is nothing left to say." : replyOf(planned);
  }

  /** The prompts before a steer, of which the model has heard nothing until now. */
  #noteSteer(request: ModelRequest): void {
    for (const token of userTexts(request).flatMap(tokensIn)) {
      const account = this.#accounts.get(token);
      if (account?.prompt.kind === "steer" && account.calls.size === 0) account.isSteered = true;
    }
  }
}

/** The texts of the user's messages. */
function userTexts({ messages }: ModelRequest): string[] {
  return messages.filter(({ role }) => role === "user").map(({ content }) => JSON.stringify(content));
}

/** The last message of the user that has a token. */
function promptBefore(request: ModelRequest): string {
  return userTexts(request).findLast((text) => tokensIn(text).length > 0) ?? "";
}

/** How often the prompt stands in the message. The text of a prompt has its token once. */
function copiesOf({ token }: PlannedPrompt, text: string): number {
  return tokensIn(text).filter((found) => found === token).length;
}

/** Of tools of this prompt, and of others before it: each has its token. */
function outputsIn({ messages }: ModelRequest): string[] {
  return messages.filter(({ role }) => role === "tool").map(({ content }) => JSON.stringify(content));
}

/** Steps whose tools have run; one that was interrupted (the server was killed) is asked for again. */
function doneSteps({ steps }: PlannedPrompt, outputs: readonly string[]): number {
  let done = 0;
  for (const { tool } of steps) {
    if (tool === undefined || !outputs.some((content) => isOutputOf(tool, content))) break;
    done += 1;
  }
  return done;
}

/** A sub-agent that was aborted has been called, too. */
function isOutputOf({ output, task }: NonNullable<PlannedStep["tool"]>, content: string): boolean {
  return content.includes(output) || (task !== undefined && content.includes("Task cancelled"));
}

function replyOf({ reasoning, text, pause, tool, structured }: PlannedStep): Reply {
  const spoken = { reasoning: [...reasoning], text: [...text], delay: pause };
  if (structured !== undefined) return { structured };
  if (tool === undefined) return spoken;
  const { command, task } = tool;
  if (task !== undefined) {
    const args = { description: "a part of the work", prompt: task, subagent_type: "general" };
    return { ...spoken, toolCalls: [{ name: "task", args }] };
  }
  return { ...spoken, toolCalls: [{ name: "bash", args: { command, description: "writes a line" } }] };
}
