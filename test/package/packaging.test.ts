import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { sourceFolder } from "../support/root.js";

/** From low to high. A file imports from its own folder or from a lower layer only, type imports included. */
const layers: readonly (readonly string[])[] = [
  ["errors", "types", "util", "generated"],
  ["client/", "process", "schema"],
  ["binary"],
  ["api"],
  ["events", "server", "tools"],
  ["permissions", "render"],
  ["hooks"],
  ["session"],
  ["opencode", "connect", "connection", "connection-seed", "credential", "provider-auth"],
  ["daemon"],
  ["node"],
  ["index", "client", "kept", "testing"],
  ["web"],
  ["cli"],
];

interface Import {
  readonly from: string;
  /** A file relative to `src`, or the name of a module. */
  readonly to: string;
  readonly isType: boolean;
  /** By `import()`: loaded when it is called for. */
  readonly isLazy: boolean;
}

const files = readdirSync(sourceFolder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
const ofFile = new Map(files.map((file) => [file, importsOf(file)]));
const imports = [...ofFile.values()].flat();

function importsOf(from: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: string, isType: boolean, isLazy = false): void => {
    const to = specifier.startsWith(".") ? join(dirname(from), specifier.replace(/\.js$/, ".ts")) : specifier;
    found.push({ from, to, isType, isLazy });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, isTypeOnly(node.importClause));
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (ts.isStringLiteral(node.argument.literal)) add(node.argument.literal.text, true);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument && ts.isStringLiteral(argument)) add(argument.text, false, true);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(from, readFileSync(join(sourceFolder, from), "utf8"), ts.ScriptTarget.Latest));
  return found;
}

/** With `verbatimModuleSyntax` an import without any value in braces still loads the module. */
function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  return clause?.isTypeOnly === true;
}

/** Folder or top-level file; the folder `client/` is not the entry `client`. */
function unitOf(file: string): string {
  const [first = ""] = file.split("/");
  if (!file.includes("/")) return first.replace(/\.ts$/, "");
  return first === "client" ? "client/" : first;
}

function layerOf(file: string): number {
  return layers.findIndex((units) => units.includes(unitOf(file)));
}

function isAllowed({ from, to }: Import): boolean {
  if (unitOf(from) === "cli" && unitOf(to) !== "cli") return [...entries, "web/server.ts"].includes(to);
  // The page is a program of its own, for the browser: what it imports must be safe there.
  if (isPage(from)) return isPage(to) || to === "client.ts";
  if (unitOf(from) === "web" && (unitOf(to) !== "web" || isPage(to))) return entries.includes(to);
  // The lowest layer is one unit: errors know the types of answers, and the types know errors.
  const isOwn = unitOf(from) === unitOf(to) || (layerOf(from) === 0 && layerOf(to) === 0);
  const areNeighbours = !from.includes("/") && !to.includes("/") && layerOf(from) === layerOf(to);
  return isOwn || areNeighbours || layerOf(to) < layerOf(from);
}

/** The public entries: with them alone the command and the web page are made. */
const entries = ["index.ts", "client.ts", "kept.ts", "testing/index.ts"];

function isPage(file: string): boolean {
  return file.startsWith("web/page/");
}

/** All that is loaded by `entry`, directly or not. */
function reachable(entry: string, withTypes: boolean, withLazy = true): Set<string> {
  const seen = new Set([entry]);
  for (const file of seen) {
    for (const { to, isType, isLazy } of ofFile.get(file) ?? []) {
      if ((withTypes || !isType) && (withLazy || !isLazy)) seen.add(to);
    }
  }
  return seen;
}

