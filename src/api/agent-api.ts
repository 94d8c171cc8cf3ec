/**
 * The seam between this library and the protocol of an agent server: everything that sessions, turns, permissions, the catalog and
 * the tools need of a server. Outside of `src/api/` no file knows a route. Messages, parts and sessions have the types of the public API.
 * All methods reject with the errors of `OpencodeClient` calls.
 */
import type { Liveness } from "../client/liveness.js";
import type {
  AgentInfo,
  CommandInfo,
  FileDiff,
  Message,
  Part,
  ProviderInfo,
  ReadableMessage,
  Schemas,
  SessionInfo,
  Todo,
} from "../types/answer.js";
import type { LevelLogger } from "../util/logger.js";
import type { OpenPermission, OpenQuestion } from "./api-event.js";
import type { Capabilities } from "./capabilities.js";
import type { EventReader } from "./event-reader.js";
import type {
  ApiCall,
  CommandInput,
  CompactionInput,
  PermissionAnswer,
  PromptInput,
  RevertPoint,
  SessionChanges,
  SessionDraft,
  SessionFilter,
  ShellInput,
  StoredConversation,
  TurnSettings,
  UnlistedPermission,
  WalkOptions,
} from "./inputs.js";

/** One agent server, narrowed to one directory. */
export interface AgentApi {
  /** What this server can do that others cannot. */
  readonly capabilities: Capabilities;
  /** The server's address, without credentials: two `AgentApi` with the same address reach the same sessions. */
  readonly address: string;
  /** The directory that the calls are about; `undefined` is the server's own. */
  readonly directory: string | undefined;
  readonly logger: LevelLogger;
  /** When the server was last heard of, by any call of the connection. */
  readonly liveness: Liveness;
  /** Opens one connection to the events of the directory. */
  readonly readEvents: EventReader;
  readonly sessions: SessionsApi;
  readonly prompts: PromptsApi;
  readonly messages: MessagesApi;
  readonly changes: ChangesApi;
  readonly requests: RequestsApi;
  readonly catalog: CatalogApi;
  readonly mcp: McpApi;
  readonly files: FilesApi;
  readonly server: ServerApi;
}

/** What the sessions of a directory do, by session id. Those that are idle may be absent. */
export type SessionStatuses = Readonly<Record<string, Schemas["SessionStatus"]>>;

/** Sessions and what belongs to them. */
export interface SessionsApi {
  /** Makes a session. It is not repeated: the caller looks for it after a lost answer. */
  create(draft: SessionDraft, call?: ApiCall): Promise<SessionInfo>;
  get(sessionId: string, call?: ApiCall): Promise<SessionInfo>;
  /** The sessions of the directory, newest first. */
  list(filter: SessionFilter, call?: ApiCall): Promise<SessionInfo[]>;
  /** The sessions of all directories, archived ones too, newest first. `before`: changed before, in ms since 1970. */
  listEverywhere(page: { readonly limit: number; readonly before?: number | undefined }): Promise<SessionInfo[]>;
  /** Resolves to the session afterwards. */
  update(sessionId: string, changes: SessionChanges, call?: ApiCall): Promise<SessionInfo>;
  delete(sessionId: string, call?: ApiCall): Promise<void>;
  /** A copy with the messages before `messageId`, or with all. It is not repeated after a lost answer. */
  fork(sessionId: string, messageId?: string): Promise<SessionInfo>;
  /**
   * Makes a session with the messages of another server, without a call of a model: as messages where the server takes them, otherwise
   * as one text in front of the next prompt. Leaves nothing behind when it rejects.
   */
  restore(conversation: StoredConversation, call: ApiCall): Promise<SessionInfo>;
  /** The session begins with a text that `restore()` has put in front of its first prompt: its messages have it from then on. */
  beginsWithText(sessionId: string): Promise<boolean>;
  /** The sessions whose parent it is. */
  children(sessionId: string, call?: ApiCall): Promise<SessionInfo[]>;
  todos(sessionId: string): Promise<Todo[]>;
  /** Publishes the session; `share.url` is its address. */
  share(sessionId: string): Promise<SessionInfo>;
  unshare(sessionId: string): Promise<void>;
  statuses(call?: ApiCall): Promise<SessionStatuses>;
}

