/**
 * Where the servers that outlive their starters are written down: one folder for each user, machine, directory and kind of
 * home, in it the entry (with the password, mode 0600), the conversation's id, and a file that every use changes.
 */
import { createHash, randomBytes } from "node:crypto";
import {
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { ConfigError } from "../errors/index.js";
import { type ProcessIdentity, thisMachine } from "../process/process-identity.js";
import { isTag } from "../process/process-tag.js";
import { stateFolder } from "../process/state-folder.js";
import { checkIsolation } from "../server/options.js";
import type { Isolation } from "../types/server.js";
import { messageOf } from "../util/error-message.js";
import { isRecord, numberProperty, recordProperty, stringProperty } from "../util/json.js";

/** What is known about a kept server. */
export interface KeptEntry {
  readonly mark: string;
  /** Changes with every boot: process numbers mean nothing after one. */
  readonly boot: string;
  readonly url: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly server: ProcessIdentity;
  /** The shell that ends it. */
  readonly supervisor: ProcessIdentity;
  readonly directory: string;
  readonly isolation: Isolation;
  readonly version: string;
  readonly binary: string;
  /** ms. */
  readonly idleTimeout: number;
  /** ms since 1970. */
  readonly startedAt: number;
  /** Digest of the options that only a start can follow. */
  readonly options: string;
  /** Its supervisor tells notices of clients that have died. @default false, as with one of an older package */
  readonly notices?: boolean | undefined;
}

/** What was found in place of an entry. */
export type FoundEntry =
  | { readonly kind: "none" }
  | { readonly kind: "bad"; readonly reason: string }
  | { readonly kind: "entry"; readonly entry: KeptEntry };

/** Raised when the form changes. */
const form = 1;
/** Bytes; ours are under 1,500, and a path has 4,096 at most. */
const maxSize = 16_384;

/** Files of one kept server. */
export interface KeptPlace {
  readonly folder: string;
  readonly entry: string;
  readonly use: string;
  readonly conversation: string;
  /** Why the last server here has ended. */
  readonly ended: string;
  /** Absolute, links resolved. */
  readonly directory: string;
  readonly isolation: Isolation;
}

/** The folder of all of them. */
export function keptFolder(): string {
  return join(stateFolder(process.env), "kept");
}

/** The place for a directory. Throws `ConfigError` when it does not exist, and for a wrong `isolation`. */
export function placeOf(directory: string | undefined, given: Isolation = "inherit"): KeptPlace {
  const isolation = checkIsolation(given);
  const real = realDirectory(directory ?? process.cwd());
  const { host, namespace } = thisMachine();
  const name = digest([host, namespace, isolationText(isolation), real]).slice(0, 24);
  return placeIn(join(keptFolder(), name), real, isolation);
}

function isolationText(isolation: Isolation): string {
  return typeof isolation === "string" ? isolation : `home ${isolation.home}`;
}

function placeIn(folder: string, directory: string, isolation: Isolation): KeptPlace {
  const file = (name: string): string => join(folder, name);
  const files = {
    entry: file("server.json"),
    use: file("use"),
    conversation: file("conversation"),
    ended: file("ended"),
  };
  return { folder, ...files, directory, isolation };
}

/** The place of a folder, as a program that knows only that. */
export function placeAt(folder: string): KeptPlace {
  return placeIn(folder, "", "inherit");
}

/** The places of this user, with what is in them. */
export function allPlaces(): { readonly place: KeptPlace; readonly found: FoundEntry }[] {
  let names: string[];
  try {
    names = readdirSync(keptFolder());
  } catch {
    return []; // nothing was ever kept
  }
  return names
    .filter((name) => /^[0-9a-f]{24}$/.test(name))
    .map((name) => {
      const place = placeIn(join(keptFolder(), name), "", "inherit");
      const found = readEntry(place);
      if (found.kind !== "entry") return { place, found };
      const { directory, isolation } = found.entry;
      return { place: { ...place, directory, isolation }, found };
    });
}

/** A digest of values, as text. */
export function digest(values: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(values)).digest("hex");
}

function realDirectory(directory: string): string {
  try {
    const real = realpathSync.native(resolve(directory));
    if (statSync(real).isDirectory()) return real;
  } catch (cause) {
    throw new ConfigError(`there is no directory ${JSON.stringify(directory)}`, { cause });
  }
  throw new ConfigError(`${JSON.stringify(directory)} is no directory`);
}

/** Makes the folder, for this user only. */
export function makePlace({ folder }: KeptPlace): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if ((statSync(folder).mode & 0o077) !== 0) chmodSync(folder, 0o700);
}

