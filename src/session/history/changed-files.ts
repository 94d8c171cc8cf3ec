/**
 * Who has changed a file while a prompt ran. The server records what was changed in the directory during a step, whoever did it
 * (1.18.33): a person, another session. What a session's own tools name is its own.
 */
import type { AgentApi } from "../../api/agent-api.js";
import { isAbsolute, normalize, resolve } from "../../permissions/paths/normalize.js";
import type { Message, Part } from "../../types/answer.js";
import { isRecord } from "../../util/json.js";
import { sessionsCalled } from "../turn/sessions-called.js";

/** Tools that change no file of the directory. What is not among them may. */
const harmless = new Set([
  ...["read", "glob", "grep", "list", "ls", "webfetch", "websearch", "codesearch", "question", "skill"],
  ...["todowrite", "todoread", "plan_enter", "plan_exit", "invalid", "StructuredOutput", "lsp", "lsp_diagnostics"],
]);

/** Tools whose one file is in their input; tools that change only files that their input names. */
const ofOneFile = new Set(["write", "edit", "multiedit"]);
const ofNamedFiles = new Set([...ofOneFile, "apply_patch", "patch"]);

/** A call that may have changed files. */
export interface Use {
  /** Call and time: a copy of the session (`fork`) has the same. */
  readonly id: string;
  /** When it ended, in ms since 1970; `Infinity` while it runs. */
  readonly end: number;
  /** The one file that it changes, when it is such a tool. */
  readonly file: string | undefined;
  /** Everything that it was told. */
  readonly text: string;
  /** It may have changed files that are not named in that: a shell. */
  readonly isOpen: boolean;
}

/** Sessions and messages that are looked through. */
const mostSessions = 50;
const mostMessages = 2_000;

/** The calls of a message that may have changed files. */
export function usesOf(parts: readonly Part[], cwd: string | undefined): Use[] {
  return parts.flatMap((part) => {
    if (part.type !== "tool" || part.state.status === "pending") return [];
    if (harmless.has(part.tool) || (part.tool === "task" && sessionsCalled({ parts: [part] }).length > 0)) return [];
    const { input } = part.state;
    const path = input["filePath"];
    const file = ofOneFile.has(part.tool) && typeof path === "string" ? slashed(resolve(cwd, path)) : undefined;
    const { time } = part.state;
    const end = "end" in time ? time.end : Number.POSITIVE_INFINITY;
    return [
      {
        id: `${part.callID} ${time.start}`,
        end,
        file,
        text: texts(input).join("\n"),
        isOpen: !ofNamedFiles.has(part.tool),
      },
    ];
  });
}

/** Those of sub-agents' sessions, and of theirs, since `since` (ms of the server's clock). */
export async function usesOfSessions(
  api: AgentApi,
  sessionIds: readonly string[],
  since: number,
): Promise<{ readonly uses: Use[]; readonly ids: ReadonlySet<string> }> {
  const uses: Use[] = [];
  const waiting = [...sessionIds];
  const ids = new Set(waiting);
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    let looked = 0;
    for await (const message of api.messages.newestFirst(id)) {
      looked += 1;
      if (message.info.role === "unreadable" || message.info.time.created < since || looked > mostMessages) break;
      uses.push(...usesOfMessage(message));
      for (const child of sessionsCalled(message)) {
        if (ids.has(child) || ids.size >= mostSessions) continue;
        ids.add(child);
        waiting.push(child);
      }
    }
  }
  return { uses, ids };
}

/** The sessions of the directory that were at work since then, without those that are known. */
export async function othersSince(api: AgentApi, known: ReadonlySet<string>, since: number): Promise<string[]> {
  const sessions = await api.sessions.list({ start: since, limit: mostSessions });
  return sessions.filter(({ id, time }) => !known.has(id) && time.updated >= since).map(({ id }) => id);
}

export function usesOfMessage({ info, parts }: Message): Use[] {
  return usesOf(parts, info.role === "assistant" ? info.path.cwd : undefined);
}

/** Does one of the calls name the file? `path` is absolute. */
export function isNamed(path: string, uses: readonly Use[]): boolean {
  const file = slashed(normalize(path));
  return uses.some((use) => (use.file === undefined ? mentions(use.text, file) : use.file === file));
}

/** Is there a word in the text that can only mean this file, or one of the same name further up? */
function mentions(text: string, file: string): boolean {
  const name = file.slice(file.lastIndexOf("/") + 1);
  const words = slashed(text);
  for (let at = words.indexOf(name); at !== -1; at = words.indexOf(name, at + 1)) {
    const end = at + name.length;
    if (/^\.?[\p{L}\p{N}_-]/u.test(words.slice(end, end + 2))) continue;
    const path = /[^\s"'`;|&<>()=,]*$/.exec(words.slice(Math.max(0, at - 1_000), at))?.[0] ?? "";
    if (path !== "" && !path.endsWith("/")) continue; // the end of a longer name
    if (isPathOf(`${path}${name}`, file)) return true;
  }
  return false;
}

function isPathOf(path: string, file: string): boolean {
  if (isAbsolute(path)) return normalize(path) === file;
  const below = normalize(path.replace(/^\$\w+\//, "")).replace(/^(\.\.\/)+/, "");
  return file === below || file.endsWith(`/${below}`);
}

function slashed(path: string): string {
  return path.replaceAll("\\", "/");
}

/** All texts in a value. */
function texts(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(texts);
  return isRecord(value) ? Object.values(value).flatMap(texts) : [];
}