describe("the sourceFolder tree", () => {
  test("every file belongs to a layer", () => {
    expect(files.length).toBeGreaterThan(50);
    expect(files.filter((file) => layerOf(file) < 0)).toEqual([]);
  });

  test("a file imports from its own folder or from a lower layer only", () => {
    const local = imports.filter(({ to }) => to.endsWith(".ts"));
    const wrong = local.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} imports ${to}`);
    expect(wrong).toEqual([]);
  });

  test("no file imports itself by a detour", () => {
    const cyclic = files.filter((file) =>
      (ofFile.get(file) ?? []).some(({ to }) => to.endsWith(".ts") && reachable(to, true).has(file)),
    );
    expect(cyclic).toEqual([]);
  });

  test("only the declared dependencies are imported", () => {
    const shipped = imports.filter(({ from }) => !isPage(from)).map(({ to }) => to);
    const names = new Set(shipped.filter((to) => !to.endsWith(".ts") && !to.startsWith("node:")));
    expect([...names].sort()).toEqual([
      "@cfworker/json-schema",
      "@clack/prompts",
      "@modelcontextprotocol/sdk/server/index.js",
      "@modelcontextprotocol/sdk/server/streamableHttp.js",
      "@modelcontextprotocol/sdk/shared/transport.js",
      "@modelcontextprotocol/sdk/types.js",
      "commander",
      "eventsource-parser",
      "file-type",
      "openapi-fetch",
      "p-retry",
      "tar",
      "unbash",
      "undici",
      "yauzl",
    ]);
  });

  test("the web page is made of its own modules, opencode-ts/client, and two libraries that are bundled", () => {
    const others = imports.filter(({ from, to }) => isPage(from) && !isPage(to)).map(({ to }) => to);
    expect([...new Set(others)].sort()).toEqual(["client.ts", "dompurify", "marked"]);
  });
});

/** Files that import more than 15 others because they put the whole together: the entries, and the page. */
const assemblies = ["client.ts", "index.ts", "web/page/app.ts"];

describe("the size of a source file", () => {
  const written = files.filter((file) => !file.startsWith("generated/"));

  test("is at most 300 lines", () => {
    const lines = (file: string): number => readFileSync(join(sourceFolder, file), "utf8").split("\n").length - 1;
    expect(written.filter((file) => lines(file) > 300)).toEqual([]);
  });

  test("is at most 15 imported files, apart from the files that put the whole together", () => {
    const imported = (file: string): number =>
      new Set((ofFile.get(file) ?? []).map(({ to }) => to).filter((to) => to.endsWith(".ts"))).size;
    expect(written.filter((file) => imported(file) > 15).sort()).toEqual(assemblies);
  });
});

describe("the command line", () => {
  test("imports the public entries only", () => {
    const foreign = imports.filter(
      ({ from, to }) => unitOf(from) === "cli" && to.endsWith(".ts") && unitOf(to) !== "cli",
    );
    expect([...new Set(foreign.map(({ to }) => to))].sort()).toEqual(["index.ts", "kept.ts", "web/server.ts"]);
  });

  test("alone loads what parses arguments and asks in a terminal, and a warm call does not", () => {
    const tools = ["commander", "@clack/prompts"];
    expect(imports.filter(({ from, to }) => tools.includes(to) && unitOf(from) !== "cli")).toEqual([]);
    const warm = reachable("cli/preload.ts", false, false);
    expect(warm).toContain("kept.ts");
    expect(tools.filter((tool) => warm.has(tool))).toEqual([]);
  });
});

/** Literals on purpose: a list made from the sourceFolder would agree with every mistake in it. */
const errors = [
  "AbortedError",
  "AgentError",
  "AgentNotFoundError",
  "APIAbortError",
  "APIConnectionError",
  "APIResponseValidationError",
  "APIStatusError",
  "APITimeoutError",
  "AuthenticationError",
  "BadRequestError",
  "BinaryDownloadError",
  "BinaryNotFoundError",
  "BudgetExceededError",
  "ConfigError",
  "ConflictError",
  "ContentFilterError",
  "ContextOverflowError",
  "IdleTimeoutError",
  "InternalServerError",
  "MessageNotFoundError",
  "ModelNotFoundError",
  "NotFoundError",
  "OpencodeError",
  "PermissionDeniedError",
  "ProviderAuthError",
  "ProviderRateLimitError",
  "RateLimitError",
  "ServerExitedError",
  "ServerStartupError",
  "ServerStartupTimeoutError",
  "ServerUnresponsiveError",
  "SessionBusyError",
  "SessionNotFoundError",
  "StructuredOutputError",
  "ToolError",
  "TurnTimeoutError",
  "UnprocessableEntityError",
  "UnsupportedEndpointError",
  "UnsupportedServerVersionError",
];

describe("the entries", () => {
  test("opencode-ts/client reaches no module of Node, not even for types", () => {
    expect([...reachable("client.ts", true)].filter((name) => name.startsWith("node:"))).toEqual([]);
  });

  test("opencode-ts/client can be bundled for a browser", async () => {
    const { outputFiles, warnings, errors } = await build({
      entryPoints: [join(sourceFolder, "client.ts")],
      bundle: true,
      write: false,
      format: "esm",
      platform: "browser",
      logLevel: "silent",
    });
    expect({ warnings, errors }).toEqual({ warnings: [], errors: [] });
    expect(outputFiles[0]?.text).not.toMatch(/from "node:|require\("/);
  });

  test("opencode-ts exports what it promises, and nothing else", async () => {
    const functions = ["ask", "askStream", "attach", "createOpencode", "createOpencodeClient", "createOpencodeServer"];
    const permissions = ["approveAll", "parsePolicy", "policy"];
    const binaries = ["installBinary", "listBinaries", "resolveBinary"];
    const rest = [
      "AnswerStream",
      "defineTool",
      "isOpencodeError",
      "measureData",
      "Opencode",
      "renderEvents",
      ...binaries,
      "Session",
      ...permissions,
    ];
    expect(await valuesOf("index.ts")).toEqual([...errors, ...functions, ...rest].sort());
  });

  test("opencode-ts/client exports what it promises, and nothing else", async () => {
    const permissions = ["approveAll", "parsePolicy", "policy"];
    const rest = ["AnswerStream", "createOpencode", "createOpencodeClient", "isOpencodeError", "Opencode", "Session"];
    rest.push(...permissions);
    expect(await valuesOf("client.ts")).toEqual([...errors, ...rest].sort());
  });

  test("opencode-ts/kept exports what it promises, and nothing else", async () => {
    const conversation = ["findConversation", "KeptConversation", "openConversation"];
    const servers = ["findKept", "keepServer", "keptStatus", "listKept", "stopAllKept", "stopKept"];
    expect(await valuesOf("kept.ts")).toEqual([...conversation, ...servers].sort());
  });

  test("opencode-ts/testing exports what it promises, and nothing else", async () => {
    const names = ["createMemoryAgent", "createScriptedModel", "failing", "hold", "toolCall", "toolCalls"];
    expect(await valuesOf("testing/index.ts")).toEqual(names);
  });
});

/** Names that exist at run time. */
async function valuesOf(entry: string): Promise<string[]> {
  return Object.keys(await import(join(sourceFolder, entry))).sort();
}
