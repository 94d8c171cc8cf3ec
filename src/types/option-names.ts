/**
 * The names of all options, once more as values: what is none of them is refused (`util/check-options.ts`). An option that
 * is added to a type and not here does not compile.
 */
import type { OptionNames } from "../util/check-options.js";
import type { ExportOptions, ImportOptions } from "./document.js";
import type { ConversationOptions, KeptOptions, KeptSelector } from "./kept.js";
import type {
  CommonOptions,
  ConnectOptions,
  CreateSessionOptions,
  ServerOptions,
  SessionTurnOptions,
  StartOptions,
  ToolOptions,
  TurnOptions,
} from "./options.js";
import type { PolicyOptions } from "./policy.js";
import type {
  CommandOptions,
  CompactOptions,
  DiffOptions,
  EventsOptions,
  ForkOptions,
  HistoryOptions,
  MessagesOptions,
  ReloadOptions,
  RevertOptions,
  SessionOptions,
  SessionsOptions,
  ShellOptions,
  StreamOptions,
  WaitOptions,
} from "./session-options.js";

/** What a client or session may set for all its turns. */
const defaultNames = {
  model: true,
  agent: true,
  system: true,
  variant: true,
  structured: true,
  maxRepairs: true,
  timeout: true,
  idleTimeout: true,
  maxRetryWait: true,
  fallbackModels: true,
  maxCost: true,
  maxSteps: true,
  maxTokens: true,
  contextWarning: true,
  maxSubagents: true,
  maxDepth: true,
  maxRepeats: true,
  permission: true,
  permissionMode: true,
  whenBusy: true,
  onPermission: true,
  parkAfter: true,
  approvalTimeout: true,
  onQuestion: true,
  onPlanExit: true,
  confineTo: true,
  reviewer: true,
  audit: true,
  onSettled: true,
  hooks: true,
  callbackTimeout: true,
} satisfies Record<Exclude<keyof TurnOptions, "signal" | "schema" | "files" | "tools">, true>;

const toolNames = { tools: true } satisfies Record<keyof ToolOptions, true>;

const turnNames = { ...defaultNames, ...toolNames, signal: true, schema: true, files: true } satisfies Record<
  keyof TurnOptions,
  true
>;

const namedTurnNames = { ...turnNames, messageId: true } satisfies Record<keyof SessionTurnOptions, true>;

const commonNames = {
  protocol: true,
  directory: true,
  budget: true,
  workspace: true,
  requestTimeout: true,
  maxRetries: true,
  reconnectTimeout: true,
  headers: true,
  fetch: true,
  logger: true,
  logLevel: true,
  approvalStore: true,
} satisfies Record<keyof CommonOptions, true>;

const connectNames = { ...commonNames, baseUrl: true, username: true, password: true, token: true } satisfies Record<
  keyof ConnectOptions,
  true
>;

const serverNames = {
  protocol: true,
  directory: true,
  config: true,
  binary: true,
  download: true,
  onProgress: true,
  hostname: true,
  port: true,
  password: true,
  serverTimeout: true,
  env: true,
  isolation: true,
  providers: true,
  restart: true,
  signal: true,
  logger: true,
  logLevel: true,
} satisfies Record<keyof ServerOptions, true>;

const startNames = {
  ...commonNames,
  ...serverNames,
  model: true,
  baseUrl: true,
  unresponsiveTimeout: true,
  directoryIdleTimeout: true,
  maxDirectories: true,
} satisfies Record<keyof StartOptions, true>;

const keptSelectorNames = { directory: true, isolation: true } satisfies Record<keyof KeptSelector, true>;

const {
  system: _system,
  structured: _structured,
  maxRepairs: _maxRepairs,
  fallbackModels: _fallbackModels,
  ...shellDefaults
} = defaultNames;
const shellNames = {
  ...shellDefaults,
  tools: true,
  signal: true,
  messageId: true,
} satisfies Record<keyof ShellOptions, true>;

