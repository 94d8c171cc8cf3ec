/** `opencode-ts sessions`. */
import { stripVTControlCharacters } from "node:util";
import type { Message, SessionInfo } from "../../index.js";
import { budgetText } from "../budget-text.js";
import { amount, type Flags } from "../settings.js";
import { table, withServer } from "./with-server.js";

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

/** Prints a session, its messages and its changes as one JSON object. */
export function exportSession(id: string, flags: Flags): Promise<number> {
  return withServer(flags, async (opencode, terminal) => {
    const session = opencode.session(id);
    const info = await session.info();
    const messages = await session.messages();
    const todo = opencode.api.capabilities.keepsTodos ? await session.todo() : [];
    await terminal.text(`${JSON.stringify({ info, messages, todo }, undefined, 2)}\n`);
  });
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
