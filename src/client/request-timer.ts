/** The clock and the signals of one try, and what it was that ended it. */
import { APIAbortError, APIConnectionError, APITimeoutError, OpencodeError } from "../errors/index.js";
import { linkSignals } from "../util/abort.js";
import { maxTimerDelay } from "../util/limits.js";
import type { Conceal } from "./error-body.js";
import { errorReason, runtimeGaveUp, withoutSecrets } from "./network-error.js";

/** What a try is waiting for. */
type Phase = "the token" | "the response headers" | "the response body";

/** What is watched. */
export interface TimedRequest {
  readonly method: string;
  readonly path: string;
  readonly origin: string;
  /** Takes out of a text what the request was authorized with. */
  readonly conceal: Conceal;
  /** In ms; 0 means no limit. */
  readonly timeout: number;
  /** The client's and the call's. */
  readonly signals: readonly (AbortSignal | undefined)[];
}

/** One try under observation. */
export interface RequestTimer {
  /** Aborts when the time is up or one of the caller's signals does. */
  readonly signal: AbortSignal;
  phase: Phase;
  /** True when it was the clock that ended the try. */
  isTimedOut(): boolean;
  /** Stops the clock; the caller's signals are still followed. */
  stopClock(): void;
  /** Ends the observation; must be called. */
  release(): void;
  /** The error to throw for `error`, which may be only the echo of a timeout or an abort. An abort by the caller goes first. */
  explain(error: unknown): OpencodeError;
}

/** Starts the clock. */
export function startRequestTimer(request: TimedRequest): RequestTimer {
  const { timeout, signals } = request;
  const linked = linkSignals(...signals);
  let timedOut = false;
  const expire = (): void => {
    timedOut = true;
    linked.abort();
  };
  const timer = timeout > 0 ? setTimeout(expire, Math.min(timeout, maxTimerDelay)) : undefined;
  const self: RequestTimer = {
    signal: linked.signal,
    phase: "the token",
    isTimedOut: () => timedOut,
    stopClock: () => clearTimeout(timer),
    release: () => {
      clearTimeout(timer);
      linked.release();
    },
    explain: (error) => {
      const ended = signals.find((signal) => signal?.aborted);
      // First: a caller may abort with an error of this package as the reason.
      if (ended !== undefined) return abortError(request, ended.reason);
      if (error instanceof OpencodeError) return error;
      return timedOut ? timeoutError(request, self.phase) : connectionError(request, self.phase, error);
    },
  };
  return self;
}

/** The error for an abort by the caller. */
export function abortError({ method, path }: Pick<TimedRequest, "method" | "path">, reason: unknown): APIAbortError {
  return new APIAbortError(`${method} ${path}: aborted by the caller`, { method, path, cause: reason });
}

function timeoutError({ method, path, timeout }: TimedRequest, phase: Phase): APITimeoutError {
  return new APITimeoutError(`${method} ${path}: timed out after ${timeout} ms waiting for ${phase}`, {
    method,
    path,
    hint: "`timeout` (on the client or on the call) sets how long one try may take.",
  });
}

function connectionError(request: TimedRequest, phase: Phase, failed: unknown): OpencodeError {
  const { method, path, origin, conceal } = request;
  const cause = withoutSecrets(failed, conceal);
  const reason = errorReason(cause);
  if (runtimeGaveUp(cause)) {
    return new APITimeoutError(`${method} ${path}: the runtime's fetch gave up waiting for ${phase} (${reason})`, {
      method,
      path,
      cause,
      hint: "Node's fetch waits 300 s at most; a `fetch` of your own can wait longer.",
    });
  }
  const problem = phase === "the response body" ? "the answer was cut" : "no connection or no answer";
  return new APIConnectionError(`${method} ${path}: ${problem} from ${origin} (${reason})`, {
    method,
    path,
    cause,
    hint: "Is the server running, and is this its address?",
  });
}