const keptNames = {
  ...keptSelectorNames,
  protocol: true,
  binary: true,
  download: true,
  onProgress: true,
  config: true,
  env: true,
  port: true,
  serverTimeout: true,
  signal: true,
  logger: true,
  logLevel: true,
  idleTimeout: true,
} satisfies Record<keyof KeptOptions, true>;

/** One prompt has limits of its own. */
const { budget: _budget, ...oneShotNames } = { ...startNames, ...connectNames };

/** By what takes them. */
export const optionNames: {
  readonly [Call in
    | "turn"
    | "stream"
    | "shell"
    | "command"
    | "start"
    | "connect"
    | "server"
    | "oneShot"
    | "createSession"
    | "session"
    | "sessions"
    | "events"
    | "messages"
    | "history"
    | "diff"
    | "compact"
    | "fork"
    | "export"
    | "import"
    | "reload"
    | "revert"
    | "wait"
    | "kept"
    | "conversation"
    | "keptSelector"
    | "policy"]: OptionNames;
} = {
  turn: turnNames,
  stream: { ...namedTurnNames, detach: true } satisfies Record<keyof StreamOptions<unknown>, true>,
  shell: shellNames,
  command: { ...shellNames, expandArguments: true } satisfies Record<keyof CommandOptions, true>,
  start: { ...startNames, ...defaultNames, ...toolNames },
  connect: { ...connectNames, ...defaultNames, ...toolNames },
  server: serverNames,
  oneShot: { ...oneShotNames, ...turnNames, keep: true, detach: true },
  createSession: {
    title: true,
    directory: true,
    agent: true,
    model: true,
    permission: true,
    permissionMode: true,
    parentId: true,
    metadata: true,
    budget: true,
    tools: true,
  } satisfies Record<keyof CreateSessionOptions, true>,
  session: { directory: true } satisfies Record<keyof SessionOptions, true>,
  sessions: { directory: true, search: true, archived: true, limit: true } satisfies Record<
    keyof SessionsOptions,
    true
  >,
  events: { strict: true } satisfies Record<keyof EventsOptions, true>,
  messages: { limit: true, before: true } satisfies Record<keyof MessagesOptions, true>,
  history: { order: true } satisfies Record<keyof HistoryOptions, true>,
  diff: { messageId: true } satisfies Record<keyof DiffOptions, true>,
  compact: { model: true } satisfies Record<keyof CompactOptions, true>,
  fork: { messageId: true, budget: true } satisfies Record<keyof ForkOptions, true>,
  export: { redact: true } satisfies Record<keyof ExportOptions, true>,
  reload: { directory: true, signal: true } satisfies Record<keyof ReloadOptions, true>,
  import: { directory: true, agent: true, model: true, rules: true } satisfies Record<keyof ImportOptions, true>,
  revert: { force: true } satisfies Record<keyof RevertOptions, true>,
  wait: { signal: true } satisfies Record<keyof WaitOptions, true>,
  kept: keptNames,
  conversation: { ...keptNames, session: true, onSettled: true, onWait: true } satisfies Record<
    keyof ConversationOptions,
    true
  >,
  keptSelector: keptSelectorNames,
  policy: { default: true, onAsk: true, realpath: true, home: true } satisfies Record<keyof PolicyOptions, true>,
};

/** Where options belong that are given to a turn by mistake. */
export const placesOfOptions: Readonly<Record<string, OptionNames>> = {
  "ask(), askStream() or a session's command()": namedTurnNames,
  "createOpencode() or createSession(); limits of one turn are maxCost, maxTokens and maxSteps": { budget: true },
  "createOpencode(), or to the function ask()": { ...startNames, ...connectNames },
  "createSession()": { title: true, parentId: true, metadata: true },
  "the function ask()": { keep: true },
  "askStream()": { detach: true },
};
