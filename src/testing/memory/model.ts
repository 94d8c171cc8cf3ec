/** The scripted models as the agent in memory asks them: no HTTP, the same requests and the same script. */
import { isRecord, type JsonRecord } from "../../util/json.js";
import { type Plan, planReply } from "../plan.js";
import type { ModelRequest, MutableModelRequest } from "../request.js";
import { readRequest, textParts } from "../request.js";
import { readScript, type Script } from "../script.js";
import type { ScriptedModelConfig, ScriptedModelOptions } from "../scripted-model.js";

/** The only provider. */
export const provider = "scripted";
/** Name of the model that is there without configuration, and is asked where none is named. */
export const modelName = "model";

/** As the server sends no more for an answer, and as it counts with a model that does not say (1.18.33). */
const longestAnswer = 32_000;

/** The script of all models, and what was asked of it. */
export class Model {
  readonly requests: MutableModelRequest[] = [];
  readonly #script: (request: ModelRequest) => Promise<Plan>;
  readonly #options: ScriptedModelOptions;
  /** What the models' entries in the configuration say, by name. */
  readonly entries: ReadonlyMap<string, ScriptedModelConfig>;

  /** `configured`: the models of the provider in the configuration. */
  constructor(script: Script, options: ScriptedModelOptions, configured: unknown) {
    this.#script = readScript(script);
    this.#options = options;
    const given = Object.entries(isRecord(configured) ? configured : {}).filter(([, entry]) => isRecord(entry));
    const { [modelName]: first, ...others } = Object.fromEntries(given) as Record<string, ScriptedModelConfig>;
    const entry: ScriptedModelConfig = {
      name: "Scripted model",
      tool_call: true,
      limit: { context: 200_000, output: longestAnswer },
      ...first,
      ...options.model,
    };
    this.entries = new Map([[modelName, entry], ...Object.entries(others)]);
  }

  /** The entry of a model; an empty one for a model that there is not. */
  entry(name: string | undefined): ScriptedModelConfig {
    return this.entries.get(name ?? modelName) ?? {};
  }

  /** The name under which the endpoint of a model knows it: requests have it. */
  wireName(name: string | undefined = modelName): string {
    return this.entry(name).id ?? name;
  }

  /** How long an answer of the model may be, in tokens. */
  longestAnswer(name: string | undefined): number {
    return Math.min(this.entry(name).limit?.output ?? 0, longestAnswer) || longestAnswer;
  }

  /** Asks the model of that name; the request is kept. */
  async ask(
    sessionId: string,
    name: string | undefined,
    body: JsonRecord,
  ): Promise<{ readonly request: MutableModelRequest; readonly plan: Plan }> {
    const headers = { "content-type": "application/json", "x-session-id": sessionId };
    const sent = { model: this.wireName(name), stream: true, ...body };
    const request = readRequest(sent, this.requests.length, headers);
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
