/** One prompt of `ask()` and `askStream()`: to a server that is shared with parallel calls, and ends with the last one. */
import type { TurnReport } from "../session/answer-stream.js";
import { toAbortError } from "../session/turn/abort-error.js";
import { planPrompt } from "../session/turn/prompt-plan.js";
import { clockOf, replaceLimits, TurnClock, turnSignal } from "../session/turn/turn-clock.js";
import { resolveTurnOptions, turnOptionNames } from "../session/turn-options.js";
import { isToolList } from "../tools/tool-list.js";
import type { Answer, Prompt, StreamOptions } from "../types/index.js";
import { optionNames, placesOfOptions } from "../types/option-names.js";
import { raceAbort } from "../util/abort.js";
import { checkOptions } from "../util/check-options.js";
import type { AskStreamOptions } from "./ask-options.js";
import type { OpencodeOptions } from "./create.js";
import { conversation, leaveShared, share, sharedKey } from "./shared-servers.js";

/** Options that are not for the server. */
const notForServer: ReadonlySet<string> = new Set([...turnOptionNames, "detach"]);

/** Of the turn, and of the server that is started for it: so they hold for sub-agents too. */
const fromTheStart: ReadonlySet<string> = new Set(["permission", "permissionMode", "confineTo"]);

/** Starts or joins a server, asks, and leaves the server. */
export async function askOnce<T>(prompt: Prompt, options: AskStreamOptions<T>, report: TurnReport): Promise<Answer<T>> {
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
  replaceLimits(options, stop.signal);
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
  const key = sharedKey(startOptions);
  const shared = share(key, startOptions, keep);
  try {
    const opencode = await unlessStopped(shared.opencode);
    clockOf(signal).enter("setup");
    const asker = keep === undefined ? opencode : await unlessStopped(conversation(shared, opencode));
    const stream = asker.askStream<T>(prompt, turnOptions);
    report.offerSubagents?.(() => stream.subagents());
    stream.sessionId.then(report.sessionId, () => {}); // the answer tells
    report.steers?.attach((steer) => stream.steer(steer));
    for await (const event of stream.events) if (event.type !== "finish") report.emit(event);
    return await stream.answer;
  } catch (error) {
    report.steers?.end(error); // steers that still wait for their turn to begin
    throw error;
  } finally {
    await report.steers?.settled(); // those that have become turns need the server
    await leaveShared(key, shared);
  }
}
