/** The functions `ask()` and `askStream()`: parallel calls share a server, which ends with the last one. */
import { AbortedError } from "../errors/index.js";
import type { Opencode } from "../opencode.js";
import { AnswerStream, type TurnReport } from "../session/answer-stream.js";
import type { Session } from "../session/session.js";
import { toAbortError } from "../session/turn/abort-error.js";
import { planPrompt } from "../session/turn/prompt-plan.js";
import { clockOf, TurnClock } from "../session/turn/turn-clock.js";
import { resolveTurnOptions, turnOptionNames, turnSignal } from "../session/turn-options.js";
import { isToolList } from "../tools/tool-list.js";
import type { Answer } from "../types/answer.js";
import { optionNames, placesOfOptions } from "../types/option-names.js";
import type { ConnectOptions, StartOptions, ToolOptions, TurnOptions } from "../types/options.js";
import type { Prompt } from "../types/prompt.js";
import type { JsonSchema, StandardSchema } from "../types/schema.js";
import type { StreamOptions } from "../types/session-options.js";
import { raceAbort } from "../util/abort.js";
import { checkOptions } from "../util/check-options.js";
import { stableStringify } from "../util/json.js";
import { processWide } from "../util/process-wide.js";
import { createOpencode, type OpencodeOptions } from "./create.js";

/** Options of the functions `ask()` and `askStream()`: options of the turn, and options to start a server or to connect to one. */
export type AskOptions<T = undefined> = Omit<TurnOptions<T>, "tools"> &
  (Omit<StartOptions, "signal"> | ConnectOptions) & {
    /** A list: tools of the application, for the lifetime of the server. An object: the tools of this turn, by name. @default none */
    readonly tools?: ToolOptions["tools"] | TurnOptions<T>["tools"];
    /**
     * `true`: server and session stay, and the next call with equal options continues the conversation. `false`: continues it for
     * this call, then ends both.
     * @default the server lasts for this call and parallel calls with equal options
     */
    readonly keep?: boolean | undefined;
  };

/** Options of the function `askStream()`. */
type AskStreamOptions<T> = AskOptions<T> & Pick<StreamOptions<T>, "detach">;

interface Shared {
  readonly opencode: Promise<Opencode>;
  /** Ends the start of a server; `undefined` for a connection to one that runs. */
  readonly starting: AbortController | undefined;
  hasStarted: boolean;
  users: number;
  isKept: boolean;
  /** The conversation of `keep`. */
  session: Promise<Session> | undefined;
}

/** Servers by the options that they were started with, of all copies of this package. */
const sharedServers = processWide("shared-servers", 1, () => new Map<string, Shared>());

/** Options that are not for the server. */
const notForServer: ReadonlySet<string> = new Set([...turnOptionNames, "detach"]);

/** Of the turn, and of the server that is started for it: so they hold for sub-agents too. */
const fromTheStart: ReadonlySet<string> = new Set(["permission", "permissionMode", "confineTo"]);

/**
 * Starts a server or connects to one, asks, and cleans up. Parallel calls with equal options share a server. Rejects as
 * `createOpencode()` and `Session.ask()`.
 */
export function ask<T>(
  prompt: Prompt,
  options: AskOptions<T> & { readonly schema: StandardSchema<T> },
): Promise<Answer<T>>;
export function ask<T = unknown>(
  prompt: Prompt,
  options: AskOptions<T> & { readonly schema: JsonSchema },
): Promise<Answer<T>>;
export function ask<T = undefined>(prompt: Prompt, options?: AskOptions<T>): Promise<Answer<T>>;
export function ask<T>(prompt: Prompt, options: AskOptions<T> = {}): Promise<Answer<T>> {
  return askStream<T>(prompt, options).answer;
}

/** Asks as {@link ask}, and streams the answer. The turn starts at once. */
export function askStream<T>(
  prompt: Prompt,
  options: AskStreamOptions<T> & { readonly schema: StandardSchema<T> },
): AnswerStream<T>;
export function askStream<T = unknown>(
  prompt: Prompt,
  options: AskStreamOptions<T> & { readonly schema: JsonSchema },
): AnswerStream<T>;
export function askStream<T = undefined>(prompt: Prompt, options?: AskStreamOptions<T>): AnswerStream<T>;
export function askStream<T>(prompt: Prompt, options: AskStreamOptions<T> = {}): AnswerStream<T> {
  return new AnswerStream<T>((report) => askOnce(prompt, options, report), options);
}

