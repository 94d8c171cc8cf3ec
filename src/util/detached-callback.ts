/** Functions of the caller's that are told something, and whose result nobody waits for. */

/**
 * Calls it. What it throws goes to `onFailure`, and so does the reason of a promise that it returns, whatever its type says: an
 * async function is one too, and Node ends on a rejection that nobody holds.
 */
export function detachedCallback(call: () => unknown, onFailure: (error: unknown) => void): void {
  try {
    const result = call();
    if (isThenable(result)) Promise.resolve(result).catch(onFailure);
  } catch (error) {
    onFailure(error);
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof Reflect.get(value, "then") === "function";
}
