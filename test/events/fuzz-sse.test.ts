/** The event stream's parser: any bytes, in any pieces, and those of a real server with something wrong in them. */
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readEvents } from "../../src/api/sse.js";
import { parseEvent } from "../../src/api/v1/event-envelope.js";
import { APIConnectionError, APIResponseValidationError } from "../../src/errors/index.js";
import { createDecoder } from "../../src/util/utf8.js";
import { type Fixture, startFixture } from "../support/fixture.js";
import { eventsIn, type Recording, reading, recordAll } from "../support/recordings.js";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Where to cut: fractions, so that they fit any length. */
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });
const at = (fractions: readonly number[], length: number): number[] =>
  fractions.map((fraction) => Math.round(fraction * length));

/** Every byte by itself. */
const bytewise = (length: number): number[] => Array.from({ length }, (_, index) => index);

/** An event, as an object. Text of all planes, U+FFFD and line separators among it. */
const serverEvent = fc.record({
  type: fc.string({ unit: "grapheme", minLength: 1 }),
  properties: fc.dictionary(fc.constantFrom("a", "__proto__", "constructor", "中"), fc.jsonValue(), { maxKeys: 3 }),
});

const newline = fc.constantFrom("\n", "\r\n", "\r");
const noise = fc.constantFrom("", ": comment", "id: 7", "event: x", "retry: 5", "retry: x", "unknown: y", "data", ":");

/** A well-formed stream: events between comments and fields that mean nothing, with one kind of newline. */
const stream = fc
  .record({
    newline,
    items: fc.array(fc.record({ event: serverEvent, noise, lines: fc.boolean(), space: fc.boolean() })),
  })
  .map(({ newline, items }) => ({
    events: items.map(({ event }) => JSON.parse(JSON.stringify(event)) as { type: string; properties: object }),
    text: items
      .map(({ event, noise, lines, space }) => {
        const json = lines ? JSON.stringify(event, null, 1) : JSON.stringify(event);
        const data = json.split("\n").map((line) => `data:${space ? " " : ""}${line}`);
        // A comment between the data lines of one event changes nothing; "data" alone would add an empty line.
        const between = noise.startsWith(":") ? noise : ":";
        return [...(noise === "data" ? [] : [noise]), ...data.flatMap((line) => [line, between]), "", ""].join(newline);
      })
      .join(""),
  }));

describe("well-formed event streams", () => {
  test("a well-formed event stream gives the same events for any newline and any cuts", async () => {
    await fc.assert(
      fc.asyncProperty(stream, cuts, fc.boolean(), async ({ events, text }, fractions, withMark) => {
        const bytes = encode(`${withMark ? "\ufeff" : ""}${text}`);
        for (const pieces of [[], at(fractions, bytes.length), bytewise(bytes.length)]) {
          const read = await reading(bytes, pieces);
          expect(read.malformed).toBe(0);
          expect(read.events.map(({ type, properties }) => ({ type, properties }))).toEqual(events);
        }
      }),
      { numRuns: 75 },
    );
  });

  test("event keys such as `__proto__` and `constructor` are plain data", async () => {
    const json = '{"type":"x","properties":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}';
    const [event] = await eventsIn(encode(`data: ${json}\n\n`));
    expect(Object.keys(event?.properties ?? {})).toEqual(["__proto__", "constructor"]);
    expect({}).not.toHaveProperty("polluted");
  });

  test("an event without an empty line at the end of the stream is dropped", async () => {
    expect(await eventsIn(encode('data: {"type":"a"}\n\ndata: {"type":"b"}\n'))).toMatchObject([{ type: "a" }]);
    expect(await eventsIn(encode('data: {"type":"a"}\r\r'))).toMatchObject([{ type: "a" }]);
  });
});

