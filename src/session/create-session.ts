/**
 * Makes a session, once. Where the server takes an id, it is fixed here, and a repeat is the same session. A server that gives
 * the id itself would leave a session that nobody knows after a lost answer: there each carries a nonce in its `metadata` by
 * which it is found again. (A request that arrives only after we have looked makes an empty session more; no prompt is ever
 * sent to it.)
 */
import type { AgentApi } from "../api/agent-api.js";
import type { SessionDraft } from "../api/inputs.js";
import {
  isOutcomeUnknown,
  type ReadOptions,
  RetryBudget,
  type RetryOptions,
  retryTransient,
} from "../client/retry-transient.js";
import { APITimeoutError } from "../errors/index.js";
import type { SessionInfo } from "../types/answer.js";
import { backoff } from "../util/backoff.js";
import { Stopwatch } from "../util/clock.js";
import { delay } from "../util/delay.js";
import { mintSessionId, randomText } from "../util/ids.js";
import { recordProperty, stringProperty } from "../util/json.js";

/** Under this name the nonce stands in `metadata`. */
export const nonceName = "opencode-ts";

const firstWait = 100;
const longestWait = 2_000;
/** One try, in ms: the first session of a directory takes seconds, on a slow machine many. */
const longestTry = 20_000;
/** Sessions that are looked through: the server lists the newest first, and ours is seconds old. */
const newest = 200;

/** Resolves to the session; rejects with the last failure when no answer comes within `retryTimeout` ms. */
export async function createOnce(
  api: AgentApi,
  given: SessionDraft,
  directory: string | undefined,
  { signal, retryTimeout, liveness }: RetryOptions,
): Promise<SessionInfo> {
  const nonce = randomText(12);
  const takesIds = api.capabilities.takesSessionIds;
  const draft: SessionDraft = takesIds
    ? { ...given, id: mintSessionId() }
    : { ...given, metadata: { ...given.metadata, [nonceName]: nonce } };
  const tried = new Stopwatch();
  const retryBudget = new RetryBudget({ liveness, retryTimeout });
  const nextWait = backoff(firstWait, longestWait);
  for (;;) {
    try {
      return await api.sessions.create(draft, { directory, signal, timeout: longestTry, maxRetries: 0 });
    } catch (error) {
      if (!isOutcomeUnknown(error) || signal.aborted) throw error;
      // A server that is at work on the directory's first session (plugins are installed then) is waited for.
      const wait = nextWait();
      const spent = longestTry + wait;
      const isLate = error instanceof APITimeoutError;
      if (isLate ? !(await retryBudget.shouldRetry(error, signal, spent)) : tried.lap(spent) >= retryTimeout)
        throw error;
      await delay(wait, signal);
      if (takesIds) continue;
      const found = await retryTransient((call) => find(api, nonce, directory, call), {
        signal,
        liveness,
        retryTimeout,
      });
      if (found !== undefined) return found;
    }
  }
}

async function find(
  api: AgentApi,
  nonce: string,
  directory: string | undefined,
  call: ReadOptions,
): Promise<SessionInfo | undefined> {
  const sessions = await api.sessions.list({ limit: newest }, { ...call, directory });
  return sessions.find((info) => stringProperty(recordProperty(info, "metadata"), nonceName) === nonce);
}
