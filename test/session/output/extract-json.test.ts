import { Validator } from "@cfworker/json-schema";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { ConfigError, StructuredOutputError } from "../../../src/index.js";
import { findJson, outputFormat, unwrap } from "../../../src/session/output/output-format.js";
import type { OutputSchema } from "../../../src/types/schema.js";
import { type Fixture, startFixture } from "../../support/fixture.js";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

/** What the schema for the model says of a value: with its references followed. */
function fits(schema: Record<string, unknown>, value: unknown): boolean {
  return new Validator(structuredClone(schema), "2020-12").validate(value).valid;
}

describe("a schema that cannot be used", () => {
  const cyclic: Record<string, unknown> = { type: "object" };
  cyclic["properties"] = { self: cyclic };
  const bad: [string, unknown][] = [
    ["a zod type that JSON does not have", z.object({ at: z.date() })],
    ["null", null],
    ["a text", "string"],
    ["an array", [{ type: "string" }]],
    ["a function", () => true],
    ["an object that is no Standard Schema", { "~standard": { version: 1 } }],
    [
      "a Standard Schema without JSON Schema",
      { "~standard": { version: 1, vendor: "x", validate: () => ({ value: 1 }) } },
    ],
    ["a JSON Schema that contains itself", cyclic],
    ["an unresolved $ref", { type: "object", properties: { a: { $ref: "#/definitions/Missing" } } }],
    ["an unresolved $ref to another document", { $ref: "https://example.invalid/schema.json" }],
    ["a pattern that is none", { type: "array", items: { type: "string", pattern: "(" } }],
    ["a property pattern that is none", { type: "object", patternProperties: { "[": { type: "string" } } }],
    ["a reference to itself", { $ref: "#" }],
  ];

  test.each(bad)("outputFormat rejects an unusable schema with ConfigError: %s", async (_what, schema) => {
    await expect(outputFormat(schema as OutputSchema)).rejects.toBeInstanceOf(ConfigError);
  });

  test.each(bad)("ask() rejects an unusable schema before a model call: %s", async (_what, schema) => {
    const before = fixture.model.requests.length;
    const asked = fixture.oc.ask("never asked", { schema: schema as OutputSchema });
    await expect(asked).rejects.toBeInstanceOf(ConfigError);
    expect(fixture.model.requests.length).toBe(before);
  });

  test("the ConfigError for an unusable schema has the schema library's error as its cause", async () => {
    const error = await outputFormat(z.date()).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ name: "ConfigError", cause: expect.any(Error) });
  });

  test("a frozen JSON Schema is usable and stays unchanged", async () => {
    const schema = Object.freeze({
      type: "object",
      properties: Object.freeze({ a: Object.freeze({ type: "number" }) }),
    });
    const format = await outputFormat(schema);
    expect(await format.validate({ a: 1 })).toEqual({ value: { a: 1 } });
    expect((await format.validate({ a: "1" })).issues?.[0]?.path).toEqual(["a"]);
    expect(Object.getOwnPropertyNames(schema)).toEqual(["type", "properties"]);
  });
});

describe("a check that throws", () => {
  const Throwing = z.object({ n: z.number() }).refine(() => {
    throw new Error("the caller's own code");
  });

  test("a check of a schema that throws becomes an issue with its cause", async () => {
    const check = await (await outputFormat(Throwing)).validate({ n: 1 });
    expect(check).toMatchObject({
      issues: [{ message: "the schema's own check failed: the caller's own code" }],
      cause: { message: "the caller's own code" },
    });
  });

  test("ask() with a schema whose check throws rejects with StructuredOutputError", async () => {
    fixture.answer("throws", { structured: { n: 1 } });
    const error = await fixture.oc.ask("throws", { schema: Throwing }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StructuredOutputError);
    expect(error).toMatchObject({ cause: { message: "the caller's own code" }, raw: { n: 1 } });
  });
});

