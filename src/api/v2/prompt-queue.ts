/**
 * Prompts that wait on the server until a run that is going on is over. Such a prompt runs with what the session has at that moment. So
 * it waits there only if nothing of that was given to the session for the run before it: that one's client sets it back too late.
 */
import { NotFoundError, SessionNotFoundError } from "../../errors/index.js";
import type { JsonRecord } from "../../util/json.js";
import type { ApiCall, PromptInput } from "../inputs.js";
import { isFirstAfterImport } from "./imported-session.js";
import { ledgerOf } from "./ledger.js";
import { readStored } from "./message-pages.js";
import type { Delivery } from "./prompt-text.js";
import { readActive, readSession } from "./session-reads.js";
import { modelOf, toSessionInfo } from "./session-shape.js";
import { hasSystemEntry } from "./turn-settings.js";
import { below, dataOf, isNoRoute, sessionPath, type Wire } from "./wire.js";

/** How a prompt is delivered: with a run of its own, unless it is the first in an imported session. */
export async function deliveryOf(
  wire: Wire,
  sessionId: string,
  messageId: string,
  call: ApiCall | undefined,
): Promise<Delivery> {
  return (await isFirstAfterImport(wire, sessionId, messageId, call)) ? "steer" : "queue";
}

/** As `PromptsApi.mayQueue`. */
export async function mayQueue(
  wire: Wire,
  sessionId: string,
  prompt: PromptInput,
  call: ApiCall | undefined,
): Promise<boolean> {
  const { client, dialect } = wire;
  const { agent, model, system } = ledgerOf(client).session(sessionId);
  if (agent !== undefined || model !== undefined || system?.text !== undefined) return false; // lent by a turn of this process
  const hasEntries = dialect.instructions.length > 0;
  if (hasEntries && prompt.system !== undefined) return false;
  const info = toSessionInfo(dialect, await readSession(client, sessionId, call), below(sessionId));
  // Rules of the session and rules of one turn look alike.
  if (!hasWhatIsNamed(info, prompt) || (info.permission ?? []).length > 0) return false;
  if (hasEntries && (await hasSystemEntry(wire, sessionId, call))) return false;
  const { records } = await readStored(client, sessionId, { call });
  return !isLent(records);
}

function hasWhatIsNamed(info: ReturnType<typeof toSessionInfo>, { agent, model, variant }: PromptInput): boolean {
  if (agent !== undefined && agent !== info.agent) return false;
  if (model === undefined) return variant === undefined || variant === info.model?.variant;
  const named = modelOf({ id: model.modelID, providerID: model.providerID, variant });
  return JSON.stringify(named) === JSON.stringify(info.model);
}

/** The agent or the model was switched right before the newest prompt: perhaps for this prompt only. Newest first. */
function isLent(records: readonly JsonRecord[]): boolean {
  const at = records.findIndex(({ type }) => type === "user");
  for (const { type } of records.slice(at + 1)) {
    if (type === "user" || type === "assistant") return false;
    if (type === "agent-switched" || type === "model-switched") return true;
  }
  return false;
}

/**
 * As `PromptsApi.withdraw`. That the server has taken the request is no proof, says its contract: the message is looked for. `again` is the
 * body of the prompt.
 */
export async function withdraw(
  wire: Wire,
  sessionId: string,
  { messageId, again }: { readonly messageId: string; readonly again: object | undefined },
  call: ApiCall | undefined,
): Promise<"withdrawn" | "waiting" | "begun"> {
  const { client, dialect } = wire;
  const hasBegun = async (): Promise<boolean> => (await messageOf(wire, sessionId, messageId, call)) !== undefined;
  if (dialect.inbox === undefined) {
    if (await hasBegun()) return "begun";
    // The run before it was stopped, and it with that one: it would run in front of the next prompt (2.0 preview 1.18.18).
    const isLeft = again !== undefined && !(await readActive(client, call)).has(sessionId);
    if (isLeft) await client.request("POST", below(sessionId, "/prompt"), { ...call, body: again });
    return "waiting";
  }
  const path = `${sessionPath(dialect.inbox, sessionId)}/${encodeURIComponent(messageId)}`;
  await client.request("DELETE", path, call).catch((error: unknown) => {
    if (!(error instanceof NotFoundError) || error instanceof SessionNotFoundError) throw error; // it is not there any more
  });
  return (await hasBegun()) ? "begun" : "withdrawn";
}

/** The stored message; `undefined` for a prompt that waits, and for one that the server does not know. */
export async function messageOf(
  { client }: Wire,
  sessionId: string,
  messageId: string,
  call: ApiCall | undefined,
): Promise<JsonRecord | undefined> {
  const path = below(sessionId, `/message/${encodeURIComponent(messageId)}`);
  try {
    return dataOf((await client.request("GET", path, call)).data, path);
  } catch (error) {
    if (!(error instanceof NotFoundError) || error instanceof SessionNotFoundError || isNoRoute(error)) throw error;
    return undefined;
  }
}
