import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { repositoryRoot, sourceFolder } from "../support/root.js";

/** Folders that speak the agent's protocol. */
const speakers = [
  "api/", // the seam and its implementations
  "client/", // the raw client, which is public
  "generated/", // its types
  "testing/", // the agent in memory, which answers the routes
  "web/", // the page uses the raw client, through a proxy that knows which of its routes it lets pass
];

const { paths } = JSON.parse(readFileSync(join(repositoryRoot, "openapi/opencode.json"), "utf8")) as {
  paths: Readonly<Record<string, unknown>>;
};

/** A documented route, at an address or not, with values in place of its parameters or not. */
const route = new RegExp(`^(?:\\{\\})?(?:${Object.keys(paths).map(pattern).join("|")})(?:\\?.*)?$`);

function pattern(path: string): string {
  return path
    .split(/\{\w+\}/)
    .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
    .join("[^/?]+");
}

const verbs = new Set(["GET", "POST", "PUT", "PATCH", "DELETE"]);

const allFiles = readdirSync(sourceFolder, { recursive: true, encoding: "utf8" })
  .map((file) => file.replaceAll("\\", "/"))
  .filter((file) => file.endsWith(".ts"));
const files = allFiles.filter((file) => !speakers.some((folder) => file.startsWith(folder)));

/** All texts of a file; in those with values, `{}` stands for each. */
function textsOf(source: ts.SourceFile): string[] {
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    if (ts.isTemplateExpression(node)) {
      texts.push(node.head.text + node.templateSpans.map(({ literal }) => `{}${literal.text}`).join(""));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts;
}

function verbsOf(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && verbs.has(node.name.text)) found.push(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** The names that the interfaces of a file declare. */
function propertiesOf(source: ts.SourceFile): string[] {
  return source.statements
    .filter(ts.isInterfaceDeclaration)
    .flatMap(({ members }) =>
      members.flatMap(({ name }) => (name !== undefined && ts.isIdentifier(name) ? [name.text] : [])),
    );
}

/** `x` of `….capabilities.x`. */
function capabilitiesReadIn(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const of = ts.isPropertyAccessExpression(node) ? node.expression : undefined;
    if (of !== undefined && ts.isPropertyAccessExpression(of) && of.name.text === "capabilities")
      found.push((node as ts.PropertyAccessExpression).name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function parse(text: string): ts.SourceFile {
  return ts.createSourceFile("file.ts", text, ts.ScriptTarget.Latest);
}

const sources = sourcesOf(files);
/** The page asks for capabilities as the library does. */
const pageSources = sourcesOf(allFiles.filter((file) => file.startsWith("web/")));

function sourcesOf(list: readonly string[]): { readonly file: string; readonly source: ts.SourceFile }[] {
  return list.map((file) => ({ file, source: parse(readFileSync(join(sourceFolder, file), "utf8")) }));
}

describe("the seam between the library and the agent's protocol", () => {
  test("no file of the library outside of src/api has a route of the agent", () => {
    expect(files.length).toBeGreaterThan(150);
    const found = sources.flatMap(({ file, source }) =>
      textsOf(source)
        .filter((text) => route.test(text))
        .map((text) => ({ file, text })),
    );
    expect(found).toEqual([]);
  });

  test("no file of the library outside of src/api calls a verb of the raw client", () => {
    const found = sources.flatMap(({ file, source }) => verbsOf(source).map((call) => `${file}: ${call}`));
    expect(found).toEqual([]);
  });

  test("each declared capability is read outside of src/api", () => {
    const declared = propertiesOf(parse(readFileSync(join(sourceFolder, "api/capabilities.ts"), "utf8")));
    const read = new Set([...sources, ...pageSources].flatMap(({ source }) => capabilitiesReadIn(source)));
    expect(declared.length).toBeGreaterThan(0);
    expect([...read].sort()).toEqual(declared.sort());
  });

  test.each([
    ['client.GET("/session/{sessionID}/message", {})'],
    [`fetch(\`\${url}/global/health\`)`],
    [`post(\`/session/\${id}/fork\`)`],
    ['get("/experimental/session?limit=200")'],
    ['client.stream("/event")'],
    ['get("/session/ses_1")'],
  ])("%s is found as a use of a route", (text) => {
    expect(textsOf(parse(text)).filter((one) => route.test(one))).toHaveLength(1);
  });

  test.each([['"/sessions [number or id]"'], [`\`/mcp/\${secret}\``], ['"/tmp/session"'], ['"session"']])(
    "%s is no route",
    (text) => {
      expect(textsOf(parse(text)).filter((one) => route.test(one))).toEqual([]);
    },
  );
});
