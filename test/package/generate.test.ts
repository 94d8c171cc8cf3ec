import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../openapi/corrections.js";
import { documentDifference, lineDifference, sortKeys } from "../../openapi/difference.js";
import { flatTypes } from "../../openapi/flat-types.js";
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
    const preview: unknown = JSON.parse(await readFile(join(repositoryRoot, "openapi", "opencode-2.json"), "utf8"));
    expect(preview).toMatchObject({ paths: expect.objectContaining({ "/api/health": expect.anything() }) });
    const types = await readFile(join(repositoryRoot, "src/generated/schema-2.ts"), "utf8");
    expect(types).toContain(`the 2.0 preview (${pinned().preview.version})`);
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

describe("the generated types", () => {
  /** As openapi-typescript writes them. */
  const declarations = `
    export interface paths {
      "/pet/{id}": { parameters: { path?: never }; get: operations["pet.get"]; put?: never; patch: operations["pet.rename"] };
      "/pets": { get: operations["pet.list"]; post: operations["pet.add"]; delete: operations["pet.clear"] };
      "/event": { get: operations["event"] };
    }
    export interface components { schemas: {
      Pet: {
        /** @description Given by the owner, unique in a household */
        name: string;
        /** @enum {string} */
        kind: "cat" | "dog"; owner: { name: string; address?: string };
      };
      EventPetAdded: { type: "pet.added"; properties: { pet: components["schemas"]["Pet"]; by: string; at: number } };
      Wrapped: { payload: { type: "pet.added"; properties: { pet: components["schemas"]["Pet"]; by: string; at: number } } };
    } }
    export interface operations {
      "pet.get": { parameters: { query?: { directory?: string; workspace?: string }; path: { id: string } };
        responses: { 200: { content: { "application/json": components["schemas"]["Pet"] } };
          404: { content: { "application/json": { name: "NotFound" } } } } };
      "pet.rename": { parameters: { path: { id: string } }; requestBody: { content: { "application/json": { name: string } } };
        responses: { 200: { content: { "application/json": boolean } } } };
      "pet.list": { parameters: { query?: never }; requestBody?: never;
        responses: { 200: { content: { "application/json": components["schemas"]["Pet"][] } } } };
      "pet.add": { parameters: { query?: never }; requestBody?: { content: { "application/json": components["schemas"]["Pet"] } };
        responses: { 200: { content: { "application/json": components["schemas"]["Pet"] } }; 204: { content?: never } } };
      "pet.clear": { parameters: { query: { really: boolean } }; responses: { 204: { content?: never } } };
      event: { parameters: { query?: never }; responses: { 200: { content: { "text/event-stream": string } } } };
    }`;
  const lines = flatTypes(declarations, "1.2.3").split("\n");
  const below = (line: string, count: number) => lines.slice(lines.indexOf(line) + 1).slice(0, count);

  it("a schema keeps the description of its properties and nothing that the type says already", () => {
    expect(below("export interface Schemas {", 6)).toEqual([
      "  Pet: {",
      "    /** Given by the owner, unique in a household */",
      "    name: string;",
      '    kind: "cat" | "dog";',
      "    owner: { name: string; address?: string };",
      "  };",
    ]);
  });

  it("an inline object that equals a schema is that schema", () => {
    expect(lines).toContain('  Wrapped: { payload: Schemas["EventPetAdded"] };');
  });

  it("a route has its parameters, its body and the data of its success", () => {
    expect(lines.join("\n")).toContain("in the OpenAPI document of 1.2.3");
    expect(below("  get: {", 8)).toEqual([
      '    "/pet/{id}": {',
      "      init: { params: { path: { id: string }; query?: Place }; body?: undefined };",
      '      data: Schemas["Pet"];',
      "    };",
      '    "/pets": {',
      "      init: { params?: { query?: never }; body?: undefined };",
      '      data: Schemas["Pet"][];',
      "    };",
    ]);
  });

  it("a body is required or optional as in the document, and a success without content is undefined", () => {
    expect(below("  post: {", 3)).toEqual([
      '    "/pets": {',
      '      init: { params?: { query?: never }; body?: Schemas["Pet"] | undefined };',
      '      data: Schemas["Pet"] | undefined;',
    ]);
    expect(below("  patch: {", 2)).toContain(
      "      init: { params: { path: { id: string } }; body: { name: string } };",
    );
    expect(below("  delete: {", 3)).toEqual([
      '    "/pets": {',
      "      init: { params: { query: { really: boolean } }; body?: undefined };",
      "      data: undefined;",
    ]);
  });

  it("an event stream is no route", () => {
    expect(lines.join("\n")).not.toContain('"/event"');
  });
});
