/**
 * The usual form of a text delta, read without `JSON.parse` of the whole message: deltas come by the thousand, and between two of one
 * part only the event's id and the text differ. A message in any other form is left to the parser.
 */
import type { ApiEvent } from "../api-event.js";

type PartDelta = Extract<ApiEvent, { type: "part-delta" }>;

/** The message from the event's id to the delta, as 1.18.33 writes it. Ids with an escape do not match. */
const usual =
  /^","type":"message\.part\.delta","properties":\{"sessionID":"([\w-]+)","messageID":"([\w-]+)","partID":"([\w-]+)","field":"text","delta":"/;
const opening = '{"id":"';
const closing = '"}}';
/** Characters. A head of any release is shorter. */
const longestHead = 1_000;
/** A longer slice of a message keeps the whole message in memory (V8). */
const longestSlice = 12;
const codes = { quote: 0x22, backslash: 0x5c, firstPrintable: 0x20 } as const;

/** The text of a message from the event's id to the delta, and the ids in it. */
interface Head {
  readonly text: string;
  readonly sessionId: string;
  readonly messageId: string;
  readonly partId: string;
}

/**
 * Returns a reader for the messages of one connection. For a delta in the usual form the reader returns the event that `JSON.parse` and
 * the mapping return; for every other message it returns `undefined`. The reader remembers the ids of the last delta.
 */
export function createDeltaReader(): (data: string) => PartDelta | undefined {
  let head: Head = { text: closing, sessionId: "", messageId: "", partId: "" };
  return (data) => {
    if (!data.startsWith(opening) || !data.endsWith(closing)) return undefined;
    const endOfId = data.indexOf('"', opening.length);
    // `startsWith` compares long texts several times as slowly (V8).
    if (data.slice(endOfId, endOfId + head.text.length) !== head.text) {
      const found = headAt(data, endOfId);
      if (found === undefined) return undefined;
      head = found;
    }
    const text = textBetween(data, endOfId + head.text.length, data.length - closing.length);
    if (text === undefined || !isPlain(data, opening.length, endOfId)) return undefined;
    const { sessionId, messageId, partId } = head;
    const properties = { sessionID: sessionId, messageID: messageId, partID: partId, field: "text", delta: text };
    const raw = { id: data.slice(opening.length, endOfId), type: "message.part.delta", properties };
    return { type: "part-delta", messageId, partId, text, sessionId, raw };
  };
}

function headAt(data: string, start: number): Head | undefined {
  const [text, sessionId, messageId, partId] = usual.exec(data.slice(start, start + longestHead)) ?? [];
  if (text === undefined || sessionId === undefined || messageId === undefined || partId === undefined)
    return undefined;
  return { text, sessionId, messageId, partId };
}

/** The JSON string between two quotes; `undefined` if the text between them is none. */
function textBetween(data: string, start: number, end: number): string | undefined {
  if (end < start) return undefined;
  if (end - start <= longestSlice && isPlain(data, start, end)) return data.slice(start, end);
  try {
    return JSON.parse(data.slice(start - 1, end + 1)) as string; // a JSON text that begins with a quote
  } catch {
    return undefined;
  }
}

/** True if a JSON string may contain these characters as they are. */
function isPlain(data: string, start: number, end: number): boolean {
  for (let at = start; at < end; at += 1) {
    const code = data.charCodeAt(at);
    if (code < codes.firstPrintable || code === codes.quote || code === codes.backslash) return false;
  }
  return true;
}
