/** The output while it is written, from the real agent. */
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  AbortedError,
  type AgentEvent,
  AnswerStream,
  askStream,
  ConfigError,
  type DeepPartial,
  OpencodeError,
  StructuredOutputError,
} from "../../../src/index.js";
import { hold } from "../../../src/testing/index.js";
import { type Fixture, hermetic, startFixture } from "../../support/fixture.js";

const Release = z.object({ version: z.string(), size: z.number(), notes: z.array(z.object({ text: z.string() })) });
type Release = z.infer<typeof Release>;
const release: Release = { version: "2.0.0", size: 12, notes: [{ text: "one" }, { text: "two" }] };
/** As a model writes it. */
const pieces = ['{"version":"2.', '0.0","si', 'ze":1', '2,"notes":[{"te', 'xt":"one"},{"text":"tw', 'o"}]}'];
const grown = [
  { version: "2." },
  { version: "2.0.0" },
  { version: "2.0.0", size: 12, notes: [{}] },
  { version: "2.0.0", size: 12, notes: [{ text: "one" }, { text: "tw" }] },
  release,
];
const inWords = { schema: Release, structured: "prompt" } as const;

let fixture: Fixture;
let wrongThenRight = 0;
beforeAll(async () => {
  fixture = await startFixture({}, ({ lastUserText }) => {
    if (!lastUserText.startsWith("Your final answer does not fit")) return undefined;
    wrongThenRight += 1;
    return { text: pieces };
  });
});
afterAll(() => fixture[Symbol.asyncDispose]());

async function valuesOf<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

describe("partialOutput", () => {
  test("partialOutput grows as the model writes, and its last value is the output of the answer", async () => {
    const rest = pieces.slice(1).map((text) => hold(text));
    fixture.answer("grow", { text: [pieces[0] ?? "", ...rest] });
    const stream = fixture.oc.askStream("grow", inWords);
    expectTypeOf(stream.partialOutput).toEqualTypeOf<AsyncIterable<DeepPartial<Release>>>();
    const values: DeepPartial<Release>[] = [];
    for await (const value of stream.partialOutput) {
      values.push(value);
      for (const text of rest.splice(0, values.length === 2 ? 2 : 1)) text.release(); // one of them shows nothing new
    }
    const { output } = await stream.answer;
    expect(values.slice(0, -1)).toEqual(grown);
    expect(values.at(-1)).toBe(output);
    expect(output).toEqual(release);
  });

  test("partialOutput reads a fenced value behind a sentence, in a session that exists", async () => {
    fixture.answer("fenced", { text: ["It is {a draft}. Here:\n", "```json\n", ...pieces, "\n```\n"] });
    const session = await fixture.oc.createSession({ title: "fenced" });
    const stream = session.askStream("fenced", { schema: Release });
    const values = await valuesOf(stream.partialOutput);
    expect(values.slice(0, -1)).toEqual(grown);
    expect(values.at(-1)).toBe((await stream.answer).output);
  });

  test("partialOutput has one value, the output, when the server takes the schema itself", async () => {
    fixture.answer("natively", { structured: release });
    const stream = fixture.oc.askStream("natively", { schema: Release, structured: "native" });
    expect(await valuesOf(stream.partialOutput)).toEqual([release]);
  });

  test("partialOutput begins anew with a repair, which an event tells", async () => {
    fixture.answer("repair", '{"version":"1","size":3}');
    const stream = fixture.oc.askStream("repair", inWords);
    const [values, events] = await Promise.all([valuesOf(stream.partialOutput), valuesOf(stream.events)]);
    expect(values).toEqual([{ version: "1", size: 3 }, ...grown, release]);
    const repairs = events.filter(({ type }) => type === "repair");
    expect(repairs).toMatchObject([{ attempt: 1, message: expect.stringContaining("notes") }]);
    expect(wrongThenRight).toBe(1);
  });

  test("partialOutput is also there for askStream() of the package, with its own types", async () => {
    fixture.answer("one-shot", { text: pieces });
    const { model, directory } = fixture;
    const stream = askStream<Release>("one-shot", {
      ...hermetic(model, directory),
      schema: z.toJSONSchema(Release),
      structured: "prompt",
    });
    expectTypeOf(stream).toEqualTypeOf<AnswerStream<Release>>();
    const values = await valuesOf(stream.partialOutput);
    expect(values.at(-1)).toEqual(release);
    expect(values.length).toBeGreaterThan(1);
  });

  test("partialOutput of a slow reader ends with the output", async () => {
    fixture.answer("late reader", { text: pieces });
    const stream = fixture.oc.askStream("late reader", inWords);
    await stream.answer;
    expect((await valuesOf(stream.partialOutput)).at(-1)).toEqual(release);
  });

  test("partialOutput rejects as the answer", async () => {
    fixture.answer("hopeless", '{"version":"1"}');
    const stream = fixture.oc.askStream("hopeless", { ...inWords, maxRepairs: 0 });
    const values: unknown[] = [];
    const read = async (): Promise<void> => {
      for await (const value of stream.partialOutput) values.push(value);
    };
    await expect(read()).rejects.toBeInstanceOf(StructuredOutputError);
    expect(values).toEqual([{ version: "1" }]);
  });

  test("a loop that leaves partialOutput aborts the turn", async () => {
    fixture.answer("leave", { text: [...pieces.slice(0, 2), hold("never sent")] });
    const stream = fixture.oc.askStream("leave", inWords);
    for await (const value of stream.partialOutput) if (value.version !== undefined) break;
    await expect(stream.answer).rejects.toBeInstanceOf(AbortedError);
  });

  test("partialOutput without a schema is a ConfigError that names the option", async () => {
    const stream = fixture.oc.askStream("no schema");
    expect(() => stream.partialOutput).toThrow(ConfigError);
    expect(() => stream.partialOutput).toThrow(/`schema`/);
    expect((await stream.answer).output).toBeUndefined();
  });

  test("a second iteration of partialOutput is an error", async () => {
    fixture.answer("twice", { text: pieces });
    const stream = fixture.oc.askStream("twice", inWords);
    await valuesOf(stream.partialOutput);
    await expect(valuesOf(stream.partialOutput)).rejects.toBeInstanceOf(OpencodeError);
  });

  test("partialOutput rejects with ConfigError for an unusable schema", async () => {
    const stream = fixture.oc.askStream("unusable", { schema: { type: "array", items: { pattern: "(" } } });
    await expect(valuesOf(stream.partialOutput)).rejects.toBeInstanceOf(ConfigError);
  });
});

