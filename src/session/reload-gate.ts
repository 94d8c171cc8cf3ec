/**
 * Holds back the turns of a directory while its configuration is reloaded, of all clients in this process and of all copies of this package:
 * the server aborts the runs of a directory that it lets go of (1.18.33).
 */
import { raceAbort } from "../util/abort.js";
import { callbacks } from "../util/open-callbacks.js";
import { processWide } from "../util/process-wide.js";

/** The turns of one directory of a server, or of all of them. */
interface Place {
  readonly key: string;
  /** Turns that run. */
  turns: number;
  /** Reloads that hold turns back. */
  reloads: number;
  /** Those of them that have seen that nothing runs, and wait for no turn any more. */
  closed: number;
  /** Called when one of the numbers has changed. */
  readonly changed: Set<() => void>;
}

/** By server and directory. Without turns and reloads, one is forgotten. */
const places = processWide("reload-gate", 1, () => new Map<string, Place>());

/** Without a directory: all of the server. */
function placeOf(server: string, directory: string | undefined): Place {
  const key = JSON.stringify([server, directory]);
  const known = places.get(key) ?? { key, turns: 0, reloads: 0, closed: 0, changed: new Set() };
  places.set(key, known);
  return known;
}

function tell(place: Place): void {
  for (const changed of [...place.changed]) changed();
  if (place.turns + place.reloads + place.changed.size === 0) places.delete(place.key);
}

async function whenChanged(place: Place, signal: AbortSignal): Promise<void> {
  let changed = (): void => {};
  const change = new Promise<void>((resolve) => {
    changed = resolve;
  });
  place.changed.add(changed);
  try {
    await raceAbort(change, signal);
  } finally {
    place.changed.delete(changed);
  }
}

/**
 * Enters a turn, once no reload holds it back; the result is called at its end. Two kinds of turns do not wait for a reload that waits for
 * turns: those that a callback of the application may have asked, since the reload waits for the turn of the callback, and those that
 * continue a run, since the reload waits for the run. Every turn waits for a reload that has begun.
 *
 * @param continues whether the turn continues a run. Called only while a reload waits for turns.
 */
export async function enterTurn(
  server: string,
  directory: string,
  signal: AbortSignal,
  continues: () => Promise<boolean>,
): Promise<() => void> {
  // Looked up each time: one that nobody counts in is forgotten.
  const placesOf = (): Place[] => [placeOf(server, directory), placeOf(server, undefined)];
  let passes: boolean | undefined;
  const holding = (): Place | undefined =>
    placesOf().find(({ reloads, closed }) => closed > 0 || (reloads > 0 && callbacks.open === 0 && passes !== true));
  for (let held = holding(); held !== undefined; held = holding()) {
    if (held.closed === 0 && passes === undefined) passes = await continues();
    else await whenChanged(held, signal);
  }
  const entered = placesOf();
  for (const place of entered) place.turns += 1;
  return () => {
    for (const place of entered.splice(0)) {
      place.turns -= 1;
      tell(place);
    }
  };
}

/** Turns that are held back. */
export interface HeldTurns {
  /** Resolves when no turn of this process runs there. */
  whenOver(signal: AbortSignal): Promise<void>;
  /** Holds back all turns, and returns true. Returns false, and does nothing, while a turn of this process runs there. */
  close(): boolean;
  /** Lets the turns begin. */
  release(): void;
}

/** Holds back new turns of the directory, or of all directories of the server. */
export function holdTurns(server: string, directory: string | undefined): HeldTurns {
  const held = placeOf(server, directory);
  let isClosed = false;
  held.reloads += 1;
  return {
    whenOver: async (signal) => {
      while (held.turns > 0) await whenChanged(held, signal);
    },
    close: () => {
      if (held.turns > 0) return false;
      if (!isClosed) held.closed += 1;
      isClosed = true;
      return true;
    },
    release: () => {
      held.reloads -= 1;
      if (isClosed) held.closed -= 1;
      tell(held);
    },
  };
}
