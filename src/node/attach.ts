/** `attach()`: files, as bytes, for a prompt. */

import { readFile, stat } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigError } from "../errors/index.js";
import type { Attachment } from "../types/attachment.js";
import { checkOptions } from "../util/check-options.js";
import { messageOf } from "../util/error-message.js";
import { invalidOption } from "../util/invalid-option.js";
import { kindOf } from "../util/kind-of.js";

/** Options of `attach()`. */
export interface AttachOptions {
  /** Media type. @default derived from the content; every text is `"text/plain"` */
  readonly mime?: string | undefined;
  /** Name that the agent sees. @default the name in the path */
  readonly filename?: string | undefined;
  /** Limit of the size, in bytes. A larger file is a `ConfigError`. @default 20_971_520 (20 MiB) */
  readonly maxBytes?: number | undefined;
}

const attachNames = { mime: true, filename: true, maxBytes: true } satisfies Record<keyof AttachOptions, true>;

const defaultLimit = 20 * 1024 * 1024;

/**
 * Makes an attachment for `files` or for a prompt's list of parts, from a path (relative to the current directory), a `file:` or
 * `data:` URL, a Blob, or bytes. The file is read when the prompt is sent, and its bytes go with the prompt: the server silently
 * drops a prompt with the path of a missing file (1.18.33).
 * @throws {ConfigError} for another kind of value or URL.
 */
export function attach(source: string | URL | Blob | Uint8Array, options: AttachOptions = {}): Attachment {
  const { read, filename, name } = reader(source);
  const { maxBytes = defaultLimit, mime: given } = checkedOptions(options);
  return {
    type: "attachment",
    source: name,
    load: async () => {
      const { bytes, mime } = await read(maxBytes);
      if (bytes.byteLength > maxBytes) throw tooLarge(name, bytes.byteLength, maxBytes);
      const wide = fromUtf16(bytes);
      const content = wide ?? bytes;
      // A type that most providers refuse would make the session refuse every prompt that follows (1.18.33).
      const isKept = given !== undefined && !(isTextual(given) && (wide !== undefined || isText(bytes)));
      const type = isKept ? given : await mediaType(content, given ?? mime, name);
      const called = options.filename ?? filename;
      return called === undefined ? { bytes: content, mime: type } : { bytes: content, mime: type, filename: called };
    },
  };
}

/** @throws {ConfigError} for an option of the wrong type. */
function checkedOptions(options: AttachOptions): AttachOptions {
  checkOptions(options, attachNames, "attach()");
  const { mime, filename, maxBytes } = options;
  if (mime !== undefined && !/^[\w.+-]+\/[\w.+-]+(\s*;.*)?$/.test(String(mime)))
    throw invalidOption("mime", 'a media type, for example "image/png"', mime);
  if (filename !== undefined && (typeof filename !== "string" || filename === ""))
    throw invalidOption("filename", "a string that is not empty", filename);
  if (maxBytes !== undefined && (typeof maxBytes !== "number" || !(maxBytes >= 0)))
    throw invalidOption("maxBytes", "a number of bytes", maxBytes);
  return { ...options, mime: mime?.split(";", 1)[0]?.trim() };
}

interface Content {
  readonly bytes: Uint8Array;
  /** Media type that the source names. */
  readonly mime?: string | undefined;
}

interface Reader {
  readonly read: (maxBytes: number) => Promise<Content>;
  readonly filename?: string | undefined;
  readonly name: string;
}

function reader(source: unknown): Reader {
  if (typeof source === "string") {
    if (/^(file|data|https?):/i.test(source))
      throw new ConfigError(`attach() takes a text for a path; got the address ${source.slice(0, 80)}`, {
        hint: "Make it a URL object: attach(new URL(…)).",
      });
    if (source === "") throw new ConfigError("attach() takes a path; got an empty text");
    return pathReader(resolve(source));
  }
  if (source instanceof URL) return urlReader(source);
  if (source instanceof Uint8Array) return { read: async () => ({ bytes: source }), name: "bytes" };
  if (source instanceof Blob) return blobReader(source);
  throw new ConfigError(`attach() takes a path, a URL object, a Blob or bytes; got ${kindOf(source)}`);
}