test("a list of 20,000 elements in as many pieces is read in time linear to its length", async () => {
  const texts = Array.from({ length: 20_000 }, (_, n) => (n === 0 ? '{"value":["0"' : `,"${n}"`));
  const stream = new AnswerStream<string[]>(
    async (report) => {
      for (const text of [...texts, "]}"])
        report.emit({ type: "text-delta", sessionId: "ses_x", partId: "prt_x", text });
      return { sessionId: "ses_x", output: texts.map((_, n) => String(n)) } as never;
    },
    { schema: z.array(z.string()) },
  );
  const values = await valuesOf(stream.partialOutput);
  expect(values.at(-1)).toHaveLength(20_000);
});

test("DeepPartial makes members optional at any depth, and leaves texts, lists and unknown types", () => {
  interface Whole {
    readonly name: string;
    readonly kind: "a" | "b";
    readonly at: { readonly line: number; readonly tags: string[] }[];
    readonly pair: [number, { readonly x: string }];
    readonly any: unknown;
    readonly none: string | null;
  }
  type Grown = DeepPartial<Whole>;
  expectTypeOf<Grown["name"]>().toEqualTypeOf<string | undefined>();
  expectTypeOf<Grown["kind"]>().toEqualTypeOf<"a" | "b" | undefined>();
  expectTypeOf<NonNullable<Grown["at"]>[number]>().toEqualTypeOf<{
    readonly line?: number;
    readonly tags?: readonly string[];
  }>();
  expectTypeOf<Grown["none"]>().toEqualTypeOf<string | null | undefined>();
  expectTypeOf<DeepPartial<unknown>>().toEqualTypeOf<unknown>();
  expectTypeOf<DeepPartial<undefined>>().toEqualTypeOf<undefined>();
  expectTypeOf<Whole>().toExtend<Grown>();
  expectTypeOf<AnswerStream<{ a: 1 }>>().toExtend<AnswerStream<unknown>>();
  expectTypeOf<AgentEvent>().toExtend<{ readonly type: string }>();
});
