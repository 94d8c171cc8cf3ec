import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { outputFormat } from "../../../src/session/output/output-format.js";
import { OutputReader } from "../../../src/session/output/output-reader.js";
import { growPiece, type OutputPiece } from "../../../src/session/output/output-text.js";
import { PartialJson } from "../../../src/session/output/partial-json.js";
import { SchemaPlace } from "../../../src/session/output/schema-place.js";
import type { OutputSchema } from "../../../src/types/schema.js";

/** Whether a later value has all that an earlier one has: texts go on, lists and objects get more. */
function goesOn(before: unknown, after: unknown): boolean {
  if (typeof before === "string" && typeof after === "string") return after.startsWith(before);
  if (Array.isArray(before)) {
    if (!Array.isArray(after) || after.length < before.length) return false;
    // Only the last one can be incomplete.
    return before.every((item, at) => (at < before.length - 1 ? same(item, after[at]) : goesOn(item, after[at])));
  }
  if (typeof before !== "object" || before === null) return Object.is(before, after);
  if (typeof after !== "object" || after === null) return false;
  return Object.entries(before).every(
    ([name, item]) => Object.hasOwn(after, name) && goesOn(item, Reflect.get(after, name)),
  );
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The text in pieces of these lengths, again and again. */
function cut(text: string, lengths: readonly number[]): string[] {
  const pieces: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1;
    pieces.push(text.slice(at, at + length));
    at += length;
  }
  return pieces;
}

const piece = (text: string, flags: Partial<OutputPiece> = {}): OutputPiece => ({
  text,
  begins: false,
  isRenewed: false,
  isHeadless: false,
  ...flags,
});

/** The values that are shown of a text that comes in these pieces. */
async function shown(schema: OutputSchema, pieces: readonly (string | OutputPiece)[]): Promise<unknown[]> {
  const reader = new OutputReader(await outputFormat(schema));
  return pieces.flatMap((given) => {
    const news = reader.read(typeof given === "string" ? piece(given) : given);
    return news === undefined ? [] : [news.value];
  });
}

const lengths = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 5 });
const text = fc.string({ unit: "binary" });
const json = fc.oneof(fc.dictionary(text, fc.jsonValue()), fc.array(fc.jsonValue()));

describe("PartialJson", () => {
  test("PartialJson ends with the value that JSON.parse gives, however the text is cut", () => {
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 2), lengths, (value, indent, sizes) => {
        const whole = JSON.stringify(value, undefined, indent);
        const partial = new PartialJson(SchemaPlace.of({}));
        let before: unknown;
        for (const part of cut(whole, sizes)) {
          expect(partial.add(part, 0)).toBe(part.length);
          const now = partial.value;
          if (before !== undefined && !goesOn(before, now))
            throw new Error(`${JSON.stringify(before)} → ${JSON.stringify(now)}`);
          before = now;
        }
        expect(partial.state).toBe("complete");
        expect(partial.value).toEqual(JSON.parse(whole));
      }),
      { numRuns: 500 },
    );
  });

  test("PartialJson takes a text that JSON.parse refuses for none", () => {
    fc.assert(
      fc.property(
        json,
        fc.nat(),
        fc.constantFrom("}", "]", ",", '"', "\\", "x", "0", "\n", ""),
        lengths,
        (value, at, mark, sizes) => {
          const whole = JSON.stringify(value);
          const place = at % whole.length;
          const broken = whole.slice(0, place) + mark + whole.slice(place + 1);
          const partial = new PartialJson(SchemaPlace.of({}));
          let end = 0;
          for (const part of cut(broken, sizes)) if (partial.state === "open") end += partial.add(part, 0);
          if (partial.state !== "complete") return;
          // What is complete before the end of the text is a value all the same; names that are there twice are refused.
          expect(partial.value).toEqual(JSON.parse(broken.slice(0, end)));
        },
      ),
      { numRuns: 500 },
    );
  });

  test("PartialJson shows no half of a character, no incomplete name and no incomplete number", () => {
    const steps = ['{"na', 'me":"\\ud83d', '\\ude00","n":1', "2", ',"b":tr', 'ue,"e":"\ud83d', '\ude00x"}'];
    const partial = new PartialJson(SchemaPlace.of({}));
    const values = steps.map((step) => {
      partial.add(step, 0);
      return partial.value;
    });
    expect(values).toEqual([
      {},
      { name: "" },
      { name: "😀" },
      { name: "😀" },
      { name: "😀", n: 12 },
      { name: "😀", n: 12, b: true, e: "" },
      { name: "😀", n: 12, b: true, e: "😀x" },
    ]);
  });

  test("PartialJson keeps a member named __proto__ as a member", () => {
    const partial = new PartialJson(SchemaPlace.of({}));
    partial.add('{"__proto__":{"a":1},"b":[', 0);
    expect(Object.entries(partial.value as object)).toEqual([
      ["__proto__", { a: 1 }],
      ["b", []],
    ]);
  });

  test.each([
    ["a name that is there twice", '{"a":1,"a":2}'],
    ["a comma at the end", "[1,]"],
    ["a line break in a text", '{"a":"x\ny"}'],
    ["a wrong escape", '{"a":"\\x"}'],
    ["a wrong number", '{"a":01}'],
    ["the wrong bracket", '{"a":[1}'],
    ["too many brackets", "[".repeat(300)],
  ])("PartialJson fails at %s", (_what, given) => {
    const partial = new PartialJson(SchemaPlace.of({}));
    partial.add(given, 0);
    expect(partial.state).toBe("failed");
  });
});

