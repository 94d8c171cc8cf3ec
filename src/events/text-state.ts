/** What is known of a text part, and how much of it has been passed on. */
import type { AgentEvent, ServerEvent } from "../types/event.js";
import type { GrowingText } from "../util/growing-text.js";

/** One text or reasoning part. */
export interface TextState {
  readonly id: string;
  readonly messageId: string;
  kind: "text" | "reasoning" | "unknown";
  /** What is known of the text from its beginning. */
  readonly text: GrowingText;
  /** How much of it has been passed on. */
  emitted: number;
  /** What is known and has not been passed on: cutting it from the whole text would copy that each time. */
  pending: string;
  /** Every delta since the beginning has been seen. */
  synced: boolean;
  ended: boolean;
  /** It was found by a read, and with it everything that is stored before it. */
  isStored: boolean;
  /** Its beginning was not heard, and it is passed on from where it is, as it comes. `text` is what was heard of it then. */
  isTail: boolean;
  /** What has been passed on of it is not its beginning. */
  isHeadless: boolean;
}

/** Of a text that has just been heard of. */
export const nothing = { emitted: 0, pending: "", isStored: false, isTail: false, isHeadless: false } as const;

type TextPiece = Extract<AgentEvent, { type: "text-delta" | "reasoning-delta" }>;

/** The event of a piece of the text. */
export function pieceOf(
  { kind, id: partId }: TextState,
  text: string,
  sessionId: string,
  raw: ServerEvent | undefined,
): TextPiece {
  const type = kind === "text" ? "text-delta" : "reasoning-delta";
  // No spread of a common part: pieces come by the thousand.
  return raw === undefined ? { type, text, partId, sessionId } : { type, text, partId, sessionId, raw };
}

/** What of the whole text has not been passed on. Of a text that was joined the beginning is not told any more. */
export function untold({ text: known, emitted, pending, isTail, isHeadless }: TextState, whole: string): string {
  if (!isHeadless) return whole.slice(emitted);
  const text = known.toString();
  if (isTail && whole.endsWith(text)) return pending;
  const at = whole.indexOf(text.slice(0, emitted));
  return at < 0 ? "" : whole.slice(at + emitted);
}
