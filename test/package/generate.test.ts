import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../openapi/corrections.js";
import { documentDifference, lineDifference, sortKeys } from "../../openapi/difference.js";
import { pinned } from "../../scripts/agent.js";
import { pinnedRelease } from "../../src/generated/release.js";
import { repositoryRoot } from "../support/root.js";

// That they are what the agent's document gives is the fixture `generate:check` of `npm run check`.
describe("the generated files", () => {
  it("the generated files name the release that release.json pins", async () => {
    expect(pinnedRelease).toBe(pinned().version);
    const document: unknown = JSON.parse(await readFile(join(repositoryRoot, "openapi", "opencode.json"), "utf8"));
    expect(document).toMatchObject({
      openapi: "3.1.0",
      paths: expect.objectContaining({ "/global/health": expect.anything() }),
    });
  });
});

describe("the difference of two documents", () => {
  const before: JsonObject = {
    info: { title: "a" },
    paths: { "/a": { get: { x: 1, y: [1, 2] }, post: {} }, "/b": { get: {} } },
    components: { schemas: { Kept: {}, Old: {}, Other: { type: "string" } } },
  };
  const after: JsonObject = {
    info: { title: "b" },
    paths: { "/a": { get: { y: [2, 1], x: 1 }, put: {} }, "/b": { get: {} } },
    components: { schemas: { Kept: {}, New: {}, Other: { type: "number" } } },
  };

  it("the difference of two documents names added, removed and changed operations, schemas and fields", () => {
    expect(documentDifference(before, after)).toEqual([
      "changed operation GET /a",
      "removed operation POST /a",
      "added operation PUT /a",
      "added schema New",
      "removed schema Old",
      "changed schema Other",
      "changed field info",
    ]);
  });

  it("two documents that differ only in key order have no difference", () => {
    const turned: JsonObject = Object.fromEntries(Object.entries(before).reverse());
    expect(documentDifference(before, turned)).toEqual([]);
    expect(JSON.stringify(sortKeys(turned))).toBe(JSON.stringify(sortKeys(before)));
    expect(JSON.stringify(sortKeys({ b: [2, { d: 1, c: null }], a: false }))).toBe(
      '{"a":false,"b":[2,{"c":null,"d":1}]}',
    );
  });
});

describe("the difference of two texts", () => {
  it("the difference of two texts is the lines between their common ends, with line numbers", () => {
    expect(lineDifference("a\nb\nc\n", "a\nx\ny\nc\n")).toEqual(["2 - b", "2 + x", "3 + y"]);
    expect(lineDifference("a\nb", "a\nb")).toEqual([]);
    expect(lineDifference("", "1\n2\n3", 2)).toEqual(["1 - ", "1 + 1", "2 + 2", "… 1 more"]);
  });
});