describe("a schema whose root is no object", () => {
  test("an array schema without references becomes the property value of an object schema", async () => {
    const { jsonSchema } = await outputFormat({ type: "array", items: { type: "integer" } });
    expect(jsonSchema).toEqual({
      type: "object",
      properties: { value: { type: "array", items: { type: "integer" } } },
      required: ["value"],
      additionalProperties: false,
    });
  });

  const tree = {
    anyOf: [{ type: "string" }, { type: "array", items: { $ref: "#" } }],
  };
  const draft7 = {
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "array",
    items: { $ref: "#/definitions/Point" },
    definitions: { Point: { type: "object", required: ["x"], properties: { x: { type: "number" } } } },
  };
  const namedLikeKeywords = {
    type: "array",
    items: { type: "object", properties: { default: { $ref: "#/$defs/Yes" }, $ref: { type: "string" } } },
    $defs: { Yes: { const: { $ref: "#/stays" } } },
  };
  interface Node {
    name: string;
    children: Node[];
  }
  const Node: z.ZodType<Node> = z.lazy(() => z.object({ name: z.string(), children: z.array(Node) }));

  test.each<[string, OutputSchema, unknown, unknown]>([
    ["a recursive union", tree, ["a", ["b", []]], ["a", [1]]],
    ["a recursive union with an address", { ...tree, $id: "https://example.invalid/tree" }, ["a", ["b"]], ["a", [1]]],
    ["draft-7 definitions", draft7, [{ x: 1 }], [{ x: "1" }]],
    [
      "properties named like keywords",
      namedLikeKeywords,
      [{ default: { $ref: "#/stays" }, $ref: "s" }],
      [{ default: 1 }],
    ],
    ["a recursive zod type", z.array(Node), [{ name: "a", children: [{ name: "b", children: [] }] }], [{ name: "a" }]],
  ])("the references of a wrapped schema still resolve: %s", async (_what, schema, good, wrong) => {
    const format = await outputFormat(schema);
    expect(format.isWrapped).toBe(true);
    expect(fits(format.jsonSchema, { value: good })).toBe(true);
    expect(fits(format.jsonSchema, { value: wrong })).toBe(false);
    expect(await format.validate(unwrap(format, { value: good }))).toEqual({ value: good });
    expect((await format.validate(wrong)).issues).not.toHaveLength(0);
  });

  test("a turn with a wrapped array schema gives the array", async () => {
    fixture.answer("points", { structured: { value: [{ x: 1 }] } });
    const { output } = await fixture.oc.ask<{ x: number }[]>("points", { schema: draft7 });
    expect(output).toEqual([{ x: 1 }]);
  });
});

test("the schema option accepts a JSON Schema that is typed by an interface", async () => {
  interface JSONSchema7 {
    $id?: string | undefined;
    type?: "object" | "array" | undefined;
    properties?: Record<string, JSONSchema7 | boolean> | undefined;
  }
  const schema: JSONSchema7 = { type: "object", properties: { name: true } };
  fixture.answer("interface", { structured: { name: "Ada" } });
  const { output } = await fixture.oc.ask<{ name: string }>("interface", { schema });
  expectTypeOf(output).toEqualTypeOf<{ name: string }>();
  expect(output).toEqual({ name: "Ada" });
});

describe("findJson", () => {
  test.each<[string, string, unknown]>([
    ["the whole text", ' {"n": 1}\n', { n: 1 }],
    ["a bare value", "42", 42],
    ["a fenced block", 'Here:\n```json\n{"n": 1}\n```\nDone {really}.', { n: 1 }],
    ["an upper-case fence", 'Here:\n```JSON\n[1, {"n": 1}]\n```', [1, { n: 1 }]],
    ["a fence with line ends of Windows", 'Here:\r\n```json\r\n{"n":\r\n1}\r\n```\r\n', { n: 1 }],
    ["the last fenced block", '```json\n{"n": 1}\n```\nor rather\n```json\n{"n": 2}\n```', { n: 2 }],
    ["a block after one of code", '```ts\nconst a = {};\n```\n```json\n{"n": 1}\n```', { n: 1 }],
    ["a block after one that was not closed", '```\nfoo\n```json\n{"n": 1}\n```', { n: 1 }],
    ["a fence that was not closed", 'Here:\n```json\n{"n": 1}', { n: 1 }],
    ["a fence in a string", '```json\n{"code": "```js\\nx\\n```"}\n```', { code: "```js\nx\n```" }],
    ["an object after braces that are no JSON", 'Use {a} or [b]: {"n":1}', { n: 1 }],
    ["an object before a footnote", '{"n":1} as in [1]', { n: 1 }],
    ["an array of objects", 'The list: [{"n":1},{"n":2}].', [{ n: 1 }, { n: 2 }]],
    ["an object with braces in its strings", 'x {"a":"}]{","b":"\\"}"} y', { a: "}]{", b: '"}' }],
    ["an object after a bracket without partner", 'a [ or { opens: {"n":1}', { n: 1 }],
    ["an object after a quote without partner", '{ 5" wide\n{"n":1}', { n: 1 }],
    ["nothing in prose", "I would rather talk {about it}.", undefined],
    ["nothing in an empty text", "", undefined],
  ])("findJson finds %s", (_what, text, expected) => {
    expect(findJson(text)).toEqual(expected);
  });

  // In the square of its length each of these would take minutes.
  test.each([
    ["opening brackets", "[".repeat(2_000_000)],
    ["opening braces", '{"'.repeat(1_000_000)],
    ["pairs", "{a}".repeat(500_000)],
    ["nested pairs", "{".repeat(500_000) + "}".repeat(500_000)],
    ["fences", "```json\n".repeat(200_000)],
    ["spaces after fences", `\`\`\`${" ".repeat(2_000_000)}`],
  ])("findJson takes time in proportion to the length of the text: %s", (_what, text) => {
    expect(findJson(text)).toBeUndefined();
  });
});
