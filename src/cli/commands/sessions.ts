/** `opencode-ts sessions`. */
import { open, readFile } from "node:fs/promises";
import { stripVTControlCharacters } from "node:util";
import type { Message, SessionDocument, SessionInfo } from "../../index.js";
import { budgetText } from "../budget-text.js";
import { UsageError } from "../failures.js";
import { readInput } from "../input.js";
import { amount, type Flags } from "../settings.js";
import { table, withServer } from "./with-server.js";

type MoveFlags = Flags & { readonly redact?: boolean; readonly output?: string; readonly rules?: boolean };

/** Lists the sessions of the directory. Resolves to the exit code. */
export function listSessions(flags: Flags & { readonly limit?: string }): Promise<number> {
  return withServer(flags, async (opencode, terminal) => {
    const limit = amount("--limit", "sessions", flags.limit);
    const found: SessionInfo[] = [];
    for await (const info of opencode.sessions({ limit })) found.push(info);
    if (flags.json === true) return terminal.text(`${JSON.stringify(found)}\n`);
    const time = ({ time: { updated } }: SessionInfo): string => new Date(updated).toISOString().slice(0, 16);
    await terminal.text(table(found.map((info) => [info.id, time(info), safe(info.title)])));
    if (found.length === 0) terminal.note("there is no session in this directory");
  });
}

/** Prints the messages of a session as text. */
export function showSession(id: string, flags: Flags): Promise<number> {
  return withServer(flags, async (opencode, terminal) => {
    const session = opencode.session(id);
    if (flags.json === true) return terminal.text(`${JSON.stringify(await session.messages())}\n`);
    for await (const message of session.history({ order: "oldest" })) await terminal.text(messageText(message));
  });
}

/** Prints what a session has used, and what is left of its budget. */
export function showBudget(id: string, flags: Flags): Promise<number> {
  return withServer(flags, async (opencode, terminal) => {
    const status = await opencode.session(id).budget();
    await terminal.text(flags.json === true ? `${JSON.stringify(status)}\n` : `${budgetText(status)}\n`);
  });
}

/** Prints a session as a document, or writes the document into a file that only its owner can read. */
export function exportSession(id: string, flags: MoveFlags): Promise<number> {
  return withServer(flags, async (opencode, terminal) => {
    const document = await opencode.session(id).export(flags.redact === true ? { redact: true } : {});
    const text = `${JSON.stringify(document, undefined, 2)}\n`;
    if (flags.output === undefined) return terminal.text(text);
    await writePrivately(flags.output, text).catch((error: unknown) => {
      throw new UsageError(`--output ${flags.output}: ${reasonOf(error)}`);
    });
    if (flags.redact !== true) terminal.note("the document has all texts as they were; --redact takes secrets out");
  });
}

/** A file that exists may have been readable by others: it is closed to them before it has the text. */
async function writePrivately(path: string, text: string): Promise<void> {
  const file = await open(path, "a", 0o600); // "w" would empty a file that cannot be closed to others
  try {
    if ((await file.stat()).isFile()) {
      await file.chmod(0o600);
      await file.truncate();
    }
    await file.writeFile(text);
  } finally {
    await file.close();
  }
}

/** Makes a session of a document, and prints its id. `-` reads the standard input. */
export async function importSession(file: string, flags: MoveFlags): Promise<number> {
  const fromFile = file === "-" ? undefined : parsed(file, await readFile(file, "utf8").catch(unreadable(file)));
  return withServer(flags, async (opencode, terminal, signal) => {
    const document = fromFile ?? (await readDocument(signal));
    const { agent, model, rules } = flags;
    const session = await opencode.importSession(document, { agent, model, rules });
    if (flags.json === true)
      await terminal.text(`${JSON.stringify({ id: session.id, directory: session.directory })}\n`);
    else await terminal.text(`${session.id}\n`);
    terminal.note(`to continue: opencode-ts chat --session ${session.id}`);
  });
}

/** The document of the standard input. */
async function readDocument(signal: AbortSignal): Promise<SessionDocument> {
  const input = await readInput(process.stdin, { waitLimit: undefined, signal }).catch(unreadable("-"));
  return parsed("-", input.text);
}

function unreadable(file: string): (error: unknown) => never {
  return (error) => {
    throw new UsageError(`${file}: ${reasonOf(error)}`);
  };
}

/** The checks of the document are those of the import. */
function parsed(file: string, text: string): SessionDocument {
  try {
    return JSON.parse(text) as SessionDocument; // checked by the import
  } catch (error) {
    throw new UsageError(`${file} is no JSON: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Deletes sessions. */
export function deleteSessions(ids: readonly string[], flags: Flags): Promise<number> {
  return withServer(flags, async (opencode, terminal) => {
    const sessions = ids.map((id) => opencode.session(id)); // all ids are checked before the first is deleted
    for (const session of sessions) {
      await session.info(); // the server returns 200 for a session that does not exist
      await session.delete();
      terminal.note(`deleted ${session.id}`);
    }
  });
}

function messageText({ info, parts }: Message): string {
  if (info.role === "unreadable") return "# (the server cannot read this message)\n\n";
  const who = info.role === "user" ? "You" : `${info.providerID}/${info.modelID}`;
  const lines = parts.flatMap((part) => {
    if (part.type === "text" && part.synthetic !== true) return [safe(part.text)];
    if (part.type === "tool") return [`[${part.tool}: ${part.state.status}]`];
    if (part.type === "file") return [`[file: ${safe(part.filename ?? part.mime)}]`];
    return [];
  });
  if (info.role === "assistant" && info.error !== undefined) lines.push(`[failed: ${info.error.name}]`);
  return lines.length === 0 ? "" : `# ${who}\n\n${lines.join("\n")}\n\n`;
}

/** Removes control characters on a terminal: the text comes from a model. */
function safe(text: string): string {
  if (process.stdout.isTTY !== true) return text;
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\n\t]/gu, "");
}
