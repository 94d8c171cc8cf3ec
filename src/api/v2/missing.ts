/** What 2.x servers lack, by dialect, with the nearest thing: the other half of the table in `dialects.ts`. */
import { UnsupportedEndpointError } from "../../errors/index.js";
import type { Dialect, DialectName } from "./dialects.js";

/** One thing that servers lack. */
export interface Missing {
  readonly on: readonly DialectName[];
  /** Follows the name of the server in a message. */
  readonly lacks: string;
  /** The nearest thing. */
  readonly nearest: string;
}

const all: readonly DialectName[] = ["preview", "2.0", "2.1"];

/** A thing that some 2.x servers lack. */
export type MissingThing =
  | "title"
  | "archive"
  | "metadata"
  | "changedMetadata"
  | "parentId"
  | "rules"
  | "addedRules"
  | "deleteSession"
  | "fork"
  | "share"
  | "todos"
  | "command"
  | "shell"
  | "compact"
  | "mcp"
  | "diff"
  | "revertPart"
  | "clearRevert"
  | "editMessages"
  | "toolNames"
  | "agentMention"
  | "subtask"
  | "format"
  | "toolSwitches"
  | "attachment"
  | "disposeDirectory";

/** The table. */
export const missing: Readonly<Record<MissingThing, Missing>> = {
  title: {
    on: ["preview"],
    lacks: "stores no title of a session",
    nearest: "Keep titles in your program, by the session's id.",
  },
  archive: { on: all, lacks: "archives no sessions", nearest: "Delete a session, or keep a list of your own." },
  metadata: {
    on: ["preview"],
    lacks: "stores no metadata of a session",
    nearest: "Keep it in your program, by the session's id.",
  },
  changedMetadata: {
    on: ["preview", "2.0"],
    lacks: "changes no metadata of a session",
    nearest: "Keep it in your program, by the session's id.",
  },
  parentId: {
    on: ["preview", "2.0"],
    lacks: "makes no session below another",
    nearest: "Create a session without parentId.",
  },
  rules: {
    on: ["preview"],
    lacks: "has no permission rules of a session",
    nearest: "Give rules to the server's configuration (`config.permission`), and answer what it asks: onPermission.",
  },
  addedRules: {
    on: ["preview", "2.0"],
    lacks: "takes no permission rules after a session is created",
    nearest: "Give rules to the server's configuration (`config.permission`), and answer what it asks: onPermission.",
  },
  deleteSession: {
    on: ["preview"],
    lacks: "deletes no sessions",
    nearest: "Use a home of its own for what is to vanish.",
  },
  fork: {
    on: ["preview"],
    lacks: "copies no sessions",
    nearest: "Create a session, and give it the conversation as its first prompt.",
  },
  share: {
    on: all,
    lacks: "publishes no sessions",
    nearest: "messages() gives the conversation, to be shown elsewhere.",
  },
  todos: { on: ["2.0", "2.1"], lacks: "keeps no todo list", nearest: "Ask for a plan in the answer." },
  command: {
    on: all,
    lacks: "runs a command without an id for its prompt, so a lost answer could run it twice",
    nearest: "Its template is sent as a prompt where the server tells it; ask() with the text is the same.",
  },
  shell: {
    on: ["preview"],
    lacks: "runs no shell lines",
    nearest: "Ask the agent to run the line, and allow it: onPermission.",
  },
  compact: {
    on: ["preview"],
    lacks: "compacts no session on request",
    nearest: "It does so by itself when the context is full; a new session begins without one.",
  },
  mcp: {
    on: ["preview"],
    lacks: "connects to no MCP servers, so it has no custom tools",
    nearest: "Use opencode 1.x or 2.1 for tools; the agent can call programs with its own shell tool.",
  },
  diff: {
    on: ["preview"],
    lacks: "tells no changes of files",
    nearest: "The files of each step are in messages(), as parts of type patch. revert() works with { force: true }.",
  },
  revertPart: { on: all, lacks: "reverts to a message, not to a part of it", nearest: "Leave the part out." },
  clearRevert: {
    on: all,
    lacks: "shows taken back messages again only together with their files",
    nearest: "unrevert({ force: true }) brings both back.",
  },
  editMessages: {
    on: all,
    lacks: "changes and deletes no stored messages",
    nearest: "revert() takes the end of a conversation back.",
  },
  toolNames: { on: all, lacks: "lists no tools", nearest: "The tools that were called are in messages()." },
  agentMention: {
    on: ["preview"],
    lacks: "has no sub-agents that a prompt could mention",
    nearest: "Give the agent to the turn: { agent }.",
  },
  subtask: {
    on: all,
    lacks: "takes no sub-task as a part of a prompt",
    nearest: "Give the agent to the turn: { agent }.",
  },
  format: {
    on: all,
    lacks: "has no structured output of its own",
    nearest: 'Ask for it in words: { structured: "prompt" }.',
  },
  toolSwitches: {
    on: all,
    lacks: "switches no tools on or off for one prompt",
    nearest: "Deny them by permission rules.",
  },
  attachment: {
    on: all,
    lacks: "gives the model no attachments but text and images (PNG, JPEG, GIF, WebP)",
    nearest: "Attach the file as text or as an image.",
  },
  disposeDirectory: {
    on: ["preview"],
    lacks: "never lets go of a directory",
    nearest: "Restart the server.",
  },
};

/** Whether a server of this dialect lacks it. */
export function isMissing(dialect: Dialect, thing: MissingThing): boolean {
  return missing[thing].on.includes(dialect.name);
}

/** The error for it; `detail` says more, for example which file. */
export function missingError(dialect: Dialect, thing: MissingThing, detail?: string): UnsupportedEndpointError {
  const { lacks, nearest } = missing[thing];
  const more = detail === undefined ? "" : `: ${detail}`;
  return new UnsupportedEndpointError(`${dialect.title} ${lacks}${more}`, { hint: nearest });
}

/** Throws `UnsupportedEndpointError` where the dialect lacks it. */
export function requireThing(dialect: Dialect, thing: MissingThing): void {
  if (isMissing(dialect, thing)) throw missingError(dialect, thing);
}
