/** Files of a prompt: read before the admission, so that a bad one refuses the prompt. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { invalidRequest } from "../http/failure.js";
import type { StoredFile } from "../types.js";

interface FileInput {
  readonly uri: string;
  readonly name?: string;
  readonly description?: string;
}

const imageTypes: Readonly<Record<string, string>> = {
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".jpeg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
};

/** Bytes of one file. */
const most = 20 * 1024 * 1024;

/** @throws {Failure} 400 */
export function readPromptFiles(files: readonly FileInput[]): StoredFile[] {
  return files.map((file) => {
    const { mime, data, source } = file.uri.startsWith("data:") ? inline(file.uri) : fromDisk(file.uri);
    if (data.length > most) throw invalidRequest(`The file is longer than ${most} bytes: ${file.name ?? "inline"}`);
    const { uri: _, ...rest } = file;
    return { ...rest, mime, data: data.toString("base64"), source };
  });
}

function inline(uri: string): { mime: string; data: Buffer; source: StoredFile["source"] } {
  const match = /^data:([^;,]*)((?:;[^;,]*)*),(.*)$/s.exec(uri);
  if (match === null) throw invalidRequest("Broken data URI");
  const [, mime = "", rest = "", body = ""] = match;
  const data = rest.endsWith(";base64") ? Buffer.from(body, "base64") : Buffer.from(decodeURIComponent(body));
  return { mime: mime === "" ? "text/plain" : mime, data, source: { type: "inline" } };
}

function fromDisk(uri: string): { mime: string; data: Buffer; source: StoredFile["source"] } {
  if (!uri.startsWith("file:///")) throw invalidRequest(`Only file: and data: are read: ${uri.slice(0, 40)}`);
  const url = new URL(uri);
  const path = fileURLToPath(new URL(url.pathname, "file:///"));
  if (!existsSync(path)) throw invalidRequest(`File not found: ${path}`);
  const source = { type: "uri", uri } as const;
  if (statSync(path).isDirectory()) {
    return { mime: "application/x-directory", data: Buffer.from(readdirSync(path).sort().join("\n")), source };
  }
  const bytes = readFileSync(path);
  const [start, end] = [url.searchParams.get("start"), url.searchParams.get("end")];
  const mime = imageTypes[extname(path).toLowerCase()] ?? "text/plain";
  if (start === null && end === null) return { mime, data: bytes, source };
  const lines = bytes
    .toString("utf8")
    .split("\n")
    .slice(Number(start ?? 1) - 1, end === null ? undefined : Number(end));
  return { mime, data: Buffer.from(lines.join("\n")), source };
}
