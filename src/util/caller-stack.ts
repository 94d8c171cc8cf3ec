/**
 * Who has called: a turn fails long after the call, in the answer to an event, and its stack would not have a line of the
 * caller's. The frames are taken at the call, which costs microseconds, and put into words when it fails.
 */

/** Errors that have frames added: one that ends several turns has those of all their callers. */
const known = new WeakMap<Error, { readonly own: string; readonly callers: Set<string> }>();
/** Of one error. */
const mostCallers = 5;

/** A call that is being made. */
export interface CallSite {
  readonly stack?: string | undefined;
}

/** Takes the frames; those up to `entry` are left out where the engine can. */
export function callSite(entry: abstract new (...given: never[]) => unknown): CallSite {
  const site = new Error("called");
  Error.captureStackTrace?.(site, entry);
  return site;
}

/** Adds the caller's frames to the stack of what a call has failed with. */
export function addCaller(error: unknown, site: CallSite): void {
  if (!(error instanceof Error) || typeof error.stack !== "string") return;
  const caller = asyncFrames(site.stack ?? "");
  if (caller === "" || error.stack.includes(caller)) return;
  const { own, callers } = known.get(error) ?? { own: error.stack, callers: new Set<string>() };
  if (callers.size < mostCallers) callers.add(caller);
  try {
    error.stack = [own, ...callers].join("\n");
    known.set(error, { own, callers });
  } catch {
    // A frozen error stays as it is.
  }
}

/** As V8 writes frames behind an `await`. */
function asyncFrames(stack: string): string {
  const frames = stack.split("\n").filter((line) => /^\s+at /.test(line));
  return frames.map((line) => line.replace(/^(\s+at )(?:async )?/, "$1async ")).join("\n");
}
