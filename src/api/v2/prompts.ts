/** Prompts, shell lines, compactions and aborts of 2.x. */
import { ConfigError, ConflictError, isOpencodeError } from "../../errors/index.js";
import { backoff } from "../../util/backoff.js";
import { delay } from "../../util/delay.js";
import { type JsonRecord, recordProperty, stringProperty } from "../../util/json.js";
import type { PromptsApi } from "../agent-api.js";
import type { ApiCall, PromptInput } from "../inputs.js";
import { continuationOf, lastStepOf } from "./continuation.js";
import { ledgerOf } from "./ledger.js";
import { missingError, requireThing } from "./missing.js";
import { deliveryOf, mayQueue, messageOf, withdraw } from "./prompt-queue.js";
import { bodyOf, type Delivery, type FlatPrompt, flatPrompt } from "./prompt-text.js";
import { toSessionInfo } from "./session-shape.js";
import { statuses } from "./sessions.js";
import { applySettings, restoreSettings } from "./turn-settings.js";
import { below, dataOf, sessionPath, type Wire } from "./wire.js";

/** Between two looks at something that runs, in ms. */
const firstWait = 50;
const longestWait = 1_000;
/** For the end of a run that was interrupted, in ms: released servers answer before. */
const longestSettling = 2_000;
/** For a shell line or a compaction to be seen after its request was taken, in ms. */
const longestUnseen = 10_000;

/** The prompts of the client's directory. */
export function promptsV2(wire: Wire): PromptsApi {
  const { client, dialect } = wire;
  return {
    submit: (id, prompt, call) => submit(wire, id, prompt, call),
    steer: (id, prompt, call) => steer(wire, id, prompt, call),
    dropSteer: (id, prompt, call) => dropSteer(wire, id, prompt, call),
    isStored: (id, prompt, call) => isStored(wire, id, prompt, call),
    settings: async (_id, wanted) => wanted, // `submit` gives them to the session
    mayQueue: (id, prompt, call) => mayQueue(wire, id, prompt, call),
    withdraw: (id, prompt, call) => {
      const before = sent.get(prompt);
      const again = before && bodyOf(dialect, prompt.messageID, before.flat, before.delivery);
      return withdraw(wire, id, { messageId: prompt.messageID, again }, call);
    },
    restore: (id, call) => restoreSettings(wire, id, call),
    clearFailure: async (id, messageId, call) => {
      ledgerOf(client).session(id).failed = await lastStepOf(client, id, messageId, call);
      return []; // a second prompt goes on
    },
    command: () => Promise.reject(missingError(dialect, "command")),
    shell: async (id, { messageId, command }, call) => {
      requireThing(dialect, "shell");
      await client.request("POST", below(id, "/shell"), { ...call, body: { id: messageId, command } });
      await whenOver(wire, id, messageId, call);
    },
    compact: async (id, { messageId }, call) => {
      requireThing(dialect, "compact");
      await client.request("POST", below(id, "/compact"), { ...call, body: { id: messageId } });
      await whenOver(wire, id, messageId, call);
    },
    abort: (id, call) => abort(wire, id, call),
  };
}

/** Prompts as they were sent. A file may have changed since, and the same id with another text would be refused. */
const sent = new WeakMap<PromptInput, { readonly flat: FlatPrompt; readonly delivery: Delivery }>();

/**
 * May be called again with the same prompt: the session is asked what it has, and the server drops an id that it has had (2.0 preview
 * 1.18.18; by its text also later ones).
 */
