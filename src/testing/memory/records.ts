/** What the agent in memory stores, in the form in which it is sent. Objects are changed in place and serialized when told. */
import type { JsonRecord } from "../../util/json.js";

/** One permission rule. */
export interface Rule {
  readonly permission: string;
  readonly pattern: string;
  readonly action: string;
}

/** A model by its names. */
export interface ModelName {
  readonly providerID: string;
  readonly modelID: string;
  readonly variant?: string | undefined;
}

/** Token counts of a message; a session's have no `total`. */
export interface Tokens {
  total?: number | undefined;
  input: number;
  output: number;
  reasoning: number;
  cache: { read: number; write: number };
}

/** A session. */
export interface Session {
  readonly id: string;
  readonly slug: string;
  readonly projectID: string;
  readonly directory: string;
  readonly path: string;
  readonly parentID?: string | undefined;
  title: string;
  agent?: string | undefined;
  model?: { id: string; providerID: string; variant?: string | undefined } | undefined;
  readonly version: string;
  summary?: JsonRecord | undefined;
  cost: number;
  tokens: Tokens;
  metadata?: unknown;
  permission?: Rule[] | undefined;
  revert?: JsonRecord | undefined;
  time: { created: number; updated: number; archived?: number | undefined };
}

/** Head of a message: a user's or an assistant's. */
export interface Info {
  readonly id: string;
  readonly sessionID: string;
  readonly role: "user" | "assistant";
  readonly time: { created: number; completed?: number | undefined };
  agent: string;
  // Of a user.
  model?: ModelName | undefined;
  format?: JsonRecord | undefined;
  system?: string | undefined;
  tools?: Readonly<Record<string, boolean>> | undefined;
  // Of an assistant; a user's summary is an object.
  summary?: boolean | JsonRecord | undefined;
  parentID?: string | undefined;
  modelID?: string | undefined;
  providerID?: string | undefined;
  mode?: string | undefined;
  variant?: string | undefined;
  path?: { cwd: string; root: string } | undefined;
  cost?: number | undefined;
  tokens?: Tokens | undefined;
  finish?: string | undefined;
  error?: AgentFailure | undefined;
  structured?: unknown;
}

/** An error as stored in a message and told by `session.error`. */
export interface AgentFailure {
  readonly name: string;
  readonly data: JsonRecord;
}

/** How far a tool call is. */
export interface ToolState {
  status: "pending" | "running" | "completed" | "error";
  input: unknown;
  raw?: string | undefined;
  title?: string | undefined;
  metadata?: JsonRecord | undefined;
  output?: string | undefined;
  error?: string | undefined;
  time?: { start: number; end?: number | undefined } | undefined;
}

/** A part of a message, of any type. */
export interface Part {
  readonly id: string;
  readonly messageID: string;
  readonly sessionID: string;
  readonly type: string;
  text?: string | undefined;
  synthetic?: boolean | undefined;
  ignored?: boolean | undefined;
  metadata?: unknown;
  time?: { start: number; end?: number | undefined } | undefined;
  tool?: string | undefined;
  callID?: string | undefined;
  state?: ToolState | undefined;
  // Of a file.
  mime?: string | undefined;
  url?: string | undefined;
  filename?: string | undefined;
  // Of a subtask, or of an agent that is named.
  name?: string | undefined;
  agent?: string | undefined;
  prompt?: string | undefined;
  description?: string | undefined;
  command?: string | undefined;
  model?: ModelName | undefined;
  // Of a compaction.
  auto?: boolean | undefined;
  overflow?: boolean | undefined;
  // Of a step's ends.
  reason?: string | undefined;
  snapshot?: string | undefined;
  tokens?: Tokens | undefined;
  cost?: number | undefined;
}

/** A message with its parts, in the order of their ids. */
export interface Message {
  readonly info: Info;
  readonly parts: Part[];
}

/** Puts a part in its place, or instead of the one with its id. */
export function insertPart({ parts }: Message, part: Part): void {
  let at = parts.length;
  while (at > 0 && (parts[at - 1]?.id ?? "") >= part.id) at -= 1;
  parts.splice(at, parts[at]?.id === part.id ? 1 : 0, part);
}

/** No tokens yet. */
export function noTokens(): Tokens {
  return { input: 0, output: 0, reasoning: 0, cache: { read: 0, write: 0 } };
}

/** An ask or a question that is open. It stays after an abort of its run, as the server's do. */
export interface PendingAsk {
  readonly session: Session;
  /** As listed and told. */
  readonly request: JsonRecord & { readonly id: string };
  readonly settle: (answer: string[][] | undefined) => void;
  readonly fail: (error: Error) => void;
}
