/** From what the caller asks to the body of the request. */

import type { PartInput, PromptInput, TurnSettings } from "../../api/inputs.js";
import { ConfigError } from "../../errors/index.js";
import type { Attachment } from "../../types/attachment.js";
import type { TurnOptions } from "../../types/options.js";
import type { Prompt, PromptPart } from "../../types/prompt.js";
import { partId } from "../../util/ids.js";
import { invalidOption } from "../../util/invalid-option.js";
import { property, stringProperty } from "../../util/json.js";
import { cut } from "../../util/truncate.js";

/** What is submitted, with every id fixed. */
export type PromptBody = PromptInput;

export type { TurnSettings };

/** A part that needs nothing to be read. */
type ReadyPart = Exclude<PromptPart, Attachment>;

/**
 * Reads what is attached. Throws `ConfigError` for an empty prompt, an unknown kind of part, a model without a provider, or
 * a file that cannot be attached.
 */
export async function promptBody(
  prompt: Prompt,
  options: TurnOptions<unknown>,
  messageId: string,
): Promise<PromptBody> {
  const parts = await loaded([...promptParts(prompt), ...filesOf(options.files)]);
  const body: PromptBody = {
    messageID: messageId,
    parts: parts.map((part, index) => toInput(part, partId(messageId, index))),
    ...settingsOf(options),
  };
  if (options.system !== undefined) body.system = options.system;
  return body;
}

/** Model, agent and variant of the options. Throws `ConfigError` for a model without a provider. */
export function settingsOf({ model, agent, variant }: TurnOptions<unknown>): TurnSettings {
  const settings: TurnSettings = {};
  if (model !== undefined) settings.model = parseModel(model);
  if (agent !== undefined) settings.agent = agent;
  if (variant !== undefined) settings.variant = variant;
  return settings;
}

/** The agents that a prompt mentions. */
export function mentionedAgents({ parts }: PromptBody): string[] {
  return parts.flatMap((part) => (part.type === "agent" ? [part.name] : []));
}

/** `"provider/model"`; the model's name may have slashes itself. */
export function parseModel(model: string): { providerID: string; modelID: string } {
  const slash = typeof model === "string" ? model.indexOf("/") : -1;
  if (slash < 1 || slash === model.length - 1) {
    throw new ConfigError(
      `model must be "provider/model", for example "anthropic/claude-sonnet-4-5"; got ${JSON.stringify(model)}`,
      {
        hint: "models() lists the names that the server knows.",
      },
    );
  }
  return { providerID: model.slice(0, slash), modelID: model.slice(slash + 1) };
}

/** The texts of a prompt, for titles and for telling two prompts apart. */
export function promptText(prompt: Prompt): string {
  return promptParts(prompt)
    .map((part) => (part.type === "text" ? part.text : ""))
    .join("\n")
    .trim();
}

/** A session's title from its first prompt, so that the server need not ask a model for one. */
export function titleOf(prompt: Prompt): string {
  const line = promptText(prompt).split("\n", 1)[0]?.trim() ?? "";
  if (line === "") return "opencode-ts";
  return line.length > 60 ? `${cut(line, 59)}…` : line;
}

function filesOf(files: unknown): readonly Attachment[] {
  if (files === undefined) return [];
  if (Array.isArray(files) && files.every(isAttachment)) return files;
  throw invalidOption("files", "a list of attachments", files, { hint: "Make them by attach(path)." });
}

function isAttachment(value: unknown): value is Attachment {
  return stringProperty(value, "type") === "attachment" && typeof property(value, "load") === "function";
}

async function loaded(parts: readonly PromptPart[]): Promise<ReadyPart[]> {
  return Promise.all(
    parts.map(async (part): Promise<ReadyPart> => {
      if (!isAttachment(part)) return part;
      const { bytes, mime, filename } = await part.load();
      const file = { type: "file" as const, mime, url: `data:${mime};base64,${base64(bytes)}` };
      return filename === undefined ? file : { ...file, filename };
    }),
  );
}

/** In pieces: a call has a limit of arguments. */
function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let start = 0; start < bytes.length; start += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  return btoa(binary);
}

function promptParts(prompt: Prompt): readonly PromptPart[] {
  if (typeof prompt === "string") {
    if (prompt.trim() === "") throw new ConfigError("the prompt is empty: expected a text");
    return [{ type: "text", text: prompt }];
  }
  if (!Array.isArray(prompt) || prompt.length === 0) {
    throw new ConfigError(
      `the prompt must be a text or a list of parts; got ${prompt === null ? "null" : typeof prompt}`,
    );
  }
  prompt.forEach(checkPart);
  if (prompt.every((part) => part.type === "text" && part.text.trim() === ""))
    throw new ConfigError("the prompt is empty: expected a text or a file");
  return prompt;
}

/** What each kind of part needs, as texts. */
const needs: Readonly<Record<Exclude<PromptPart["type"], "attachment">, readonly string[]>> = {
  text: ["text"],
  file: ["mime", "url"],
  agent: ["name"],
};

function checkPart(part: unknown, index: number): void {
  if (isAttachment(part)) return;
  const type = stringProperty(part, "type");
  if (type === undefined || !Object.hasOwn(needs, type)) {
    throw new ConfigError(
      `unknown kind of prompt part ${JSON.stringify(property(part, "type"))} at ${index}: expected "text", "file", "agent" or an attachment`,
      { hint: 'A text in a list is { type: "text", text }, and a file is made by attach(path).' },
    );
  }
  for (const key of needs[type as keyof typeof needs]) {
    // one of its keys, by the check above
    const value = property(part, key);
    if (typeof value === "string") continue;
    throw new ConfigError(`the part of the prompt at ${index} (${type}) needs "${key}", a text; got ${typeof value}`);
  }
}

function toInput(part: ReadyPart, id: string): PartInput {
  switch (part.type) {
    case "text":
      return part.synthetic === true
        ? { id, type: "text", text: part.text, synthetic: true }
        : { id, type: "text", text: part.text };
    case "file": {
      // The server silently drops http URLs and puts the error of a missing file into the prompt.
      if (!/^(data|file):/i.test(part.url))
        throw new ConfigError(`a file part's url must be a data: or file: URL; got ${part.url.slice(0, 80)}`);
      const file = { id, type: "file" as const, mime: part.mime, url: part.url };
      return part.filename === undefined ? file : { ...file, filename: part.filename };
    }
    case "agent":
      return { id, type: "agent", name: part.name };
  }
}
