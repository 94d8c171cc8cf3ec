/**
 * The intents of a kept server as files, in a folder beside its entry: the process of a turn writes one before a prompt is sent, and
 * removes it when the notice was told. The first line names the process (`<pid> <start>`), for the supervisor's shell; the second is the
 * intent. The secret of a web hook lies here and nowhere else: folder 0700, file 0600.
 */
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { identify, isRunning, type ProcessIdentity } from "../process/process-identity.js";
import { checkOnSettled } from "../session/settled/check.js";
import type { IntentNote, IntentStore, NoticeIntent } from "../session/settled/intent.js";
import { isRecord, numberProperty, parseJson, property, stringProperty } from "../util/json.js";
import { digest, type KeptPlace, replace } from "./registry.js";

/** Raised when the form changes. */
const form = 1;
/** Characters of the name that say whose turn it is; the rest tells two intents of one turn apart. */
const keyLength = 24;
/** A file that was not finished is removed after so many ms. */
const unfinished = 3_600_000;
/** Nobody: whoever comes next tells the notice. */
const nobody: ProcessIdentity = { pid: 0, start: "" };

let own: Promise<ProcessIdentity> | undefined;

/** The folder of the intents of a place. */
function intentFolder({ folder }: Pick<KeptPlace, "folder">): string {
  return join(folder, "notices");
}

/** The store of a kept server. */
export function intentFiles(place: Pick<KeptPlace, "folder">): IntentStore {
  return { note: () => new IntentFile(intentFolder(place)) };
}

class IntentFile implements IntentNote {
  readonly #folder: string;
  readonly #nonce = randomBytes(4).toString("hex");
  #written: { readonly file: string; readonly intent: NoticeIntent } | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Another one of the same turn is of a process that has died, or of one that follows the turn as this one does. */
  async write(intent: NoticeIntent): Promise<void> {
    own ??= identify(process.pid);
    const owner = await own;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const key = digest([intent.sessionId, intent.messageIds[0] ?? ""]).slice(0, keyLength);
    const name = `${key}-${this.#nonce}.json`;
    const file = join(this.#folder, name);
    replace(file, textOf(owner, intent));
    this.#written = { file, intent };
    for (const other of readdirSync(this.#folder)) {
      if (other.startsWith(`${key}-`) && other !== name) rmSync(join(this.#folder, other), { force: true });
    }
  }

  remove(): void {
    if (this.#written !== undefined) rmSync(this.#written.file, { force: true });
  }

  handOver(): void {
    if (this.#written === undefined || read(this.#written.file) === undefined) return; // another process has the turn
    replace(this.#written.file, textOf(nobody, this.#written.intent));
  }
}

function textOf({ pid, start }: ProcessIdentity, intent: NoticeIntent): string {
  return `${pid} ${start.replace(/\s+/g, "_") || "-"}\n${JSON.stringify({ form, cwd: process.cwd(), ...intent })}\n`;
}

/** An intent whose process has died. */
export interface OrphanedIntent extends NoticeIntent {
  readonly file: string;
  /** Where the process has worked: a command runs there. */
  readonly cwd: string;
}

/** Removes what is no intent. */
export async function orphanedIntents(place: Pick<KeptPlace, "folder">): Promise<OrphanedIntent[]> {
  const folder = intentFolder(place);
  const found: OrphanedIntent[] = [];
  for (const name of namesIn(folder)) {
    const file = join(folder, name);
    if (!name.endsWith(".json")) {
      const { mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
      if (Date.now() - mtimeMs > unfinished) rmSync(file, { force: true });
      continue;
    }
    const text = read(file);
    if (text === undefined) continue; // told meanwhile
    const [, pid = "0", start = "-", json = ""] = /^(\d+) (\S+)\n(.*)\n$/.exec(text) ?? [];
    if (await isThere(Number(pid), start)) continue;
    const intent = parse(json);
    if (intent === undefined) rmSync(file, { force: true });
    else found.push({ ...intent, file });
  }
  return found;
}

/** Still to be told: no other process has taken the turn up. */
export function isOwed({ file }: OrphanedIntent): boolean {
  return read(file) !== undefined;
}

/** The notice was told, or is given up. */
export function removeIntent({ file }: OrphanedIntent): void {
  rmSync(file, { force: true });
}

async function isThere(pid: number, start: string): Promise<boolean> {
  if (pid <= 1) return false;
  if (start === "-") return isRunning({ pid, start: "" });
  const { start: now } = await identify(pid);
  return now.replace(/\s+/g, "_") === start && isRunning({ pid, start: now });
}

function parse(json: string): Omit<OrphanedIntent, "file"> | undefined {
  const value = parseJson(json);
  const messageIds = property(value, "messageIds");
  const isWhole =
    isRecord(value) &&
    value["form"] === form &&
    ["cwd", "sessionId"].every((name) => stringProperty(value, name) !== undefined) &&
    numberProperty(value, "startedAt") !== undefined &&
    Array.isArray(messageIds) &&
    messageIds.length > 0 &&
    messageIds.every((id) => typeof id === "string");
  if (!isWhole) return undefined;
  const intent = value as unknown as Omit<OrphanedIntent, "file">; // its members have just been looked at, and the target below
  try {
    if (typeof intent.target !== "object") return undefined;
    checkOnSettled(intent.target);
    return intent;
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return []; // there was never one
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined; // removed
  }
}