async function submit(wire: Wire, sessionId: string, prompt: PromptInput, call: ApiCall | undefined): Promise<void> {
  const { client, dialect } = wire;
  requireSendable(wire, prompt);
  const entry = ledgerOf(client).session(sessionId);
  const isAgain = entry.taken === prompt.messageID;
  const path = below(sessionId, "/prompt");
  const sending = async () => {
    const info = await sessionOf(wire, sessionId, call);
    const once = sent.get(prompt) ?? {
      flat: await flatPrompt(wire, prompt, info.directory, call),
      delivery: await deliveryOf(wire, sessionId, prompt.messageID, call),
    };
    sent.set(prompt, once);
    await applySettings(wire, info, prompt, call);
    if (info.revert !== undefined && !dialect.commitsReverts) {
      // Until then the model is told what was taken back.
      await client.request("POST", below(sessionId, "/revert/commit"), call);
    }
    entry.prompt = prompt.messageID;
    const { flat, delivery } = once;
    const body = bodyOf(dialect, prompt.messageID, flat, delivery);
    return { flat, data: (await client.request("POST", path, { ...call, body })).data };
  };
  const { flat, data } = await ledgerOf(client).inOrder(sessionId, sending);
  entry.taken = prompt.messageID;
  if (isAgain) await goOn(wire, sessionId, [entry.takenSteer, prompt.messageID], call);
  if (dialect.refusesOtherText) return;
  const text = admittedText(recordProperty(data, "data"));
  if (text !== undefined && !isSameText(text, flat)) throw otherPrompt(sessionId, prompt.messageID);
}

function requireSendable({ dialect }: Wire, prompt: PromptInput): void {
  if (prompt.format !== undefined) throw missingError(dialect, "format");
  if (prompt.tools !== undefined) throw missingError(dialect, "toolSwitches");
  if (!prompt.messageID.startsWith("msg_")) {
    throw new ConfigError(`the id of a message begins with "msg_"; got ${JSON.stringify(prompt.messageID)}`);
  }
}

/** The settings of the run hold for it: the session has them. */
async function steer(wire: Wire, sessionId: string, prompt: PromptInput, call: ApiCall | undefined): Promise<void> {
  const { client } = wire;
  requireSendable(wire, prompt);
  const entry = ledgerOf(client).session(sessionId);
  const isAgain = entry.takenSteer === prompt.messageID;
  const body = await steerBody(wire, sessionId, prompt, call);
  await client.request("POST", below(sessionId, "/prompt"), { ...call, body });
  entry.takenSteer = prompt.messageID;
  if (isAgain) await goOn(wire, sessionId, [prompt.messageID], call);
}

/** A system text is the run's already. */
async function steerBody(
  wire: Wire,
  sessionId: string,
  prompt: PromptInput,
  call: ApiCall | undefined,
): Promise<object> {
  const { system: _system, ...own } = prompt;
  let once = sent.get(prompt);
  if (once === undefined) {
    const { directory } = await sessionOf(wire, sessionId, call);
    once = { flat: await flatPrompt(wire, own, directory, call), delivery: "steer" };
    sent.set(prompt, once);
  }
  return bodyOf(wire.dialect, prompt.messageID, once.flat, "steer");
}

/** One that cannot be taken back is made to begin and stopped: it would run in front of the next prompt (2.0 preview 1.18.18). */
async function dropSteer(wire: Wire, sessionId: string, prompt: PromptInput, call: ApiCall | undefined): Promise<void> {
  const again = await steerBody(wire, sessionId, prompt, call);
  const state = await withdraw(wire, sessionId, { messageId: prompt.messageID, again }, call);
  if (state === "waiting") await abort(wire, sessionId, call);
}

async function sessionOf(wire: Wire, sessionId: string, call: ApiCall | undefined) {
  const path = below(sessionId);
  const { data } = await wire.client.request("GET", path, call);
  return toSessionInfo(wire.dialect, dataOf(data, path), `GET ${path}`);
}

/** A prompt that was taken before is sent again to make its run go on: behind the first of these that is the newest prompt. */
async function goOn(
  wire: Wire,
  sessionId: string,
  messageIds: readonly (string | undefined)[],
  call: ApiCall | undefined,
): Promise<void> {
  const { client, dialect } = wire;
  const { failed } = ledgerOf(client).session(sessionId);
  for (const messageId of messageIds) {
    if (messageId === undefined) continue;
    const continuation = await continuationOf(client, sessionId, messageId, failed, call);
    if (continuation === undefined) continue;
    const body = bodyOf(dialect, continuation.id, { text: continuation.text, files: [], agents: [] }, "steer");
    await client.request("POST", below(sessionId, "/prompt"), { ...call, body });
    return;
  }
}

