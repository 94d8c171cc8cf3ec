/** The shapes of released 2.x as the stand-in stores and sends them. */
import type { JsonRecord } from "../../../src/util/json.js";

export interface ModelRef {
  id: string;
  providerID: string;
  variant?: string;
}

export interface Rule {
  action: string;
  resource: string;
  effect: "allow" | "deny" | "ask";
}

export interface Tokens {
  input: number;
  output: number;
  reasoning: number;
  cache: { read: number; write: number };
}

export interface WireError {
  type: string;
  message: string;
  status?: number;
  response?: { body: string };
}

export type Outcome = "succeeded" | "failed" | "interrupted";

export interface FileDiff {
  file: string;
  patch: string;
  additions: number;
  deletions: number;
  status: "added" | "deleted" | "modified";
}

export interface SessionInfo {
  id: string;
  parentID?: string;
  fork?: { sessionID: string; boundary: { type: "before" | "through"; messageID: string } };
  projectID: string;
  agent?: string;
  model?: ModelRef;
  cost: number;
  tokens: Tokens;
  outcome?: Outcome;
  time: { created: number; updated: number; idle?: number; viewed?: number };
  title?: string;
  subpath?: string;
  metadata?: JsonRecord;
  permissions?: Rule[];
  revert?: { messageID: string; files?: FileDiff[] };
  location: { directory: string };
}

export type Delivery = "steer" | "queue";

export interface InboxItem {
  id: string;
  sessionID: string;
  time: { created: number };
  type: "user" | "synthetic" | "compaction" | "move";
  payload: JsonRecord;
  delivery: Delivery;
}

/** A stored file of a prompt. */
export interface StoredFile {
  data: string;
  mime: string;
  source: { type: "inline" } | { type: "uri"; uri: string };
  name?: string;
  description?: string;
}

export type Content = { type: "text"; text: string } | { type: "file"; uri: string; mime: string; name?: string };

export interface ToolPart {
  type: "tool";
  id: string;
  name: string;
  executed?: boolean;
  state: {
    status: "streaming" | "running" | "completed" | "error";
    input: unknown;
    metadata?: JsonRecord;
    content?: Content[];
    error?: WireError;
  };
  time: { created: number; ran?: number; completed?: number };
}

export type AssistantPart =
  | { type: "text"; text: string }
  | { type: "reasoning"; text: string; time: { created: number; completed?: number } }
  | ToolPart;

interface Stored {
  id: string;
  time: { created: number; streamed?: number; completed?: number };
  metadata?: JsonRecord;
}

export interface AssistantMessage extends Stored {
  type: "assistant";
  agent: string;
  model: ModelRef;
  content: AssistantPart[];
  snapshot?: { start?: string; end?: string; files?: string[] };
  finish?: string;
  rawFinish?: string;
  cost?: number;
  tokens?: Tokens;
  error?: WireError;
  retry?: { attempt: number; at: number; error: WireError };
}

export interface CompactionMessage extends Stored {
  type: "compaction";
  status: "running" | "completed" | "failed";
  reason: "auto" | "manual";
  summary?: string;
  recent?: string;
  model?: ModelRef;
  error?: WireError;
  cost?: number;
  tokens?: Tokens;
}

export interface ShellMessage extends Stored {
  type: "shell";
  shellID: string;
  command: string;
  status: "running" | "exited" | "timeout" | "killed";
  exit?: number;
  output?: { output: string; cursor: number; size: number; truncated: boolean };
}

export interface UserMessage extends Stored {
  type: "user";
  text: string;
  files?: StoredFile[];
  agents?: JsonRecord[];
  skills?: JsonRecord[];
}

export type StoredMessage =
  | UserMessage
  | AssistantMessage
  | CompactionMessage
  | ShellMessage
  | (Stored & { type: "synthetic" | "system"; text: string; description?: string })
  | (Stored & { type: "agent-switched"; agent: string; previous?: string })
  | (Stored & { type: "model-switched"; model: ModelRef; previous?: ModelRef })
  | (Stored & { type: "location-switched"; location: { directory: string } })
  | (Stored & { type: "idle"; outcome: Outcome });

/** What one step did to a file of a git repository; `null` is no file. */
export interface FileChange {
  file: string;
  before: string | null;
  after: string | null;
}

/** Everything that is kept of a session over a restart. */
export interface SessionRecord {
  info: SessionInfo;
  messages: StoredMessage[];
  inbox: InboxItem[];
  /** Every admission there ever was, by id: a repeat returns the first. */
  admissions: Record<string, InboxItem>;
  /** Instruction entries, and the text of each that the model was told. */
  entries: Record<string, unknown>;
  told: Record<string, string>;
  /** Number of the last durable event. */
  seq: number;
  /** True from `execution.started` to the end of the run: true after a restart means that the run was cut. */
  executing: boolean;
  /** Set by the next run of a session whose run was cut, until it goes on. */
  wasCut?: boolean;
  /** What each step changed, by message id. */
  changes: Record<string, FileChange[]>;
}
