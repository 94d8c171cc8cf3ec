import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import {
  fanOut,
  type Import,
  importsOfFile,
  reachable,
  sourceFiles,
  sourceText,
} from "../../scripts/source-imports.js";
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

const imports = [...importsOfFile.values()].flat();

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

describe("the source tree", () => {
  test("every source file belongs to a layer", () => {
    expect(sourceFiles.length).toBeGreaterThan(50);
    expect(sourceFiles.filter((file) => layerOf(file) < 0)).toEqual([]);
  });

  test("a source file imports from its own folder or from a lower layer only", () => {
    const local = imports.filter(({ to }) => to.endsWith(".ts"));
    const wrong = local.filter((one) => !isAllowed(one)).map(({ from, to }) => `${from} imports ${to}`);
    expect(wrong).toEqual([]);
  });

  test("no source file imports itself through other files", () => {
    const cyclic = sourceFiles.filter((file) =>
      (importsOfFile.get(file) ?? []).some(
        ({ to }) => to.endsWith(".ts") && reachable(to, { types: true, lazy: true }).has(file),
      ),
    );
    expect(cyclic).toEqual([]);
  });

  test("the source files import only the listed packages", () => {
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
      "https-proxy-agent",
      "openapi-fetch",
      "p-retry",
      "tar",
      "unbash",
      "yauzl",
    ]);
  });

  test("the web page imports only its own modules, opencode-ts/client, dompurify and marked", () => {
    const others = imports.filter(({ from, to }) => isPage(from) && !isPage(to)).map(({ to }) => to);
    expect([...new Set(others)].sort()).toEqual(["client.ts", "dompurify", "marked"]);
  });
});

/** Files that import more than 15 others because they put the whole together: the entries, the list of the public types, and the page. */
const assemblies = ["client.ts", "index.ts", "types/index.ts", "web/page/app.ts"];

describe("the size of a source file", () => {
  const written = sourceFiles.filter((file) => !file.startsWith("generated/"));

  test("no source file has more than 300 lines", () => {
    const lines = (file: string): number => sourceText(file).split("\n").length - 1;
    expect(written.filter((file) => lines(file) > 300)).toEqual([]);
  });

  test("no source file imports more than 15 others, apart from the files that assemble the whole", () => {
    expect(written.filter((file) => fanOut(file) > 15).sort()).toEqual(assemblies);
  });
});

describe("the command line", () => {
  test("the command line imports only the modules index.ts, kept.ts and web/server.ts", () => {
    const foreign = imports.filter(
      ({ from, to }) => unitOf(from) === "cli" && to.endsWith(".ts") && unitOf(to) !== "cli",
    );
    expect([...new Set(foreign.map(({ to }) => to))].sort()).toEqual(["index.ts", "kept.ts", "web/server.ts"]);
  });

  test("only the command line imports commander and @clack/prompts, and a warm call loads neither", () => {
    const tools = ["commander", "@clack/prompts"];
    expect(imports.filter(({ from, to }) => tools.includes(to) && unitOf(from) !== "cli")).toEqual([]);
    const warm = reachable("cli/preload.ts", { types: false, lazy: false });
    expect(warm).toContain("kept.ts");
    expect(tools.filter((tool) => warm.has(tool))).toEqual([]);
  });
});

/** Literals on purpose: a list made from the source folder would agree with every mistake in it. */
const errors = [
  "AbortedError",
  "AgentError",
  "AgentNotFoundError",
  "APIAbortError",
  "APIConnectionError",
  "APIResponseValidationError",
  "APIStatusError",
  "APITimeoutError",
  "ApprovalPendingError",
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
  "RunawayError",
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
    expect([...reachable("client.ts", { types: true, lazy: true })].filter((name) => name.startsWith("node:"))).toEqual(
      [],
    );
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

  test("opencode-ts exports exactly the listed values", async () => {
    const functions = ["ask", "askStream", "attach", "createOpencode", "createOpencodeClient", "createOpencodeServer"];
    const permissions = ["approveAll", "parsePolicy", "policy"];
    const binaries = ["installBinary", "listBinaries", "resolveBinary"];
    const rest = [
      "AnswerStream",
      "defineTool",
      "isOpencodeError",
      "measureData",
      "openApprovals",
      "Opencode",
      "renderEvents",
      ...binaries,
      "Session",
      ...permissions,
    ];
    expect(await valuesOf("index.ts")).toEqual([...errors, ...functions, ...rest].sort());
  });

  test("opencode-ts/client exports exactly the listed values", async () => {
    const permissions = ["approveAll", "parsePolicy", "policy"];
    const rest = ["AnswerStream", "createOpencode", "createOpencodeClient", "isOpencodeError", "Opencode", "Session"];
    rest.push(...permissions);
    expect(await valuesOf("client.ts")).toEqual([...errors, ...rest].sort());
  });

  test("opencode-ts/kept exports exactly the listed values", async () => {
    const conversation = ["findConversation", "KeptConversation", "openConversation"];
    const servers = ["findKept", "findService", "keepServer", "keptStatus", "listKept", "stopAllKept", "stopKept"];
    expect(await valuesOf("kept.ts")).toEqual([...conversation, ...servers].sort());
  });

  test("opencode-ts/testing exports exactly the listed values", async () => {
    const names = ["createMemoryAgent", "createScriptedModel", "failing", "hold", "toolCall", "toolCalls"];
    expect(await valuesOf("testing/index.ts")).toEqual(names);
  });
});

/** Names that exist at run time. */
async function valuesOf(entry: string): Promise<string[]> {
  return Object.keys(await import(join(sourceFolder, entry))).sort();
}
