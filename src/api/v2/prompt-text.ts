/** The parts of a prompt as 2.x takes them: one text, and images beside it. */

import { ConfigError } from "../../errors/index.js";
import type { Schemas } from "../../generated/schema-2.js";
import type { ApiCall, PartInput, PromptInput } from "../inputs.js";
import type { Dialect } from "./dialects.js";
import { missingError, requireThing } from "./missing.js";
import { locationQuery, plainDirectory, type Wire } from "./wire.js";

type FilePart = Extract<PartInput, { type: "file" }>;

/** An image, or on some servers an address that the server reads. */
interface PromptFile {
  readonly uri: string;
  readonly name?: string;
}

/** What is sent of a prompt. The same prompt gives the same. */
export interface FlatPrompt {
  readonly text: string;
  readonly files: readonly PromptFile[];
  readonly agents: readonly { readonly name: string }[];
}

/**
 * What becomes of a prompt in a run: `"queue"` waits for its end and has a run of its own, `"steer"` joins it at the next step. Without a
 * run both begin one. The same id with the other one is refused (2.0 preview 1.18.18).
 */
export type Delivery = "queue" | "steer";

/** The preview takes a prompt below `prompt`, later ones beside the id. */
export function bodyOf(
  { promptBody }: Dialect,
  id: string,
  { text, files, agents }: FlatPrompt,
  delivery?: Delivery,
): object {
  const prompt: Schemas["PromptInput"] = {
    text,
    ...(files.length === 0 ? {} : { files: [...files] }),
    ...(agents.length === 0 ? {} : { agents: [...agents] }),
  };
  const how = delivery === undefined ? {} : { delivery };
  return promptBody === "nested" ? { id, prompt, ...how } : { id, ...prompt, ...how };
}

/**
 * An attachment that the preview cannot pass on is admitted with 200 and makes every later prompt of the session fail (1.18.18). So
 * texts become part of the prompt's text, images are sent as data, and anything else is refused here. `directory`: that of the session.
 * @throws UnsupportedEndpointError for what the server cannot be given.
 * @throws ConfigError for an address that cannot be read.
 */
export async function flatPrompt(
  wire: Wire,
  { parts, system }: PromptInput,
  directory: string,
  call: ApiCall | undefined,
): Promise<FlatPrompt> {
  const texts: string[] = [];
  const files: PromptFile[] = [];
  const agents: { name: string }[] = [];
  // On other servers it is an entry of the session's instructions.
  if (system !== undefined && wire.dialect.instructions.length === 0) texts.push(systemText(system));
  for (const part of parts) {
    if (part.type === "text") texts.push(part.text);
    else if (part.type === "agent") {
      requireThing(wire.dialect, "agentMention");
      agents.push({ name: part.name });
    } else if (part.type === "subtask") throw missingError(wire.dialect, "subtask");
    else {
      const sent = await fileOf(wire, part, directory, call);
      if (typeof sent === "string") texts.push(sent);
      else files.push(sent);
    }
  }
  return { text: texts.join("\n\n"), files, agents };
}

const systemEnd = "\n</system-instructions>";

/** With its length: the text may have the mark of the end in it, and a prompt may begin with one like it. */
function systemText(system: string): string {
  return `<system-instructions length="${system.length}">\n${system}${systemEnd}`;
}

/** A stored prompt's text without the system text that was put before it. */
export function withoutSystemText(text: string): string {
  const [begin, length] = /^<system-instructions length="(\d{1,9})">\n/.exec(text) ?? [];
  if (begin === undefined) return text;
  const end = begin.length + Number(length);
  return text.startsWith(systemEnd, end) ? text.slice(end + systemEnd.length).replace(/^\n\n/, "") : text;
}

