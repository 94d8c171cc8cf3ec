/**
 * From the declarations of openapi-typescript to those of `src/generated/schema.ts`: the schemas by name, and one flat table of
 * routes per verb. A compiler reads a small file, and looks a route up without evaluating generics over the whole document.
 * Pure.
 */
import ts from "typescript";
import { TypePrinter } from "./type-printer.js";

const verbs = ["get", "post", "put", "patch", "delete"];
/** The answers of a call that succeeds. */
const successes = ["200", "201", "202", "204"];

/** Parameters that most routes have, by a name of their own. */
const helpers = `
/** The query of most routes: overrides the directory and the workspace of the client. */
type Place = { directory?: string; workspace?: string };
/** The query of most routes below \`/api\`. */
type Located = { location?: { directory?: string; workspace?: string } };
`;

/** The module of the schemas and routes of a release, from the module that openapi-typescript prints. */
export function flatTypes(declarations: string, version: string): string {
  const file = parse(declarations);
  const printer = new TypePrinter();
  for (const helper of parse(helpers).statements) {
    if (ts.isTypeAliasDeclaration(helper)) printer.name(helper.type, helper.name.text);
  }
  return [
    "/**",
    ` * Every object of the agent's API, by its name in the OpenAPI document of ${version}, for example \`Schemas["Pty"]\`. The union of`,
    ' * all events is `Schemas["Event"]`. The agent owns these names: they may change with its release.',
    " */",
    ...schemasInterface(file, printer),
    helpers,
    "/** The documented routes by verb and path: the arguments of a call and its data. Event streams are left out. */",
    "export interface Routes {",
    ...verbs.flatMap((verb) => [`  ${verb}: {`, ...routes(file, verb, printer), "  };"]),
    "}",
    "",
  ].join("\n");
}

/** The module of the schemas alone. */
export function flatSchemas(declarations: string, version: string): string {
  return [
    "/**",
    ` * Objects of the 2.x API, by their names in the OpenAPI document of ${version}, for example`,
    ' * `Schemas["SessionV2.Info"]`. Released 2.x differs in names and fields: the types are those of the preview, and no promise for other',
    " * servers.",
    " */",
    ...schemasInterface(parse(declarations), new TypePrinter()),
    "",
  ].join("\n");
}

function schemasInterface(file: ts.SourceFile, printer: TypePrinter): string[] {
  const schemas = properties(properties(interfaceOf(file, "components")).get("schemas")?.type);
  const named = [...schemas].map(([name, { type }]) => ({ type, name: `Schemas[${JSON.stringify(name)}]` }));
  for (const { type, name } of named) printer.name(type, name, 60);
  // An event occurs in up to four schemas, each with the same facts.
  for (const { type, name } of named) {
    for (const key of ["properties", "data"]) {
      const facts = properties(type).get(key);
      if (facts !== undefined) printer.name(facts.type, `${name}["${key}"]`, 60);
    }
  }
  return [
    "export interface Schemas {",
    ...[...schemas].map(([name, { type }]) => `  ${key(name)}: ${printer.print(type, "  ")};`),
    "}",
  ];
}

function routes(file: ts.SourceFile, verb: string, printer: TypePrinter): string[] {
  const operations = properties(interfaceOf(file, "operations"));
  return [...properties(interfaceOf(file, "paths"))].flatMap(([path, { type }]) => {
    const reference = properties(type).get(verb);
    if (reference === undefined || reference.isOptional) return []; // put?: never
    const route = routeOf(operationOf(reference.type, operations), printer);
    if (route === undefined) return [];
    return [`    ${JSON.stringify(path)}: {`, ...route.map((line) => `      ${line};`), "    };"];
  });
}

/** `operations["session.get"]` */
function operationOf(reference: ts.TypeNode, operations: Properties): Properties {
  if (!ts.isIndexedAccessTypeNode(reference) || !ts.isLiteralTypeNode(reference.indexType))
    return properties(reference);
  const name = ts.isStringLiteral(reference.indexType.literal) ? reference.indexType.literal.text : "";
  const operation = operations.get(name);
  if (operation === undefined) throw new Error(`There is no operation ${name}.`);
  return properties(operation.type);
}

/** The members of a route; `undefined` for an event stream. */
function routeOf(operation: Properties, printer: TypePrinter): string[] | undefined {
  const data = dataOf(properties(operation.get("responses")?.type), printer);
  if (data === undefined) return undefined;
  return [`init: { ${paramsOf(operation, printer)}; ${bodyOf(operation, printer)} }`, `data: ${data}`];
}

/** What is not taken must not be given: `path?: never`, `body?: undefined`. */
function paramsOf(operation: Properties, printer: TypePrinter): string {
  const parameters = properties(operation.get("parameters")?.type);
  const taken = ["path", "query"].flatMap((name) => {
    const one = parameters.get(name);
    return one === undefined
      ? []
      : [{ ...one, text: `${name}${one.isOptional ? "?" : ""}: ${printer.print(one.type, "        ")}` }];
  });
  const isOptional = taken.every((one) => one.isOptional);
  return `params${isOptional ? "?" : ""}: { ${taken.map(({ text }) => text).join("; ")} }`;
}

function bodyOf(operation: Properties, printer: TypePrinter): string {
  const body = operation.get("requestBody");
  const types = [...properties(properties(body?.type).get("content")?.type).values()];
  if (body === undefined || types.length === 0) return "body?: undefined";
  const text = types.map(({ type }) => printer.print(type, "        ")).join(" | ");
  return body.isOptional ? `body?: ${text} | undefined` : `body: ${text}`;
}

function dataOf(responses: Properties, printer: TypePrinter): string | undefined {
  const types = successes.flatMap((status) => {
    const response = responses.get(status);
    if (response === undefined) return [];
    const content = [...properties(properties(response.type).get("content")?.type)];
    if (content.length === 0) return ["undefined"];
    return content.map(([kind, { type }]) => (kind === "text/event-stream" ? kind : printer.print(type, "      ")));
  });
  return types.includes("text/event-stream") ? undefined : [...new Set(types)].join(" | ");
}

interface Property {
  readonly type: ts.TypeNode;
  readonly isOptional: boolean;
}
type Properties = ReadonlyMap<string, Property>;

function properties(type: ts.Node | undefined): Properties {
  if (type === undefined || !(ts.isTypeLiteralNode(type) || ts.isInterfaceDeclaration(type))) return new Map();
  return new Map(
    type.members.flatMap((member): [string, Property][] => {
      if (!ts.isPropertySignature(member) || member.type === undefined) return [];
      const name = ts.isIdentifier(member.name) || ts.isStringLiteral(member.name) || ts.isNumericLiteral(member.name);
      if (!name) return [];
      return [[member.name.text, { type: member.type, isOptional: member.questionToken !== undefined }]];
    }),
  );
}

function parse(text: string): ts.SourceFile {
  return ts.createSourceFile("types.ts", text, ts.ScriptTarget.Latest, true);
}

function interfaceOf(file: ts.SourceFile, name: string): ts.InterfaceDeclaration {
  const found = file.statements.find((one) => ts.isInterfaceDeclaration(one) && one.name.text === name);
  if (found === undefined || !ts.isInterfaceDeclaration(found)) throw new Error(`There is no interface ${name}.`);
  return found;
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
