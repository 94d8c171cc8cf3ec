/**
 * The intents of a kept server as files, in a folder beside its entry: the process of a turn writes one before a prompt is sent, and
 * removes it when the notice was told. The first line names the process (`<pid> <start>`), for the supervisor's shell; the second is the
 * intent. The secret of a web hook lies here and nowhere else: folder 0700, file 0600. The file outlives a loss of power.
 */
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeDurably } from "../process/durable-file.js";
import { identify, isRunning, type ProcessIdentity } from "../process/process-identity.js";
import { checkOnSettled } from "../session/settled/check.js";
import type { IntentNote, IntentStore, NoticeIntent } from "../session/settled/intent.js";
import type { SettledNotice } from "../types/settled.js";
import { isRecord, numberProperty, parseJson, property, stringProperty } from "../util/json.js";
import { digest, type KeptPlace } from "./registry.js";

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
  #written: { readonly file: string; readonly owner: ProcessIdentity; readonly intent: NoticeIntent } | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** One of the same turn whose process has died is replaced. A process that lives and follows the turn, too, tells its own. */
  async write(intent: NoticeIntent): Promise<void> {
    own ??= identify(process.pid);
    const owner = await own;
    const key = digest([intent.sessionId, intent.messageIds[0] ?? ""]).slice(0, keyLength);
    const name = `${key}-${this.#nonce}.json`;
    const file = join(this.#folder, name);
    try {
      await writeDurably(file, textOf(owner, intent));
    } catch (error) {
      if (this.#written === undefined) rmSync(file, { force: true }); // nobody would remove it
      throw error;
    }
    this.#written = { file, owner, intent };
    for (const other of readdirSync(this.#folder)) {
      if (!other.startsWith(`${key}-`) || !other.endsWith(".json") || other === name) continue;
      const text = read(join(this.#folder, other));
      if (text !== undefined && !(await isOwned(text))) rmSync(join(this.#folder, other), { force: true });
    }
  }

  async settled(notice: SettledNotice): Promise<void> {
    if (this.#written === undefined) return;
    const { owner, intent } = this.#written;
    this.#written = { ...this.#written, intent: { ...intent, notice } };
    await this.#rewrite(owner);
  }

  remove(): void {
    if (this.#written !== undefined) rmSync(this.#written.file, { force: true });
  }

  async handOver(): Promise<void> {
    await this.#rewrite(nobody);
  }

  /** Without the file another process has the turn. */
  async #rewrite(owner: ProcessIdentity): Promise<void> {
    if (this.#written === undefined) return;
    const { file, intent } = this.#written;
    const isThere = (): boolean => read(file) !== undefined;
    if (isThere()) await writeDurably(file, textOf(owner, intent), isThere);
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
    if (await isOwned(text)) continue;
    const intent = parse(partsOf(text).json);
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

/** Nobody's, where it is not in the form. */
function partsOf(text: string): { readonly pid: number; readonly start: string; readonly json: string } {
  const [, pid = "0", start = "-", json = ""] = /^(\d+) (\S+)\n([^\n]*)\n$/.exec(text) ?? [];
  return { pid: Number(pid), start, json };
}

/** Its process lives. That may be number 1: an application is, in a container. */
async function isOwned(text: string): Promise<boolean> {
  const { pid, start } = partsOf(text);
  if (pid === nobody.pid) return false;
  if (start === "-") return isRunning({ pid, start: "" });
  const { start: now } = await identify(pid);
  return now.replace(/\s+/g, "_") === start && isRunning({ pid, start: now });
}

function parse(json: string): Omit<OrphanedIntent, "file"> | undefined {
  let value: unknown;
  try {
    value = parseJson(json);
  } catch {
    return undefined; // the machine may have lost its power
  }
  const messageIds = property(value, "messageIds");
  const notice = property(value, "notice");
  const isWhole =
    isRecord(value) &&
    value["form"] === form &&
    ["cwd", "sessionId"].every((name) => stringProperty(value, name) !== undefined) &&
    numberProperty(value, "startedAt") !== undefined &&
    Array.isArray(messageIds) &&
    messageIds.length > 0 &&
    messageIds.every((id) => typeof id === "string") &&
    (notice === undefined || stringProperty(notice, "id") !== undefined);
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
