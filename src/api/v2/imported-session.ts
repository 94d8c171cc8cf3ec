/**
 * Sessions that begin with a conversation of another server. They are known by their ids, in every process: the server has no place for a
 * mark (2.0 preview 1.18.18).
 */
import { mintSessionId } from "../../util/ids.js";
import { stringProperty } from "../../util/json.js";
import type { ApiCall } from "../inputs.js";
import { readStored } from "./message-pages.js";
import { messageIdOf } from "./message-parts.js";
import type { Wire } from "./wire.js";

const mark = "Import";
const marked = new RegExp(`^ses_([0-9a-f]{12})([0-9A-Za-z]{8})${mark}$`);
const allDigits = 0xffff_ffff_ffffn;
/** Records in which the first prompt is: the text, switches of agent and model, and the prompt. */
const firstRecords = 20;

/** The id of a session that will begin so. */
export function importedSessionId(): string {
  return mintSessionId().slice(0, -mark.length) + mark;
}

/** Whether the session begins so. */
export function isImportedSession(sessionId: string): boolean {
  return marked.test(sessionId);
}

/** The id of the text that the session begins with. Its time is that of the session, whose digits are inverted. */
export function movedTextId(sessionId: string): string {
  const [, digits = "", random = ""] = marked.exec(sessionId) ?? [];
  const time = BigInt(`0x${digits}`) ^ allDigits;
  return `msg_${time.toString(16).padStart(12, "0")}${random}${mark}`;
}

/**
 * Whether the prompt is the first one in an imported session. It joins the text that waits there: in a run of its own, the model would be
 * asked about the text alone. The same for each try with the same id.
 */
export async function isFirstAfterImport(
  { client }: Wire,
  sessionId: string,
  messageId: string,
  call: ApiCall | undefined,
): Promise<boolean> {
  if (!isImportedSession(sessionId)) return false;
  const { records } = await readStored(client, sessionId, { limit: firstRecords, order: "asc", call });
  const moved = movedTextId(sessionId);
  const first = records.find((record) => stringProperty(record, "type") === "user" && messageIdOf(record) !== moved);
  return first === undefined || messageIdOf(first) === messageId;
}
