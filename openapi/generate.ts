/**
 * Makes the types from the documents that the pinned agent and the pinned preview of 2.0 themselves serve:
 *
 *   tsx openapi/generate.ts            writes openapi/opencode.json, openapi/opencode-2.json and src/generated/
 *   tsx openapi/generate.ts --check    writes nothing; says what differs from the files, and then ends with 1
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";
import { agentBinary, pinned, previewBinary } from "../scripts/agent.js";
import { createOpencodeServer } from "../src/server/server.js";
import { correct, type Json, type JsonObject } from "./corrections.js";
import { documentDifference, lineDifference, sortKeys } from "./difference.js";
import { flatSchemas, flatTypes } from "./flat-types.js";
import { previewSchemas } from "./preview-schemas.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const header = "// Written by `npm run generate`. Do not edit.\n";
const documentFile = "openapi/opencode.json";
const previewFile = "openapi/opencode-2.json";

/** A release of the agent, and the document it serves. */
interface Served {
  readonly version: string;
  readonly document: JsonObject;
}

/** Starts the agent in a home of its own and asks it for the document at `path`. */
async function serve(binary: string, path: string): Promise<Served> {
  const directory = await mkdtemp(join(tmpdir(), "opencode-ts-generate-"));
  try {
    // Its state too: the generator leaves nothing behind.
    const env = { XDG_STATE_HOME: directory };
    await using server = await createOpencodeServer({
      binary,
      isolation: "clean",
      directory,
      env,
    });
    const authorization = `Basic ${Buffer.from(`${server.username}:${server.password}`).toString("base64")}`;
    const response = await fetch(`${server.url}${path}`, {
      headers: { authorization },
      signal: AbortSignal.timeout(30_000),
    });
    if (!response.ok) throw new Error(`GET ${path} was answered with ${response.status}.`);
    // Whatever it is, it is compared and turned into types as it is.
    return { version: server.version, document: (await response.json()) as JsonObject };
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** The same of the preview. Its types are those that the adapter speaks of. */
async function generatePreview(document: JsonObject): Promise<Map<string, string>> {
  const sorted = sortKeys(document);
  const trimmed: unknown = previewSchemas(correct(sorted as JsonObject)); // sorting keeps the kind of the value
  const types = await openapiTS(trimmed as OpenAPI3, { emptyObjectsUnknown: true, alphabetize: true }); // what it says it is
  const version = `the 2.0 preview (${pinned().preview.version})`;
  return new Map([
    [previewFile, `${JSON.stringify(sorted, undefined, 2)}\n`],
    ["src/generated/schema-2.ts", header + flatSchemas(astToString(types), version)],
  ]);
}

/** The content of every generated file, by its path from the root. */
async function generate({ version, document }: Served): Promise<Map<string, string>> {
  const sorted = sortKeys(document);
  const corrected: unknown = correct(sorted as JsonObject); // sorting keeps the kind of the value
  const types = await openapiTS(corrected as OpenAPI3, { emptyObjectsUnknown: true, alphabetize: true }); // what /doc says it is
  const release = [
    "/** The release of the agent that the types were generated from. */",
    `export const pinnedRelease = ${JSON.stringify(version)};`,
    "",
  ];
  return new Map([
    [documentFile, `${JSON.stringify(sorted, undefined, 2)}\n`],
    ["src/generated/schema.ts", header + flatTypes(astToString(types), version)],
    ["src/generated/release.ts", header + release.join("\n")],
    ["src/generated/events.ts", header + eventsModule(document)],
  ]);
}

/** The event types of `/event`. The heartbeat is not in the document (1.18.33). */
function eventsModule(document: JsonObject): string {
  const schemas = member(member(document, "components"), "schemas");
  const references = member(member(schemas, "Event"), "anyOf");
  if (!Array.isArray(references)) throw new Error("The document has no schema Event with anyOf.");
  const types = references.map((reference) => {
    const name = String(member(reference, "$ref")).split("/").at(-1) ?? "";
    const values = member(member(member(member(schemas, name), "properties"), "type"), "enum");
    if (!Array.isArray(values) || typeof values[0] !== "string") throw new Error(`The event ${name} has no type.`);
    return values[0];
  });
  const sorted = [...new Set([...types, "server.heartbeat"])].sort();
  return [
    "/** Every event type that the document names. */",
    "export const knownEvents: ReadonlySet<string> = new Set([",
    ...sorted.map((type) => `  ${JSON.stringify(type)},`),
    "]);",
    "",
  ].join("\n");
}

function member(value: Json | undefined, key: string): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value[key] : undefined;
}

async function onDisk(path: string): Promise<string> {
  return readFile(join(root, path), "utf8").catch(() => "");
}

/** What to print about a file that is not as it should be. */
function describe(path: string, stored: string, made: string): string[] {
  const title = `${path} ${stored === "" ? "is missing" : "is not what the agent's document gives"}:`;
  const details =
    [documentFile, previewFile].includes(path) && stored !== ""
      ? documentLines(stored, made)
      : lineDifference(stored, made);
  return [title, ...details.map((one) => `  ${one}`)];
}

function documentLines(stored: string, made: string): string[] {
  try {
    // Ours on both sides, and only compared.
    const lines = documentDifference(JSON.parse(stored) as JsonObject, JSON.parse(made) as JsonObject);
    return lines.length > 0 ? lines.slice(0, 40) : lineDifference(stored, made);
  } catch {
    return ["it is no JSON"];
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
  const served = await serve(await agentBinary(), "/doc");
  const expected = pinned().version;
  if (served.version !== expected) {
    throw new Error(`openapi/release.json pins ${expected}, but the agent is ${served.version}.`);
  }
  const preview = await serve(await previewBinary(), "/openapi.json");
  const files = new Map([...(await generate(served)), ...(await generatePreview(preview.document))]);
  let differing = 0;
  for (const [path, made] of files) {
    const stored = await onDisk(path);
    if (stored === made) continue;
    differing += 1;
    if (values.check) console.error(describe(path, stored, made).join("\n"));
    else await writeFile(join(root, path), made);
  }
  const count = `${differing} of ${files.size} files`;
  console.log(
    values.check ? `generate --check: ${count} differ.` : `generate: ${count} written, from ${served.version}.`,
  );
  if (values.check && differing > 0) process.exitCode = 1;
}

await main();