/** A server may store a text without its outer blanks, and put the text of a file behind it: the prompt runs already. */
function isSameText(stored: string, { text, files }: FlatPrompt): boolean {
  const [has, wanted] = [stored, text].map((one) => one.replaceAll("\r\n", "\n").trim());
  return has === wanted || (files.length > 0 && has?.startsWith(wanted ?? "") === true);
}

/** What the server has under the id; `undefined` when it does not say. */
function admittedText(admission: JsonRecord | undefined): string | undefined {
  const inner =
    recordProperty(admission, "payload") ?? recordProperty(admission, "prompt") ?? recordProperty(admission, "data");
  return stringProperty(inner ?? admission, "text");
}

/** An admitted prompt that is not part of the conversation yet is not found, and may be sent again. */
async function isStored(
  wire: Wire,
  sessionId: string,
  prompt: PromptInput,
  call: ApiCall | undefined,
): Promise<boolean> {
  const stored = await messageOf(wire, sessionId, prompt.messageID, call);
  if (stored === undefined) return false;
  const { directory } = await sessionOf(wire, sessionId, call);
  // A steer was sent without the system text of its run.
  const flat = sent.get(prompt)?.flat ?? (await flatPrompt(wire, prompt, directory, call));
  if (stringProperty(stored, "type") === "user" && isSameText(stringProperty(stored, "text") ?? "", flat)) {
    const entry = ledgerOf(wire.client).session(sessionId);
    const { messageID, agent, model, variant } = prompt;
    if (entry.prompt !== messageID && (agent ?? model ?? variant) !== undefined) entry.joined = prompt;
    entry.taken = messageID;
    return true;
  }
  throw otherPrompt(sessionId, prompt.messageID);
}

function otherPrompt(sessionId: string, messageId: string): ConflictError {
  return new ConflictError(`the message ${messageId} is stored with another prompt`, {
    status: 409,
    sessionId,
    hint: "Use a new messageId for a new prompt.",
  });
}

/** Resolves when the message has ended, or was not seen and nothing runs. Not run against a real 2.1. */
async function whenOver(wire: Wire, sessionId: string, messageId: string, call: ApiCall | undefined): Promise<void> {
  const nextWait = backoff(firstWait, longestWait);
  const read: ApiCall = { ...call, timeout: undefined }; // the limit of the whole is not that of a look
  let unseenSince = Date.now();
  for (;;) {
    const message = await messageOf(wire, sessionId, messageId, read);
    const status = stringProperty(message, "status");
    if (message !== undefined && status !== "running") return;
    if (message !== undefined || (await statuses(wire, read))[sessionId] !== undefined) unseenSince = Date.now();
    else if (Date.now() - unseenSince > longestUnseen) return;
    await delay(nextWait(), call?.signal);
  }
}

/**
 * Stops the run. A prompt of ours that is still waiting is taken out where the server has a list of them: it would run with the next one.
 * The preview answers when the run has stopped; later ones before that.
 */
async function abort(wire: Wire, sessionId: string, call: ApiCall | undefined): Promise<void> {
  const { client, dialect } = wire;
  const { prompt } = ledgerOf(client).session(sessionId);
  if (dialect.inbox !== undefined && prompt !== undefined) {
    const path = `${sessionPath(dialect.inbox, sessionId)}/${encodeURIComponent(prompt)}`;
    await client.request("DELETE", path, call).catch((error: unknown) => {
      if (!isOpencodeError(error)) throw error; // it runs already, or is over
    });
  }
  await client.request("POST", below(sessionId, "/interrupt"), call);
  const nextWait = backoff(firstWait, longestWait);
  const began = Date.now();
  while ((await statuses(wire, call))[sessionId] !== undefined && Date.now() - began < longestSettling) {
    await delay(nextWait(), call?.signal);
  }
}
