/**
 * Ends our processes (servers, version probes) when this one ends. One set of listeners, however many members and however
 * many copies of this package there are; none while there is no member.
 */
import { isRecord, numberProperty } from "../util/json.js";
import { settlesWithin } from "../util/settled.js";

/** Something that must not outlive this process. */
export interface Endable {
  /** At once and without waiting: the event loop has stopped. */
  kill(): void;
  /** Properly. */
  close(): Promise<void>;
}

interface Registry {
  readonly members: Set<Endable>;
  /** Takes the listeners away; `undefined` while there are none. */
  uninstall: (() => void) | undefined;
  /** The signal that ends this process once the members are closed. */
  ending?: NodeJS.Signals | undefined;
}

const signals: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP"];

/** ms for ending everything properly after a signal. */
const limit = 2_000;

/** Ends `member` when this process does, until the returned function is called. */
export function endAtExit(member: Endable): () => void {
  const shared = registry();
  shared.members.add(member);
  shared.uninstall ??= install(shared);
  return () => {
    shared.members.delete(member);
    if (shared.members.size > 0 || shared.ending !== undefined) return;
    shared.uninstall?.();
    shared.uninstall = undefined;
  };
}

/** Shared by all copies of this package: each would take the others' listeners for the application's. */
function registry(): Registry {
  const key = Symbol.for("opencode-ts.exit-hooks.1");
  const found: unknown = Reflect.get(globalThis, key);
  if (isRegistry(found)) return found;
  const made: Registry = { members: new Set(), uninstall: undefined };
  Reflect.set(globalThis, key, made);
  return made;
}

function isRegistry(value: unknown): value is Registry {
  return isRecord(value) && value["members"] instanceof Set;
}

function install(shared: Registry): () => void {
  const onExit = (): void => {
    killAll(shared.members);
    // The application ends first, with the error of a start that the signal has ended.
    if (shared.ending !== undefined) raise(shared, shared.ending);
  };
  const onSignal = signalHandler(shared);
  process.on("exit", onExit);
  for (const signal of signals) listen(signal, onSignal);
  return () => {
    process.off("exit", onExit);
    for (const signal of signals) process.off(signal, onSignal);
  };
}

/** First in line: an application's `once` listener is then still there to be counted. */
function listen(signal: NodeJS.Signals, handler: NodeJS.SignalsListener): void {
  try {
    process.prependListener(signal, handler);
  } catch {
    // A runtime without this signal (Deno on Windows) cannot receive it either.
  }
}

/**
 * Closes all members, and then lets the signal do what it would have done without us. An application that listens itself
 * decides about its own end: then the members are closed, and nothing else. A second signal does not wait.
 */
function signalHandler(shared: Registry): NodeJS.SignalsListener {
  let closing = false;
  return (signal) => {
    const alone = process.listenerCount(signal) - politeListeners() <= 1;
    const members = [...shared.members]; // what the application starts from now on is not meant
    const finish = (): void => {
      killAll(members);
      if (alone) raise(shared, signal);
    };
    if (closing) return finish();
    closing = true;
    if (alone) shared.ending = signal;
    void closeAll(members).then(() => {
      closing = false;
      finish();
    });
  };
}

/**
 * Listeners of the package `signal-exit` (every version that is about counts its own in the same two places). They end
 * the process as soon as nobody else listens, so they are no application that decides about its end.
 */
function politeListeners(): number {
  const emitters: unknown[] = [
    Reflect.get(globalThis, Symbol.for("signal-exit emitter")), // since 4.0
    Reflect.get(process, "__signal_exit_emitter__"), // until 3.x
  ];
  return emitters.reduce((sum: number, emitter) => sum + (numberProperty(emitter, "count") ?? 0), 0);
}

/** Lets the signal do what it would have done without us. */
function raise(shared: Registry, signal: NodeJS.Signals): void {
  shared.ending = undefined;
  shared.uninstall?.();
  shared.uninstall = undefined;
  process.kill(process.pid, signal);
}

async function closeAll(members: readonly Endable[]): Promise<void> {
  await settlesWithin(Promise.allSettled(members.map((member) => member.close())), limit);
}

function killAll(members: Iterable<Endable>): void {
  for (const member of members) {
    try {
      member.kill();
    } catch {
      // One that cannot be ended must not keep the others alive.
    }
  }
}
