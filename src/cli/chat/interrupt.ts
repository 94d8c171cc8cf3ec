/** Ctrl-C while a run goes on: as a key in a terminal, where a signal would end the server, too. */

/** Listens to the keys; `pause` leaves them to somebody else for a while. */
export interface InterruptKeys {
  pause(): void;
  resume(): void;
  stop(): void;
}

/** Calls `onInterrupt` for each Ctrl-C until `stop()`. Elsewhere than in a terminal it does nothing. */
export function interruptKeys(onInterrupt: () => void): InterruptKeys {
  const { stdin } = process;
  if (stdin.isTTY !== true) return { pause: () => {}, resume: () => {}, stop: () => {} };
  const onData = (data: Buffer | string): void => {
    if (String(data).includes("\u0003")) onInterrupt();
  };
  const resume = (): void => {
    stdin.setRawMode(true);
    stdin.on("data", onData);
    stdin.resume();
  };
  const pause = (): void => {
    stdin.off("data", onData);
    stdin.pause();
    stdin.setRawMode(false);
  };
  resume();
  return { pause, resume, stop: pause };
}