describe("arbitrary bytes", () => {
  const lines = fc
    .array(
      fc.constantFrom(
        "data:",
        "data: ",
        "{",
        '"type":',
        '"a"',
        "}",
        "\n",
        "\r",
        "\r\n",
        "\n\n",
        ":",
        "\ufeff",
        "é",
        "\ufffd",
      ),
    )
    .map((pieces) => encode(pieces.join("")));
  const broken = fc.tuple(lines, fc.uint8Array({ maxLength: 4 }), lines).map((parts) => Buffer.concat(parts));
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 400 }), lines, broken);

  test("the parser reads arbitrary bytes without an error, and alike in any pieces", async () => {
    await fc.assert(
      fc.asyncProperty(bytes, cuts, async (bytes, fractions) => {
        const whole = await reading(bytes, []);
        expect(await reading(bytes, at(fractions, bytes.length))).toEqual(whole);
        expect(await reading(bytes, bytewise(bytes.length))).toEqual(whole);
        for (const event of whole.events) expect(event.type).toBeTypeOf("string");
      }),
      { numRuns: 200 },
    );
  });

  test("createDecoder decodes like TextDecoder in any pieces, with NUL for invalid bytes", () => {
    const sent = fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.string({ unit: "binary" }).map(encode));
    fc.assert(
      fc.property(sent, cuts, (bytes, fractions) => {
        const decode = createDecoder();
        const borders = [0, ...at(fractions, bytes.length).sort((a, b) => a - b), bytes.length];
        const text = borders.map((border, index) => decode(bytes.slice(borders[index - 1] ?? 0, border))).join("");
        // What has begun at the end and is not whole is kept for the next piece, which never comes.
        const expected = new TextDecoder().decode(bytes);
        const known = text.replaceAll("\0", "\ufffd");
        expect(expected.replaceAll("\0", "\ufffd").startsWith(known)).toBe(true);
        expect(expected.length - known.length).toBeLessThanOrEqual(3);
        try {
          expect(new TextDecoder("utf-8", { fatal: true }).decode(bytes).startsWith(text)).toBe(true);
        } catch (error) {
          if (!(error instanceof TypeError)) throw error;
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("malformed events", () => {
  test.each([
    ["no JSON", "nonsense"],
    ["JSON that ends early", '{"type":"a"'],
    ["a list", "[]"],
    ["null", "null"],
    ["no type", "{}"],
    ["a type that is none", '{"type":5}'],
    ["an envelope without a type", '{"payload":{}}'],
    ["properties that are none", '{"type":"a","properties":"x"}'],
    ["too many values", `[${"0,".repeat(2_000_001)}0]`],
  ])("event data (%s) is counted as malformed, and the next event is read", async (_name, data) => {
    expect(await reading(encode(`data: ${data}\n\ndata: {"type":"next"}\n\n`), [])).toMatchObject({
      events: [{ type: "next" }],
      malformed: 1,
    });
  });

  test("an event without data is skipped, and missing properties are an empty object", async () => {
    expect(
      await reading(encode('data:\n\ndata: {"type":"a"}\n\ndata: {"type":"b","properties":null}\n\n'), []),
    ).toEqual({
      events: [
        { type: "a", properties: {} },
        { type: "b", properties: {} },
      ],
      malformed: 0,
    });
  });
});

describe("oversized event streams", () => {
  /** A body that never ends; counts what was taken of it. */
  function endless(piece: string): { body: ReadableStream<Uint8Array>; taken: () => number } {
    let taken = 0;
    const bytes = encode(piece);
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        taken += bytes.length;
        controller.enqueue(bytes);
      },
    });
    return { body, taken: () => taken };
  }

  test.each([
    ["a line without an end", "x".repeat(65_536), "no event within"],
    ["data lines without an end", "data:\n".repeat(10_000), "no event within"],
    ["comments alone", ":\n".repeat(30_000), "no event within"],
    ["empty lines alone", "\r".repeat(10_000), "no event within"],
    ["single bytes", "x", "no event within"],
    ["unknown fields", "a\n".repeat(500), "unknown fields"],
  ])("a stream of %s is a typed error within the size limit", async (_name, piece, message) => {
    const { body, taken } = endless(piece);
    const maxSize = 4_000_000;
    const error = await readEvents(body, { parse: parseEvent, onEvent: () => {}, maxSize }).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(APIResponseValidationError);
    expect(String(error)).toContain(message);
    expect(taken()).toBeLessThanOrEqual(maxSize + 2 * piece.length + 65);
  });

  test("a stream of heartbeats and large events within the size limit is read whole", async () => {
    const big = JSON.stringify({ type: "big", properties: { text: "x".repeat(900_000) } });
    const text = `: heartbeat\n\ndata: ${big}\n\n`.repeat(20);
    let events = 0;
    const body = new Blob([text]).stream();
    await readEvents(body, { parse: parseEvent, onEvent: () => (events += 1), maxSize: 1_000_000 });
    expect(events).toBe(20);
  });
});

describe("recorded streams of a real server", () => {
  let fixture: Fixture;
  let recordings: Recording[];
  beforeAll(async () => {
    fixture = await startFixture();
    recordings = await recordAll(fixture, ["plain", "steps"]);
  });
  afterAll(() => fixture[Symbol.asyncDispose]());

  const picked = fc.record({ index: fc.nat(), place: fc.double({ min: 0, max: 1, noNaN: true }) });
  const pick = ({ index, place }: { index: number; place: number }): { bytes: Uint8Array; place: number } => {
    const { bytes = new Uint8Array() } = recordings[index % recordings.length] ?? {};
    return { bytes, place: Math.floor(place * bytes.length) };
  };

  test("a recorded stream that is cut anywhere gives its first events whole", async () => {
    await fc.assert(
      fc.asyncProperty(picked, cuts, async (picked, fractions) => {
        const { bytes, place } = pick(picked);
        const all = await eventsIn(bytes);
        const begun = bytes.slice(0, place);
        const { events, malformed } = await reading(begun, at(fractions, begun.length));
        expect(malformed).toBe(0);
        expect(events).toEqual(all.slice(0, events.length));
        const ends = Buffer.from(begun).toString("latin1").split("\n\n").length - 1;
        expect(events).toHaveLength(ends);
      }),
      { numRuns: 50 },
    );
  });

  test("an invalid byte in a recorded stream costs at most two events, and a loss is counted as malformed", async () => {
    const alien = fc.constantFrom(0xff, 0xfe, 0xc0, 0x80);
    await fc.assert(
      fc.asyncProperty(picked, cuts, alien, async (picked, fractions, byte) => {
        const { bytes, place } = pick(picked);
        const all = (await eventsIn(bytes)).map((event) => JSON.stringify(event));
        const damaged = Buffer.concat([bytes.slice(0, place), new Uint8Array([byte]), bytes.slice(place)]);
        const { events, malformed } = await reading(damaged, at(fractions, damaged.length));
        const left = events.map((event) => JSON.stringify(event));
        expect(left.every((event) => all.includes(event))).toBe(true);
        expect(left.length).toBeGreaterThanOrEqual(all.length - 2);
        if (left.length < all.length) expect(malformed).toBeGreaterThan(0);
      }),
      { numRuns: 50 },
    );
  });

  test("a stream that loses its connection is an APIConnectionError", async () => {
    const { bytes } = pick({ index: 0, place: 0 });
    const pieces = [bytes];
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        const piece = pieces.pop();
        if (piece === undefined) controller.error(new TypeError("terminated"));
        else controller.enqueue(piece);
      },
    });
    await expect(readEvents(body, { parse: parseEvent, onEvent: () => {} })).rejects.toBeInstanceOf(APIConnectionError);
  });
});
