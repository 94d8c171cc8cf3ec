import { describe, expect, test } from "vitest";
import { stableStringify } from "../../src/util/json.js";

class Log {
  readonly #lines: string[] = [];
  warn(line: string): void {
    this.#lines.push(line);
  }
}

describe("stableStringify", () => {
  test("stableStringify gives equal text for equal plain values in any order of keys", () => {
    const one = { a: [1, { x: null, y: "z" }], b: undefined, c: true };
    const other = { c: true, a: [1, { y: "z", x: null }] };
    expect(stableStringify(one)).toBe(stableStringify(other));
    expect(stableStringify({ a: 1 })).not.toBe(stableStringify({ a: "1" }));
  });

  test("stableStringify tells class instances, functions and signals apart by identity", () => {
    const [one, other] = [new Log(), new Log()];
    expect(stableStringify({ logger: one })).toBe(stableStringify({ logger: one }));
    expect(stableStringify({ logger: one })).not.toBe(stableStringify({ logger: other }));
    expect(stableStringify([() => 1])).not.toBe(stableStringify([() => 1]));
    expect(stableStringify(new AbortController().signal)).not.toBe(stableStringify(new AbortController().signal));
    expect(stableStringify(new Map([[1, 2]]))).not.toBe(stableStringify(new Map([[1, 3]])));
  });

  test("stableStringify accepts cyclic objects and one object in two places", () => {
    const cyclic: Record<string, unknown> = { name: "winston" };
    cyclic["self"] = { list: [cyclic] };
    expect(stableStringify(cyclic)).toBe(stableStringify(cyclic));
    expect(stableStringify(cyclic)).toContain("winston");
    const shared = { a: 1 };
    expect(stableStringify([shared, shared])).toBe('[{"a":1},{"a":1}]');
  });

  test("stableStringify accepts bigint and undefined", () => {
    expect(stableStringify({ big: 1n })).toBe('{"big":"1"}');
    expect(stableStringify(undefined)).toBe("undefined");
  });
});
