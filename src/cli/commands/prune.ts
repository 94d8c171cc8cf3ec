/** `opencode-ts prune`: deletes old sessions. Without `--delete` it says which they would be. */
import { stripVTControlCharacters } from "node:util";
import { measureData, type Opencode } from "../../index.js";
import type { Flags } from "../settings.js";
import { readAge, sizeText } from "../sizes.js";
import { table, withServer } from "./with-server.js";

type PruneFlags = Flags & {
  readonly olderThan?: string;
  readonly all?: boolean;
  readonly delete?: boolean;
  readonly yes?: boolean;
};

interface Listed {
  readonly id: string;
  readonly title: string;
  readonly directory: string;
  readonly parentID?: string | undefined;
  readonly time: { readonly updated: number };
}

const page = 500;
const defaultAge = "30d";

/** Resolves to the exit code. */
export function prune(flags: PruneFlags): Promise<number> {
  const age = readAge("--older-than", flags.olderThan ?? defaultAge);
  return withServer(flags, async (opencode, terminal, signal) => {
    const before = Date.now() - age;
    const all = flags.all === true ? await everywhere(opencode) : await here(opencode);
    const busy = await running(opencode);
    const old = oldTrees(all, before).filter(({ id }) => !busy.has(id));
    const isDone = flags.delete === true || flags.yes === true;
    if (isDone) {
      for (const { id } of old) {
        signal.throwIfAborted();
        // With the client's own directory: the session's may be gone, and need not be loaded for this.
        await opencode.api.sessions.delete(id);
        if (flags.json !== true) terminal.note(`deleted ${id}`);
      }
    }
    if (flags.json === true) {
      return terminal.text(`${JSON.stringify({ deleted: isDone, before, sessions: old })}\n`);
    }
    const where = flags.all === true ? "" : " of this directory (--all: of all)";
    const what = `${old.length} of ${all.length} sessions${where}, unused since ${day(before)}`;
    if (!isDone) {
      const row = ({ id, time, title, directory }: Listed) => [id, day(time.updated), safe(title), safe(directory)];
      await terminal.text(table(old.map(row)));
      if (old.length === 0) terminal.note(`nothing to delete: ${what}`);
      else if (opencode.api.capabilities.deletesSessions) terminal.note(`would delete ${what}; --delete does it`);
      else terminal.note(`this server deletes no sessions: ${what}`);
      return;
    }
    const database =
      flags.attach === undefined ? (await measureData()).find(({ name }) => name === "database") : undefined;
    terminal.note(`deleted ${what}`);
    if (database !== undefined && old.length > 0) {
      terminal.note(`the database keeps its size (${sizeText(database.bytes)}), and reuses the space`);
    }
  });
}

async function here(opencode: Opencode): Promise<Listed[]> {
  const found: Listed[] = [];
  for await (const info of opencode.sessions({ archived: true })) found.push(info);
  return found;
}

/** Of all directories: the newest first, page by page. */
async function everywhere(opencode: Opencode): Promise<Listed[]> {
  const found = new Map<string, Listed>();
  for (let before: number | undefined; ; ) {
    const listed = await opencode.api.sessions.listEverywhere({ limit: page, before });
    const size = found.size;
    for (const info of listed) found.set(info.id, info);
    const oldest = listed.at(-1)?.time.updated;
    if (listed.length < page || found.size === size || oldest === undefined) return [...found.values()];
    before = oldest;
  }
}

/** Sessions of nobody's that are old, with all that belongs to them: what is deleted takes its sub-agents' along. */
function oldTrees(all: readonly Listed[], before: number): Listed[] {
  const byId = new Map(all.map((session) => [session.id, session]));
  const rootOf = (session: Listed): Listed => {
    let root = session;
    for (let depth = 0; depth < 20; depth += 1) root = byId.get(root.parentID ?? "") ?? root;
    return root;
  };
  const used = new Map<string, number>();
  for (const session of all) {
    const { id } = rootOf(session);
    used.set(id, Math.max(used.get(id) ?? 0, session.time.updated));
  }
  return all.filter((session) => rootOf(session) === session && (used.get(session.id) ?? 0) < before);
}

async function running(opencode: Opencode): Promise<ReadonlySet<string>> {
  return new Set(Object.keys(await opencode.api.sessions.statuses()));
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}

/** A terminal must not be steered by what a model has said. */
function safe(text: string): string {
  if (process.stdout.isTTY !== true) return text;
  return stripVTControlCharacters(text).replace(/[^\P{Cc}\n\t]/gu, "");
}