/** What sets the agent going, and what stops it. None of it is repeated after a lost answer, `abort` apart. */
export interface PromptsApi {
  /** Resolves when the server has the prompt; the run follows. */
  submit(sessionId: string, prompt: PromptInput, call?: ApiCall): Promise<void>;
  /**
   * Puts the prompt into the run that is going on: the model is asked with it at the next step. Without a run it begins one. What the prompt
   * names is what the run has. Sent again it is the same prompt, and `submit` of the same is refused.
   */
  steer(sessionId: string, prompt: PromptInput, call?: ApiCall): Promise<void>;
  /**
   * Whether the server has the prompt: its message is stored with the same content. Rejects with `ConflictError` when it is stored with
   * another. Asked only where prompts do not keep their parts.
   */
  isStored(sessionId: string, prompt: PromptInput, call?: ApiCall): Promise<boolean>;
  /**
   * Resolves to the settings that a prompt or command has to name so that the turn's hold for the turn, and the session's own model where the
   * turn has none. Called before each of them, while the session is idle.
   * @param usual the settings of a session that was given none.
   */
  settings(sessionId: string, wanted: TurnSettings, usual: TurnSettings, call: ApiCall): Promise<TurnSettings>;
  /**
   * Whether the prompt may wait behind a run that is going on: what it names is what the session has, and nothing shows that the session
   * has something for the time of that run only. Asked only where the server queues prompts.
   */
  mayQueue(sessionId: string, prompt: PromptInput, call?: ApiCall): Promise<boolean>;
  /**
   * Takes back a prompt that waits on the server. `"waiting"`: it waits on, because the server does not take it back; one that would wait
   * for the next prompt is made to begin. `"begun"`: it is part of the conversation. Asked only where the server queues prompts.
   */
  withdraw(sessionId: string, prompt: PromptInput, call?: ApiCall): Promise<"withdrawn" | "waiting" | "begun">;
  /** Takes back a steer that the model was not asked with, after the end of its run. One that is part of the conversation may stay. */
  dropSteer(sessionId: string, prompt: PromptInput, call?: ApiCall): Promise<void>;
  /** Sets back what the server has kept of the last prompt's agent, model, variant and system text. Nothing kept is fine. */
  restore(sessionId: string, call?: ApiCall): Promise<void>;
  /**
   * Makes a run that has failed ready to go on: the next `submit` of its prompt has the model that the prompt names then go on behind the
   * steps that are done, and tells it the results of tools. Called while the session is idle, with the prompt as its newest. Resolves to the
   * ids of messages that were deleted for it. May be called again.
   */
  clearFailure(sessionId: string, messageId: string, call: ApiCall): Promise<readonly string[]>;
  /** Resolves when the run of the command is over. Has no time limit of its own. */
  command(sessionId: string, command: CommandInput, call?: ApiCall): Promise<void>;
  /** Resolves when the shell line has ended. Has no time limit of its own. */
  shell(sessionId: string, line: ShellInput, call?: ApiCall): Promise<void>;
  /** Resolves when the summary is written, or when none was. Has no time limit of its own. */
  compact(sessionId: string, compaction: CompactionInput, call?: ApiCall): Promise<void>;
  /** Stops the run of the session. Nothing running is fine. */
  abort(sessionId: string, call?: ApiCall): Promise<void>;
}

/** Stored messages. */
export interface MessagesApi {
  /** The newest `limit` messages, oldest first. Rejects with `BadRequestError` when the server cannot read one of them. */
  newest(sessionId: string, limit: number, call?: ApiCall): Promise<ReadableMessage[]>;
  /** The message, `"unreadable"` when it is stored and cannot be read, `undefined` when it is not stored. */
  find(sessionId: string, messageId: string, call?: ApiCall): Promise<ReadableMessage | "unreadable" | undefined>;
  /** The message with all parts as the server sends them. Rejects with `MessageNotFoundError`. */
  get(sessionId: string, messageId: string, call?: ApiCall): Promise<ReadableMessage>;
  /** The messages of a turn: from its prompt to the newest, oldest first. */
  ofTurn(sessionId: string, messageId: string, call?: ApiCall): Promise<ReadableMessage[]>;
  /** All messages, newest first; one page is held. A message that the server cannot read is among them. */
  newestFirst(sessionId: string, options?: WalkOptions): AsyncIterable<Message>;
  /** All messages, oldest first. Messages that come meanwhile are not among them. */
  oldestFirst(sessionId: string): AsyncIterable<Message>;
  /** Where the messages before a stored one begin; `undefined` for the first. Rejects with `MessageNotFoundError`. */
  before(sessionId: string, messageId: string): Promise<Pick<WalkOptions, "before" | "asked"> | undefined>;
  delete(sessionId: string, messageId: string): Promise<void>;
  /** Replaces a part, or adds one under a new id. */
  putPart(part: Part): Promise<void>;
  deletePart(part: Pick<Part, "sessionID" | "messageID" | "id">): Promise<void>;
}

