/** The scripted model as the agent in memory asks it: no HTTP, the same requests and the same script. */
import type { JsonRecord } from "../../util/json.js";
import { type Plan, planReply } from "../plan.js";
import type { ModelRequest, MutableModelRequest } from "../request.js";
import { readRequest, textParts } from "../request.js";
import { readScript, type Script } from "../script.js";
import type { ScriptedModelOptions } from "../scripted-model.js";

/** The only provider and the only model. */
export const provider = "scripted";
/** Name of the model within the provider. */
export const modelName = "model";

/** The script, and what was asked of it. */
export class Model {
  readonly requests: MutableModelRequest[] = [];
  readonly #script: (request: ModelRequest) => Promise<Plan>;
  readonly #options: ScriptedModelOptions;

  constructor(script: Script, options: ScriptedModelOptions) {
    this.#script = readScript(script);
    this.#options = options;
  }

  /** What the model's entry in the configuration says. */
  get entry(): NonNullable<ScriptedModelOptions["model"]> {
    return {
      name: "Scripted model",
      tool_call: true,
      limit: { context: 200_000, output: 32_000 },
      ...this.#options.model,
    };
  }

  /** Asks; the request is kept. */
  async ask(
    sessionId: string,
    body: JsonRecord,
  ): Promise<{ readonly request: MutableModelRequest; readonly plan: Plan }> {
    const headers = { "content-type": "application/json", "x-session-id": sessionId };
    const request = readRequest({ model: modelName, stream: true, ...body }, this.requests.length, headers);
    if (request === undefined) throw new Error("the agent in memory made a request that is none");
    this.requests.push(request);
    if (request.kind === "title")
      return { request, plan: planReply(this.#options.title ?? "Scripted session", request) };
    if (request.kind === "summary") return { request, plan: planReply(this.#options.summary ?? "Summary.", request) };
    return { request, plan: await this.#script(request) };
  }

  /** How many steps were run for a prompt: requests of turns whose last user message has this text as a part. */
  calls(prompt: string): number {
    return this.requests.filter((request) => request.kind === "chat" && asks(request, prompt)).length;
  }
}

function asks(request: ModelRequest, prompt: string): boolean {
  const lastUser = request.messages.findLast((message) => message["role"] === "user");
  return textParts(lastUser).some((text) => text.trim() === prompt.trim());
}