const Release = z.object({ version: z.string(), breaking: z.boolean(), notes: z.array(z.string()) });
const release = { version: "2.0.0", breaking: true, notes: ["one", "two"] };
const whole = JSON.stringify(release);

describe("OutputReader", () => {
  test("OutputReader shows values that go on to the output, whatever stands around it", async () => {
    const around = fc.constantFrom<[string, string]>(
      ["", ""],
      ["\n  ", "\n"],
      ["```json\n", "\n```"],
      ["Here it is:\n\n```\n", "\n```\nThat is all."],
      ['For {"version": "1"} as asked:\n', ""],
      ["[1] says so.\n{braces}\n", ""],
      ['```ts\n{"version": "x"}\n```\nso\n', ""],
    );
    await fc.assert(
      fc.asyncProperty(around, lengths, fc.constantFrom(undefined, 2), async ([before, after], sizes, indent) => {
        const answer = before + JSON.stringify(release, undefined, indent) + after;
        const values = await shown(Release, [piece("", { begins: true }), ...cut(answer, sizes)]);
        for (const [at, value] of values.entries()) if (at > 0) expect(goesOn(values[at - 1], value)).toBe(true);
        expect(values.at(-1)).toEqual(release);
      }),
      { numRuns: 200 },
    );
  });

  test("OutputReader takes no value from the middle of a sentence", async () => {
    expect(await shown(Release, cut(`I would say ${whole}, maybe.`, [3]))).toEqual([]);
  });

  test("OutputReader shows a text of fixed ones, or with a format, only when it is complete", async () => {
    const schema = z.object({
      size: z.enum(["big", "bigger"]),
      mail: z.email(),
      kind: z.literal("a"),
      free: z.string(),
    });
    const values = await shown(schema, cut('{"size":"bigger","mail":"a@b.example","kind":"a","free":"xy"}', [1]));
    const complete = { size: "bigger", mail: "a@b.example", kind: "a" } as const;
    expect(values).toEqual([
      { size: "bigger" },
      { size: "bigger", mail: "a@b.example" },
      complete,
      { ...complete, free: "" },
      { ...complete, free: "x" },
      { ...complete, free: "xy" },
    ]);
  });

  test.each<[string, OutputSchema, string]>([
    ["a wrong type", Release, '{"breaking":"yes","version":"1"}'],
    ["a text that is none of the fixed ones", z.object({ size: z.enum(["big"]) }), '{"size":"small"}'],
    ["a member that is forbidden", { type: "object", properties: {}, additionalProperties: false }, '{"a":1}'],
    [
      "a number with a fraction for a whole one",
      { type: "object", properties: { n: { type: "integer" } } },
      '{"n":1.5}',
    ],
  ])("OutputReader shows nothing of a value that cannot fit: %s", async (_what, schema, answer) => {
    expect(await shown(schema, cut(answer, [2]))).toEqual([]);
  });

  test("OutputReader hides a member that the schema does not name", async () => {
    const values = await shown(Release, cut('{"other":{"deep":[1]},"version":"1","more":"text","breaking":true}', [4]));
    expect(values.at(-1)).toEqual({ version: "1", breaking: true });
    expect(
      values.every((value) => Object.keys(value as object).every((name) => name !== "other" && name !== "more")),
    ).toBe(true);
  });

  test.each<[string, OutputSchema, string, unknown]>([
    ["a wrapped list", z.array(z.number()), '{"value":[1,2]}', [1, 2]],
    ["a list without its wrapping", z.array(z.number()), "[1,2]", [1, 2]],
    ["a wrapped text", z.string(), '{"value":"abc"}', "abc"],
    ["a wrapped number", z.number(), '{"value":12}', 12],
    [
      "a union without its wrapping",
      z.union([z.object({ a: z.string() }), z.object({ b: z.string() })]),
      '{"b":"x"}',
      { b: "x" },
    ],
    [
      "a list of itself",
      z.object({
        get children() {
          return z.array(z.object({ name: z.string() }));
        },
      }),
      '{"children":[{"name":"x"}]}',
      { children: [{ name: "x" }] },
    ],
  ])("OutputReader unwraps %s", async (_what, schema, answer, expected) => {
    const values = await shown(schema, cut(answer, [1]));
    expect(values.length).toBeGreaterThan(0);
    for (const [at, value] of values.entries()) if (at > 0) expect(goesOn(values[at - 1], value)).toBe(true);
    expect(values.at(-1)).toEqual(expected);
  });

  test("OutputReader shows one value in a try, and a new one in the next", async () => {
    const draft = '{"version":"1.0.0","breaking":false,"notes":[]}';
    const twice = await shown(Release, [draft, "\nNo:\n", whole]);
    expect(twice).toEqual([JSON.parse(draft)]);
    const nextStep = await shown(Release, [draft, piece("", { begins: true }), whole]);
    expect(nextStep).toEqual([JSON.parse(draft)]);
    const renewed = await shown(Release, [draft, piece("", { begins: true, isRenewed: true }), whole]);
    expect(renewed).toEqual([JSON.parse(draft), release]);
  });

  test("OutputReader shows nothing of a text whose beginning it has not heard", async () => {
    const tail = whole.slice(5);
    expect(await shown(Release, [piece(`${tail}\n${whole}`, { isHeadless: true })])).toEqual([]);
  });

  test("a schema that refers to itself without end is read without an end of its own", async () => {
    const schema = {
      type: "object",
      properties: { a: { $ref: "#/$defs/a" } },
      $defs: { a: { anyOf: Array.from({ length: 60 }, () => ({ $ref: "#/$defs/a" })) } },
    };
    const partial = new PartialJson(SchemaPlace.of(schema));
    partial.add('{"a":{"b":[1]}}', 0);
    expect(partial.value).toEqual({ a: { b: [1] } });
  });
});

test("pieces of text that wait are joined, and those of steps that are over are dropped", () => {
  const waiting = growPiece(piece("old", { begins: true }));
  waiting.add(piece(" text"));
  waiting.add(piece("", { begins: true, isRenewed: true }));
  waiting.add(piece("", { begins: true }));
  waiting.add(piece("new "));
  waiting.add(piece("text"));
  expect(waiting.value).toEqual(piece("new text", { begins: true, isRenewed: true }));
});
