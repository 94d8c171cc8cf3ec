/** The scripted model: an OpenAI-compatible endpoint on loopback with scripted replies. */

import type { Config } from "../types/config.js";
import { checkOptions } from "../util/check-options.js";
import { randomText } from "../util/ids.js";
import type { ModelEndpoint } from "./endpoint.js";
import { type Plan, planReply } from "./plan.js";
import type { Reply } from "./reply.js";
import { type ModelRequest, type MutableModelRequest, readRequest, textParts } from "./request.js";
import { readScript, type Script } from "./script.js";

/** The model's entry in opencode's configuration. */
export type ScriptedModelConfig = NonNullable<NonNullable<NonNullable<Config["provider"]>[string]["models"]>[string]>;

/** Options of {@link createScriptedModel}. */
export interface ScriptedModelOptions {
  /** Reply to requests for the title of a session. @default "Scripted session" */
  readonly title?: Reply | undefined;
  /** Reply to requests for the summary of a compaction. @default "Summary." */
  readonly summary?: Reply | undefined;
  /** Merged over the model's entry in {@link ScriptedModel.config}: `limit`, `cost`, `variants`, `attachment` … @default none */
  readonly model?: ScriptedModelConfig | undefined;
}

const scriptedModelNames = { title: true, summary: true, model: true } satisfies Record<
  keyof ScriptedModelOptions,
  true
>;

/** A running scripted model. `createScriptedModel()` starts it. */
export interface ScriptedModel extends AsyncDisposable {
  /** Address of the endpoint: `http://127.0.0.1:PORT/v1`. */
  readonly baseUrl: string;
  /** Name of the model for opencode: `"scripted/model"`. */
  readonly model: string;
  /** Configuration that makes an opencode server use this model and no other. For `createOpencode({ config })`. */
  readonly config: Config;
  /** All requests, including those for titles and summaries, in order of arrival. */
  readonly requests: readonly ModelRequest[];
  /** Counts the model steps of a prompt: requests of kind `"chat"` whose last user message has this text as a part. */
  calls(prompt: string): number;
  /** Ends the model and all its connections. Further calls do nothing. */
  close(): Promise<void>;
}

const provider = "scripted";
const modelName = "model";

/**
 * Starts a scripted model on a free port of loopback. It answers only requests with its random key. Each model step of a turn
 * takes the next reply of a list, in order of arrival. After the last one every request fails with HTTP 400 and a message about
 * it; opencode does not retry those. The process may end without `close()`.
 * @throws {ConfigError} for a value that is no script, and for a wrong option.
 */
export async function createScriptedModel(script: Script, options: ScriptedModelOptions = {}): Promise<ScriptedModel> {
  checkOptions(options, scriptedModelNames, "createScriptedModel()");
  const chat = readScript(script);
  const requests: MutableModelRequest[] = [];
  const apiKey = randomText(32);
  const answer = async (request: MutableModelRequest): Promise<Plan> => {
    if (request.kind === "title") return planReply(options.title ?? "Scripted session", request);
    if (request.kind === "summary") return planReply(options.summary ?? "Summary.", request);
    return chat(request);
  };
  // Not before it is needed: the agent in memory loads where there is no `node:http`.
  const { openEndpoint } = await import("./endpoint.js");
  const endpoint: ModelEndpoint = await openEndpoint({
    apiKey,
    models: [modelName],
    receive: (body, headers) => {
      const request = readRequest(body, requests.length, headers);
      if (request !== undefined) requests.push(request);
      return request;
    },
    answer,
  });
  const close = (): Promise<void> => endpoint.close();
  return {
    baseUrl: endpoint.baseUrl,
    model: `${provider}/${modelName}`,
    config: modelConfig(endpoint.baseUrl, apiKey, options.model),
    requests,
    calls: (prompt) => requests.filter((request) => request.kind === "chat" && asks(request, prompt)).length,
    close,
    [Symbol.asyncDispose]: close,
  };
}

function asks(request: ModelRequest, prompt: string): boolean {
  const lastUser = request.messages.findLast((message) => message["role"] === "user");
  return textParts(lastUser).some((text) => text.trim() === prompt.trim());
}

function modelConfig(baseURL: string, apiKey: string, model: ScriptedModelConfig | undefined): Config {
  const name = `${provider}/${modelName}`;
  const entry: ScriptedModelConfig = {
    name: "Scripted model",
    tool_call: true,
    limit: { context: 200_000, output: 32_000 },
    ...model,
  };
  return {
    model: name,
    small_model: name, // titles
    enabled_providers: [provider], // a login of the user's is not used by accident
    provider: {
      [provider]: {
        npm: "@ai-sdk/openai-compatible", // is part of the agent's binary: nothing is downloaded
        name: "Scripted",
        options: { baseURL, apiKey },
        models: { [modelName]: entry },
      },
    },
  };
}
