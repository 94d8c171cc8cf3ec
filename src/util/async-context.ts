/** The async context of callers (`AsyncLocalStorage`), where the runtime has one. */

/** Calls a function in a context that was kept. */
export type InContext = <R>(work: () => R) => R;

/** What is used of `node:async_hooks`. */
interface Storage {
  readonly snapshot?: () => InContext;
}

/**
 * The context of here and now, for callbacks that are called from elsewhere: by a connection that another caller has opened.
 * Looked up without an import, which a browser could not load; without contexts it just calls.
 */
export function contextNow(): InContext {
  return storage()?.snapshot?.() ?? ((work) => work());
}

/** The same function, called in this context from wherever it is called. */
export function boundTo<A extends readonly unknown[], R>(
  context: InContext,
  call: (...given: A) => R,
): (...given: A) => R {
  return (...given) => context(() => call(...given));
}

function storage(): Storage | undefined {
  if (typeof process === "undefined" || typeof process.getBuiltinModule !== "function") return undefined;
  return process.getBuiltinModule("node:async_hooks")?.AsyncLocalStorage;
}
