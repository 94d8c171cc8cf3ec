/**
 * The dialects of the 2.x protocol, and the one table of their differences: paths, names of fields, and what a reader has to know. Things
 * that are absent: `missing.ts`.
 */
import type { WatchPace } from "./idle-watch.js";

/**
 * `preview`: the 2.0 preview (release 1.18.18 calls itself so), which is the only one that was run. `2.0`: 2.0.0 to 2.0.3. `2.1`: 2.0.4
 * and later. Rows of the last two are from the public types; they were not run against a real 2.1.
 */
export type DialectName = "preview" | "2.0" | "2.1";

/** A method and a path below the server's address; `{s}` stands for the session's id. */
export interface Route {
  readonly method: "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
}

/** How one dialect differs from the others. */
export interface Dialect {
  readonly name: DialectName;
  /** The name in messages. */
  readonly title: string;
  /** Where a prompt's text stands in the body: below `prompt`, or beside the id. */
  readonly promptBody: "nested" | "flat";
  /** The field of the answer to a permission request. */
  readonly permissionAnswer: "reply" | "decision";
  /** How the agent asks the user. */
  readonly asking: "questions" | "forms";
  /** Whether a prompt with an id that is known and another text is refused (409), or answered with what is stored. */
  readonly refusesOtherText: boolean;
  readonly clearRevert: Route;
  /** The message at which a revert is staged: the one before the prompt stays visible, or the prompt itself goes. */
  readonly revertsTo: "message before" | "message";
  /** Whether a text can be put in front of the prompts that is none itself. */
  readonly takesTexts: boolean;
  /** Whether the next prompt makes a staged revert final, or the client has to. */
  readonly commitsReverts: boolean;
  /** Entries of system text, the paths to try in order; none where the text has to stand in the prompt. */
  readonly instructions: readonly string[];
  /** MCP servers at run time, the paths to try in order, without the name. */
  readonly mcp: readonly string[];
  /** Which fields of a session can be changed, and how; `undefined`: none. */
  readonly update: (Route & { readonly fields: readonly ("title" | "permissions" | "metadata")[] }) | undefined;
  /** The body of a fork before a message. */
  readonly fork: "before" | "boundary";
  /** The server's default model. */
  readonly defaultModel: string | undefined;
  /** The documents of the configuration. */
  readonly config: string | undefined;
  /** What is admitted and not yet part of the conversation. */
  readonly inbox: string | undefined;
  /** Whether agents call sub-agents, which have sessions of their own. */
  readonly hasSubAgents: boolean;
  /** Whether a step is stored with its cost. */
  readonly storesCosts: boolean;
  /** Whether the time of a session's last change moves with its prompts. */
  readonly updatesTimes: boolean;
  /** Whether `file:` addresses in a prompt are read by the server. */
  readonly readsFiles: boolean;
  /** Which images reach the model, by media type. */
  readonly images: ReadonlySet<string>;
  /** The server's names of permissions that have another one in 1.x, by the name in 1.x. */
  readonly permissionNames: Readonly<Record<string, string>>;
  /** Reloads everything that is known of all directories. */
  readonly reload: Route | undefined;
  /**
   * The server keeps the durable events of a session, and gives those behind a number. Then the numbers of the live stream have no
   * holes either. A plain `serve` of released 2.x keeps nothing.
   */
  readonly keepsEvents: boolean;
  /** A text is stored as `""` until it has ended: one that is stored with content is whole. */
  readonly storesWholeTexts: boolean;
  /** A request about a shell line has the whole line as its one subject. */
  readonly asksWholeLines: boolean;
  /** How often the list of active sessions is looked at while one of ours runs: where no event says that a run is over, soon. */
  readonly pace: WatchPace;
}

const images: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** Observed on 2.0 preview 1.18.18. */
const preview: Dialect = {
  name: "preview",
  title: "the 2.0 preview",
  promptBody: "nested",
  permissionAnswer: "reply",
  asking: "questions",
  refusesOtherText: true,
  clearRevert: { method: "POST", path: "/api/session/{s}/revert/clear" },
  revertsTo: "message before",
  takesTexts: false,
  commitsReverts: false,
  instructions: [],
  mcp: [],
  update: undefined,
  fork: "before",
  defaultModel: undefined,
  config: undefined,
  inbox: undefined,
  hasSubAgents: false,
  storesCosts: false,
  updatesTimes: false,
  readsFiles: false,
  images,
  permissionNames: {},
  reload: undefined,
  keepsEvents: true,
  storesWholeTexts: true,
  asksWholeLines: true,
  pace: { first: 30, longest: 1_000 },
};

const released: Dialect = {
  name: "2.1",
  title: "opencode 2.1",
  promptBody: "flat",
  permissionAnswer: "decision",
  asking: "forms",
  refusesOtherText: false,
  clearRevert: { method: "DELETE", path: "/api/session/{s}/revert" },
  revertsTo: "message",
  takesTexts: true,
  commitsReverts: true,
  instructions: ["/api/experimental/session/{s}/instructions/entries", "/api/session/{s}/instructions/entries"],
  mcp: ["/api/experimental/mcp", "/api/mcp"],
  update: { method: "PATCH", path: "/api/session/{s}", fields: ["title", "permissions", "metadata"] },
  fork: "before",
  defaultModel: "/api/model/default",
  config: "/api/config",
  inbox: "/api/session/{s}/inbox",
  hasSubAgents: true,
  storesCosts: true,
  updatesTimes: true,
  readsFiles: true,
  images,
  permissionNames: { bash: "shell", task: "subagent" },
  reload: { method: "POST", path: "/api/location/reload" },
  keepsEvents: false,
  storesWholeTexts: false,
  asksWholeLines: false,
  pace: { first: 2_000, longest: 10_000 },
};

/** By the names of the types between the preview and 2.0.3. */
const early: Dialect = {
  ...released,
  name: "2.0",
  title: "opencode 2.0",
  permissionAnswer: "reply",
  clearRevert: { method: "POST", path: "/api/session/{s}/revert/clear" },
  commitsReverts: false,
  mcp: ["/api/mcp", "/api/experimental/mcp"],
  update: { method: "POST", path: "/api/session/{s}/rename", fields: ["title"] },
  fork: "boundary",
  defaultModel: undefined,
};

const dialects: Readonly<Record<DialectName, Dialect>> = { preview, "2.0": early, "2.1": released };

/** What the table says of a dialect. */
export function dialectOf(name: DialectName): Dialect {
  return dialects[name];
}