function pathReader(path: string): Reader {
  const read = async (maxBytes: number): Promise<Content> => {
    const size = await sizeOf(path);
    if (size > maxBytes) throw tooLarge(path, size, maxBytes);
    return { bytes: await readFile(path).catch((error: unknown) => Promise.reject(unreadable(path, error))) };
  };
  return { read, filename: basename(path), name: path };
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((error: unknown) => Promise.reject(unreadable(path, error)));
  // A pipe or a device may never end.
  if (!found.isFile()) throw new ConfigError(`${path} cannot be attached: it is not a file`);
  return found.size;
}

function urlReader(url: URL): Reader {
  if (url.protocol === "file:") return pathReader(pathOf(url));
  if (url.protocol === "data:") {
    const read = async (): Promise<Content> => {
      const response = await fetch(url).catch((cause: unknown) => {
        throw new ConfigError("the data: URL cannot be attached: it is malformed", { cause });
      });
      return {
        bytes: new Uint8Array(await response.arrayBuffer()),
        mime: response.headers.get("content-type") ?? undefined,
      };
    };
    return { read, name: "a data: URL" };
  }
  throw new ConfigError(`attach() takes file: and data: URLs; got ${url.protocol}`, {
    hint: "Fetch it yourself, and attach the bytes.",
  });
}

function pathOf(url: URL): string {
  try {
    return fileURLToPath(url);
  } catch (cause) {
    const reason = messageOf(cause);
    throw new ConfigError(`attach() cannot take ${url.href} for a path: ${reason}`, { cause });
  }
}

function blobReader(blob: Blob): Reader {
  const named = "name" in blob && typeof blob.name === "string" && blob.name !== "" ? blob.name : undefined;
  const read = async (maxBytes: number): Promise<Content> => {
    if (blob.size > maxBytes) throw tooLarge(named ?? "the Blob", blob.size, maxBytes);
    return { bytes: new Uint8Array(await blob.arrayBuffer()), mime: blob.type };
  };
  return { read, filename: named, name: named ?? "a Blob" };
}

/** What the content is; what the source says of itself counts for texts only, which content does not tell apart. */
async function mediaType(bytes: Uint8Array, said: string | undefined, name: string): Promise<string> {
  const { fileTypeFromBuffer } = await import("file-type");
  const found = await fileTypeFromBuffer(bytes);
  if (found !== undefined) return found.mime === "application/xml" ? "text/plain" : found.mime;
  if (isText(bytes)) return "text/plain";
  const given = said?.split(";", 1)[0]?.trim();
  if (given !== undefined && given !== "" && given !== "application/octet-stream") return given;
  throw new ConfigError(`${name} cannot be attached: it is neither a text nor a file of a known type`, {
    hint: "Give its media type: attach(path, { mime }).",
  });
}

/** A text that calls itself by its language, as JSON or SVG for example. */
function isTextual(mime: string): boolean {
  return mime === "image/svg+xml" || !/^(image|audio|video|font)\/|^application\/pdf$/.test(mime);
}

/** UTF-8 of a text that says by its first bytes that it is UTF-16; its look is that of a sound otherwise. */
function fromUtf16(bytes: Uint8Array): Uint8Array | undefined {
  const mark = (bytes[0] ?? 0) * 256 + (bytes[1] ?? 0);
  if (bytes.length % 2 !== 0 || (mark !== 0xfffe && mark !== 0xfeff)) return undefined;
  try {
    const text = new TextDecoder(mark === 0xfffe ? "utf-16le" : "utf-16be", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : new TextEncoder().encode(text);
  } catch {
    return undefined; // something else that begins like it
  }
}

function isText(bytes: Uint8Array): boolean {
  if (bytes.includes(0)) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false; // not UTF-8
  }
}

function tooLarge(name: string, size: number, limit: number): ConfigError {
  return new ConfigError(`${name} cannot be attached: it has ${size} bytes, more than ${limit}`, {
    hint: "Raise `maxBytes`, or let the agent read the file itself.",
  });
}

function unreadable(path: string, cause: unknown): ConfigError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
  const why = code === "ENOENT" ? "there is no such file" : code === "EACCES" ? "it may not be read" : code;
  return new ConfigError(`${path} cannot be attached: ${why}`, { cause });
}