/** Reads the entry. One that others could have read or written is not believed. */
export function readEntry({ entry }: KeptPlace): FoundEntry {
  let descriptor: number;
  try {
    descriptor = openSync(entry, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if (isMissing(error)) return { kind: "none" };
    return { kind: "bad", reason: `it cannot be read: ${messageOf(error)}` };
  }
  try {
    const stat = fstatSync(descriptor);
    if (process.platform !== "win32" && stat.uid !== process.getuid?.()) return bad("it belongs to another user");
    if (process.platform !== "win32" && (stat.mode & 0o077) !== 0)
      return bad("others may read or write it (mode 0600 is expected)");
    const buffer = Buffer.alloc(maxSize);
    const text = buffer.toString("utf8", 0, readSync(descriptor, buffer, 0, maxSize, 0));
    const parsed = parseEntry(text);
    return parsed === undefined ? bad("it is not in the form that is expected") : { kind: "entry", entry: parsed };
  } finally {
    closeSync(descriptor);
  }
}

function bad(reason: string): FoundEntry {
  return { kind: "bad", reason };
}

function parseEntry(text: string): KeptEntry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // judged by the caller
  }
  if (!isRecord(value) || value["form"] !== form) return undefined;
  const texts = ["mark", "boot", "url", "username", "password", "directory", "version", "binary", "options"] as const;
  const numbers = ["port", "idleTimeout", "startedAt"] as const;
  if (texts.some((name) => stringProperty(value, name) === undefined)) return undefined;
  if (numbers.some((name) => numberProperty(value, name) === undefined)) return undefined;
  if (!isIsolation(value["isolation"]) || !isTag(String(value["mark"]))) return undefined;
  if (!isIdentity(recordProperty(value, "server")) || !isIdentity(recordProperty(value, "supervisor")))
    return undefined;
  if (!/^http:\/\/(127\.|localhost|\[)/.test(String(value["url"]))) return undefined;
  return value as unknown as KeptEntry; // every member has just been looked at
}

function isIsolation(value: unknown): boolean {
  return value === "inherit" || value === "clean" || stringProperty(value, "home") !== undefined;
}

function isIdentity(value: unknown): boolean {
  return Number.isSafeInteger(numberProperty(value, "pid")) && stringProperty(value, "start") !== undefined;
}

/** Writes the entry in one step, for this user only. */
export function writeEntry(place: KeptPlace, entry: KeptEntry): void {
  replace(place.entry, `${JSON.stringify({ form, ...entry })}\n`);
}

/** Tells the supervisor that the server is used. */
export function markUse({ use }: KeptPlace): void {
  try {
    writeFileSync(use, `${Date.now()}-${randomBytes(4).toString("hex")}\n`, { mode: 0o600 });
  } catch {
    // The folder has just been removed: then the server has been, too, and whoever asks it is told.
  }
}

/** The session of the conversation, if there is one. */
export function readConversation({ conversation }: KeptPlace): string | undefined {
  try {
    const text = readFileSync(conversation, "utf8").trim();
    return /^ses[A-Za-z0-9_-]+$/.test(text) ? text : undefined;
  } catch {
    return undefined; // none yet
  }
}

/** Remembers the session for the calls that follow; `undefined` begins anew with the next one. */
export function writeConversation({ conversation }: KeptPlace, sessionId: string | undefined): void {
  if (sessionId === undefined) rmSync(conversation, { force: true });
  else replace(conversation, `${sessionId}\n`);
}

/** Written by whoever ends a kept server; the supervisor writes "idle" for one that nobody has used. */
export function writeEnd({ ended }: KeptPlace, { mark, port }: Pick<KeptEntry, "mark" | "port">): void {
  try {
    writeFileSync(ended, `${mark} stopped ${port}\n`, { mode: 0o600 });
  } catch {
    // Then its end has no reason that could be told.
  }
}

/** How the last server at a place has ended. */
export interface KeptEnd {
  readonly mark: string;
  /** `"idle"` or `"stopped"`. */
  readonly how: string;
  readonly port: number;
}

/** `undefined` when nobody has written it: none has ended, or it has crashed or was killed. */
export function readEnd({ ended }: KeptPlace): KeptEnd | undefined {
  try {
    const [mark = "", how = "", port] = readFileSync(ended, "utf8").trim().split(" ");
    return { mark, how, port: Number(port) };
  } catch {
    return undefined;
  }
}

/** Removes what is written down, if it is (still) about the server with this mark. */
export function removeEntry(place: KeptPlace, mark: string | undefined): void {
  const found = readEntry(place);
  if (mark !== undefined && found.kind === "entry" && found.entry.mark !== mark) return;
  for (const file of [place.entry, place.conversation, place.use]) rmSync(file, { force: true });
}

/** Writes a file in one step, for this user only. */
export function replace(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString("hex")}`;
  try {
    writeFileSync(temporary, text, { mode: 0o600, flag: "wx" });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
