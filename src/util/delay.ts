/** Waiting that ends at once when it is no longer wanted. */
import { onAbort } from "./abort.js";

/** Resolves after `ms`, rejects with the signal's reason as soon as it aborts. Leaves no timer and no listener behind. */
export function delay(
  ms: number,
  signal?: AbortSignal,
  options?: { /** Does not keep the process alive. */ readonly unref: true },
): Promise<void> {
  return new Promise((resolve, reject) => {
    let forget = (): void => {};
    const timer = setTimeout(() => {
      forget();
      resolve();
    }, ms);
    if (options !== undefined) unref(timer);
    if (signal === undefined) return;
    forget = onAbort(signal, () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** Lets a timer not keep the process alive, where the runtime has that notion. */
export function unref(timer: ReturnType<typeof setTimeout>): void {
  if (typeof timer === "object" && "unref" in timer) timer.unref();
}
