/**
 * A conversation of another server as one text: 2.x takes no messages. The text waits in the inbox of the session, so that no model is
 * called for it, and goes to the model in front of the first prompt (2.0 preview 1.18.18).
 */
import { isOpencodeError } from "../../errors/index.js";
import type { SessionInfo } from "../../types/answer.js";
import { mintSessionId } from "../../util/ids.js";
import { untilAnswered } from "../again.js";
import type { ApiCall, SessionDraft, StoredConversation } from "../inputs.js";
import { transcriptOf } from "../transcript.js";
import { createSession } from "./create-session.js";
import { importedSessionId, isImportedSession, movedTextId } from "./imported-session.js";
import { isMissing, missingError } from "./missing.js";
import { bodyOf } from "./prompt-text.js";
import { below, type Wire } from "./wire.js";

/** For one request, in ms. */
const requestTimeout = 60_000;

/** As `SessionsApi.restore`. */
export async function restoreV2(wire: Wire, conversation: StoredConversation, given: ApiCall): Promise<SessionInfo> {
  const { dialect } = wire;
  const { title, agent, model, variant, permission, metadata, messages } = conversation;
  const lacksRules = isMissing(dialect, "rules");
  if (lacksRules && permission.some(({ action }) => action !== "allow")) {
    throw missingError(dialect, "rules", "importSession(document, { rules: false }) leaves out those of the document");
  }
  const id = messages.length === 0 ? mintSessionId() : importedSessionId();
  const draft: SessionDraft = {
    id,
    title,
    agent,
    model,
    variant,
    permission: lacksRules || permission.length === 0 ? undefined : permission,
    metadata: isMissing(dialect, "metadata") ? undefined : metadata,
  };
  const call = { ...given, timeout: requestTimeout, maxRetries: 0 };
  const info = await untilAnswered(() => createSession(wire, draft, call), call.signal);
  if (messages.length === 0) return info;
  try {
    await untilAnswered(() => tell(wire, id, transcriptOf(messages), call), call.signal);
  } catch (error) {
    await remove(wire, id, given);
    throw error;
  }
  return info;
}

/** As `SessionsApi.beginsWithText`. */
export function beginsWithText(sessionId: string): boolean {
  return isImportedSession(sessionId);
}

/** A released server keeps what nobody has asked apart from the prompts. */
async function tell({ client, dialect }: Wire, sessionId: string, text: string, call: ApiCall): Promise<void> {
  const id = movedTextId(sessionId);
  const how = { delivery: "steer", resume: false };
  if (dialect.takesTexts) {
    const body = { id, text, description: "A conversation from another server", ...how };
    await client.request("POST", below(sessionId, "/synthetic"), { ...call, body });
  } else {
    const body = { ...bodyOf(dialect, id, { text, files: [], agents: [] }), ...how };
    await client.request("POST", below(sessionId, "/prompt"), { ...call, body });
  }
}

/** The preview deletes no sessions: there an empty one stays. `call` may have ended: then without its signal. */
async function remove({ client, dialect }: Wire, id: string, { directory }: ApiCall): Promise<void> {
  if (isMissing(dialect, "deleteSession")) return;
  await client.request("DELETE", below(id), { directory, timeout: requestTimeout }).catch((error: unknown) => {
    if (!isOpencodeError(error)) throw error;
    client.logger.debug(`the session ${id} of a failed import was not deleted: ${String(error)}`);
  });
}