/** The changes of files that the server has recorded. */
export interface ChangesApi {
  /** What the steps of a prompt have changed. */
  diff(sessionId: string, messageId: string): Promise<FileDiff[]>;
  /** Hides the messages from there on and restores the files that their steps have changed. Resolves to the session afterwards. */
  revert(sessionId: string, point: RevertPoint): Promise<SessionInfo>;
  /** Shows the messages again and sets every file of the repository back. */
  unrevert(sessionId: string): Promise<void>;
  /** Shows the messages again and touches no file. */
  clearRevert(sessionId: string): Promise<void>;
}

/** What the agent asks: permissions and questions. */
export interface RequestsApi {
  /** The open permission requests of the directory. */
  permissions(call?: ApiCall): Promise<OpenPermission[]>;
  /** The open questions of the directory. */
  questions(call?: ApiCall): Promise<OpenQuestion[]>;
  /** Rejects with `NotFoundError` for a request that is not open. */
  answerPermission(requestId: string, answer: PermissionAnswer, call?: ApiCall): Promise<void>;
  /** One list of texts for each question. Rejects with `NotFoundError` for a question that is not open. */
  answerQuestion(requestId: string, answers: readonly (readonly string[])[], call?: ApiCall): Promise<void>;
  rejectQuestion(requestId: string, call?: ApiCall): Promise<void>;
  /**
   * Refuses what a session asks and the server cannot list, with all else that the session asks. `call`: what is asked. Resolves to false
   * when the server lists it, or does not ask. Absent where that cannot be done.
   */
  refuseUnlisted?(asked: UnlistedPermission, message: string, call?: ApiCall): Promise<boolean>;
}

/** What the server offers in the directory, and how it is configured. */
export interface CatalogApi {
  /** The default agent is the first. */
  agents(call?: ApiCall): Promise<AgentInfo[]>;
  /** Providers that can be used, with their models. */
  providers(call?: ApiCall): Promise<ProviderInfo[]>;
  commands(call?: ApiCall): Promise<CommandInfo[]>;
  /** Names of the tools. */
  toolNames(): Promise<string[]>;
  config(call?: ApiCall): Promise<Schemas["Config"]>;
  /** Where the server looks for configuration, and where it works. */
  paths(): Promise<Schemas["Path"]>;
  /** Whether changes of files are recorded in the directory. */
  hasVersionControl(): Promise<boolean>;
}

/** The configuration of an MCP server. */
export type McpConfig = Schemas["McpRemoteConfig"] | Schemas["McpLocalConfig"];

/** MCP servers that the agent takes tools from. */
export interface McpApi {
  /** By name. */
  statuses(call?: ApiCall): Promise<unknown>;
  /** Adds a server or replaces the one of that name, and connects. Resolves to the statuses of all, whatever came of it. */
  add(name: string, config: McpConfig, call?: ApiCall): Promise<unknown>;
  connect(name: string, call?: ApiCall): Promise<void>;
  disconnect(name: string, call?: ApiCall): Promise<void>;
  /** Disconnects, and removes the entry where the server can. */
  remove(name: string, call?: ApiCall): Promise<void>;
}

/** The files of the directory, as the server reads them. */
export interface FilesApi {
  /** Rejects when the server cannot list the directory. */
  list(path: string, call?: ApiCall): Promise<void>;
  /** The text of a file; `undefined` for a file that is none. */
  text(path: string): Promise<string | undefined>;
}

/** The server itself. */
export interface ServerApi {
  /** Stores the key of a model provider with the server's logins. It counts from the next `disposeDirectory` on. */
  setProviderKey(providerId: string, key: string): Promise<void>;
  /** Ends everything that the server has loaded for the directory, runs included; the next use loads it again. */
  disposeDirectory(call?: ApiCall): Promise<void>;
  /** Whether a session or a terminal runs in the directory, whoever started it. */
  isDirectoryInUse(call?: ApiCall): Promise<boolean>;
}
