/** Schemas of three libraries, over the real agent: the model is told them, the value is checked and typed by them. */
import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import { ConfigError, type StandardSchema, StructuredOutputError } from "../../../src/index.js";
import { type Fixture, startFixture } from "../../support/fixture.js";

interface Person {
  name: string;
  age: number;
}

/** The same in three ways; a name must not be empty. */
const schemas: [library: string, schema: StandardSchema<Person>][] = [
  ["valibot", toStandardJsonSchema(v.object({ name: v.pipe(v.string(), v.minLength(1)), age: v.number() }))],
  ["zod", z.object({ name: z.string().min(1), age: z.number() })],
  ["arktype", type({ name: "string > 0", age: "number" })],
];

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const ada = { name: "Ada", age: 36 };

describe.each(schemas)("a schema of %s", (library, schema) => {
  test("a schema reaches the model as a tool, and the output is checked and typed by the schema", async () => {
    fixture.answer(`${library} native`, { structured: ada });
    const { output } = await fixture.oc.ask(`${library} native`, { schema });
    expectTypeOf(output).toEqualTypeOf<Person>();
    expect(output).toEqual(ada);
    const request = fixture.model.requests.findLast(({ lastUserText }) => lastUserText === `${library} native`);
    const offered = JSON.stringify(request?.body["tools"]);
    expect(offered).toMatch(/StructuredOutput.*"required":\["(name","age|age","name)"\]/);
  });

  test("a turn of a session with a schema gives the output", async () => {
    fixture.answer(`${library} in words`, { structured: ada });
    const session = await fixture.oc.createSession();
    expect((await session.ask(`${library} in words`, { schema })).output).toEqual(ada);
  });

  test("an output that violates the schema rejects with the path of the wrong field", async () => {
    fixture.answer(`${library} wrong`, { structured: { name: "", age: 36 } });
    const error = await fixture.oc
      .ask(`${library} wrong`, { schema, maxRepairs: 0 })
      .catch((caught: unknown) => caught);
    if (!(error instanceof StructuredOutputError)) throw error;
    expect(error.raw).toEqual({ name: "", age: 36 });
    const [place] = error.issues[0]?.path ?? [];
    expect(typeof place === "object" ? place.key : place).toBe("name");
  });
});

describe("a schema of valibot", () => {
  test("a valibot schema without a JSON Schema is a ConfigError before a model call", async () => {
    const schema = v.object({ name: v.string() });
    const before = fixture.model.requests.length;
    await expect(fixture.oc.ask("x", { schema })).rejects.toBeInstanceOf(ConfigError);
    expect(fixture.model.requests).toHaveLength(before);
  });

  test("the output of a valibot schema has the schema's default values", async () => {
    const schema = toStandardJsonSchema(v.object({ tags: v.optional(v.array(v.string()), ["none"]) }));
    fixture.answer("valibot default", { structured: {} });
    const { output } = await fixture.oc.ask("valibot default", { schema });
    expectTypeOf(output).toEqualTypeOf<{ tags: string[] }>();
    expect(output).toEqual({ tags: ["none"] });
  });
});