async function askOnce<T>(prompt: Prompt, options: AskStreamOptions<T>, report: TurnReport): Promise<Answer<T>> {
  checkOptions(options, optionNames.oneShot, "ask()", placesOfOptions);
  const { keep, ...others } = options;
  const entries = Object.entries(others);
  // A list of tools is for the server; in another shape the option chooses among the tools of a turn.
  const isForTurn = ([name, value]: [string, unknown]): boolean =>
    notForServer.has(name) && !(name === "tools" && isToolList(value));
  const isForServer = (entry: [string, unknown]): boolean =>
    !isForTurn(entry) || (options.baseUrl === undefined && fromTheStart.has(entry[0]));
  const turnOptions: StreamOptions<T> = Object.fromEntries(entries.filter(isForTurn));
  const startOptions: OpencodeOptions = Object.fromEntries(entries.filter(isForServer));
  await planPrompt(prompt, resolveTurnOptions<T>({ ...turnOptions, hooks: undefined }, {})); // a wrong prompt must not cost the start of a server
  const { timeout, ...rest } = turnOptions;
  const clock = new TurnClock("start");
  const stop = turnSignal(timeout, clock, report.signal, options.signal); // for all of it, the start of the server included
  try {
    if (stop.signal.aborted) throw toAbortError(stop.signal.reason, {});
    return await askShared(prompt, startOptions, { ...rest, signal: stop.signal, keep }, report);
  } finally {
    stop.release();
  }
}

async function askShared<T>(
  prompt: Prompt,
  startOptions: OpencodeOptions,
  { keep, ...turnOptions }: StreamOptions<T> & { readonly signal: AbortSignal; readonly keep: boolean | undefined },
  report: TurnReport,
): Promise<Answer<T>> {
  const { signal } = turnOptions;
  const unlessStopped = <V>(work: Promise<V>): Promise<V> =>
    raceAbort(work, signal).catch((error: unknown) => {
      throw signal.aborted ? toAbortError(signal.reason, {}) : error;
    });
  // Who is told of a download makes no other server of it: it is the call that starts the server.
  const key = stableStringify({ directory: process.cwd(), ...startOptions, onProgress: undefined });
  const shared = share(key, startOptions, keep);
  try {
    const opencode = await unlessStopped(shared.opencode);
    clockOf(signal).enter("setup");
    const asker = keep === undefined ? opencode : await unlessStopped(conversation(shared, opencode));
    const stream = asker.askStream<T>(prompt, turnOptions);
    stream.sessionId.then(report.sessionId, () => {}); // the answer tells
    for await (const event of stream.events) if (event.type !== "finish") report.emit(event);
    return await stream.answer;
  } finally {
    await leave(key, shared);
  }
}

function share(key: string, options: OpencodeOptions, keep: boolean | undefined): Shared {
  const known = sharedServers.get(key);
  const shared = known ?? start(options);
  shared.users += 1;
  if (keep !== undefined) shared.isKept = keep;
  sharedServers.set(key, shared);
  if (known === undefined) void forgetWhenEnded(key, shared);
  return shared;
}

function start(options: OpencodeOptions): Shared {
  const starting = options.baseUrl === undefined ? new AbortController() : undefined;
  const opencode =
    options.baseUrl === undefined ? createOpencode({ ...options, signal: starting?.signal }) : createOpencode(options);
  const shared: Shared = { opencode, starting, hasStarted: false, users: 0, isKept: false, session: undefined };
  opencode.then(
    () => {
      shared.hasStarted = true;
    },
    () => {}, // told to every call that awaits it
  );
  return shared;
}

/** The next call must not get a server that failed to start or that has died. */
async function forgetWhenEnded(key: string, shared: Shared): Promise<void> {
  const forget = (): void => {
    if (sharedServers.get(key) === shared) sharedServers.delete(key);
  };
  await shared.opencode.then(({ server }) => server?.exited).then((exit) => exit !== undefined && forget(), forget);
}

function conversation(shared: Shared, opencode: Opencode): Promise<Session> {
  shared.session ??= opencode.createSession();
  shared.session.catch(() => {
    shared.session = undefined;
  });
  return shared.session;
}

async function leave(key: string, shared: Shared): Promise<void> {
  shared.users -= 1;
  if (shared.users > 0 || (shared.isKept && shared.hasStarted)) return;
  if (sharedServers.get(key) === shared) sharedServers.delete(key);
  const closed = shared.opencode.then((opencode) => opencode.close()).catch(() => {}); // it never started
  // Once it has started `close()` ends it. A connection has no start to end: what is left of it is not waited for.
  if (!shared.hasStarted) shared.starting?.abort(new AbortedError("nobody waits for the server any more"));
  if (shared.hasStarted || shared.starting !== undefined) await closed;
}
