/** The fast reading of text deltas: equal to the parser's where it reads a message, and nothing where it does not. */
import { describe, expect, test } from "vitest";
import { createDeltaReader } from "../../src/api/v1/delta-message.js";
import { parseEvent } from "../../src/api/v1/event-envelope.js";
import { toApiEvent } from "../../src/api/v1/events.js";

const ids = {
  sessionID: "ses_dd851c002ffeFYiowE6ubTitzg",
  messageID: "msg_227ae40dd001uz",
  partID: "prt_227ae419d001gE",
};

function message(delta: string, given: Partial<typeof ids> = {}, id = "evt_227ae41a5001ugnYXK"): string {
  const properties = { ...ids, ...given, field: "text", delta };
  return JSON.stringify({ id, type: "message.part.delta", properties });
}

function parsed(data: string): unknown {
  const raw = parseEvent(data);
  return raw === undefined ? undefined : toApiEvent(raw);
}

const texts = [
  "",
  "a",
  "word ",
  "a text of more than a few characters",
  'a "quote"',
  "a\\b",
  "line\nline",
  "中 😀 é",
  "\u0000",
  "]}}",
  '"}}',
];

describe("createDeltaReader", () => {
  test.each(texts)("a delta with the text %j is read as the parser reads it", (text) => {
    const read = createDeltaReader();
    for (const data of [message(text), message(text), message(text, { partID: "prt_2" }), message(text)]) {
      const event = read(data);
      expect(event).toBeDefined();
      expect(event).toEqual(parsed(data));
      expect(JSON.stringify(event?.raw)).toBe(JSON.stringify(parseEvent(data)));
    }
  });

  test("deltas of parts that alternate keep their own ids", () => {
    const read = createDeltaReader();
    for (let turn = 0; turn < 6; turn += 1) {
      const data = message(`${turn} `, { partID: `prt_${turn % 2}`, sessionID: `ses_${turn % 3}` });
      expect(read(data)).toEqual(parsed(data));
    }
  });

  test("a message that is cut at any character, or has any character replaced, is never read as something else", () => {
    const whole = message('one "two" three');
    for (let at = 0; at < whole.length; at += 1) {
      for (const data of [
        whole.slice(0, at),
        whole.slice(at),
        ...['"', "\\", "\u0000", "x", "}"].map((mark) => whole.slice(0, at) + mark + whole.slice(at + 1)),
      ]) {
        const read = createDeltaReader();
        read(whole);
        const event = read(data);
        if (event !== undefined) expect(event, data).toEqual(parsed(data));
      }
    }
  });

  test("other events, other fields and other forms of a delta are left to the parser", () => {
    const read = createDeltaReader();
    const usual = message("a");
    for (const data of [
      '{"id":"evt_1","type":"session.idle","properties":{"sessionID":"ses_1"}}',
      usual.replace('"field":"text"', '"field":"other"'),
      usual.replace('"field":"text",', ""),
      usual.replace('"id":', '"id": '),
      usual.replace("}}", ',"more":1}}'),
      `{"payload":${usual}}`,
      message("a", {}, 'evt_"1'),
      message("a", { partID: "prt\\1" }),
    ]) {
      expect(read(data), data).toBeUndefined();
    }
  });
});