async function fileOf(
  wire: Wire,
  part: FilePart,
  directory: string,
  call: ApiCall | undefined,
): Promise<PromptFile | string> {
  const { dialect } = wire;
  const name = part.filename ?? nameIn(part.url);
  const isImage = dialect.images.has(part.mime);
  if (/^file:/i.test(part.url)) {
    if (dialect.readsFiles && (isImage || isText(part.mime))) return named(part.url, name);
    if (isImage || !isText(part.mime)) {
      throw missingError(
        dialect,
        "attachment",
        `${name ?? part.url} (${part.mime}) by its address; attach(path) sends it`,
      );
    }
    return inlined(name, await readText(wire, part.url, directory, call));
  }
  const bytes = bytesOf(part.url, name ?? "a file");
  if (isImage) return named(`data:${part.mime};base64,${base64(bytes)}`, name);
  const text = isText(part.mime) || part.mime === "application/octet-stream" ? decoded(bytes) : undefined;
  if (text === undefined) throw missingError(dialect, "attachment", `${name ?? "a file"} is ${part.mime}`);
  return inlined(name, text);
}

function named(uri: string, name: string | undefined): PromptFile {
  return name === undefined ? { uri } : { uri, name };
}

function inlined(name: string | undefined, text: string): string {
  return `<file${name === undefined ? "" : ` name=${JSON.stringify(name)}`}>\n${text}\n</file>`;
}

function isText(mime: string): boolean {
  const type = mime.split(";", 1)[0]?.trim().toLowerCase() ?? "";
  if (type.startsWith("text/")) return true;
  return /^(application\/(json|xml|yaml|x-yaml|toml|javascript|typescript|x-sh|sql|graphql)|image\/svg\+xml)$|\+(json|xml|yaml)$/.test(
    type,
  );
}

/** The bytes of a `data:` address. A broken one would be a broken session. */
function bytesOf(url: string, name: string): Uint8Array {
  const match = /^data:([^,]*),(.*)$/is.exec(url);
  if (match === null) throw new ConfigError(`${name}: expected a data: or file: URL; got ${url.slice(0, 80)}`);
  const [, head = "", body = ""] = match;
  try {
    const binary = /;base64$/i.test(head.trim()) ? atob(body) : undefined;
    const bytes =
      binary === undefined
        ? new TextEncoder().encode(decodeURIComponent(body))
        : Uint8Array.from(binary, (character) => character.charCodeAt(0));
    if (bytes.length > 0) return bytes;
  } catch (cause) {
    throw new ConfigError(`${name}: its data: URL cannot be decoded`, { cause });
  }
  throw new ConfigError(`${name}: it is empty, and there is nothing to attach`);
}

/** In pieces: a call has a limit of arguments. */
function base64(bytes: Uint8Array): string {
  let binary = "";
  for (let start = 0; start < bytes.length; start += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  return btoa(binary);
}

/** `undefined` for what is no UTF-8 text. */
function decoded(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined; // another encoding, or no text
  }
}

function nameIn(url: string): string | undefined {
  if (!/^file:/i.test(url)) return undefined;
  const last = pathIn(url).split("/").at(-1);
  return last === "" ? undefined : last;
}

/** Throws `ConfigError` for what is no file address. */
function pathIn(url: string): string {
  try {
    return decodeURIComponent(new URL(url).pathname);
  } catch (cause) {
    throw new ConfigError(`${url.slice(0, 80)} is no file: URL`, {
      cause,
      hint: "pathToFileURL() of node:url makes one of a path.",
    });
  }
}

/** The server reads files of the session's directory only (2.0 preview 1.18.18). */
async function readText(
  { client, dialect }: Wire,
  url: string,
  directory: string,
  call: ApiCall | undefined,
): Promise<string> {
  const path = pathIn(url);
  const base = `${plainDirectory(directory)}/`;
  if (!path.startsWith(base)) {
    throw missingError(dialect, "attachment", `${path} is outside of ${directory}; attach(path) sends it`);
  }
  const route = `/api/fs/read/${path.slice(base.length).split("/").map(encodeURIComponent).join("/")}`;
  const query = locationQuery({ client }, { directory });
  const { data } = await client.request("GET", route, { ...call, ...query });
  if (typeof data === "string") return data;
  throw new ConfigError(`${path}: the server does not give its text`, { hint: "Attach it by attach(path)." });
}
