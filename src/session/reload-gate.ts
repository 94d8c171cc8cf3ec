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
  /** Called when one of the numbers has changed. */
  readonly changed: Set<() => void>;
}

/** By server and directory. Without turns and reloads, one is forgotten. */
const places = processWide("reload-gate", 1, () => new Map<string, Place>());

/** Without a directory: all of the server. */
function placeOf(server: string, directory: string | undefined): Place {
  const key = JSON.stringify([server, directory]);
  const known = places.get(key) ?? { key, turns: 0, reloads: 0, changed: new Set() };
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
 * Enters a turn, once no reload holds it back; the result is called at its end. A turn that a callback of the application may have asked is
 * not held back: the reload waits for the turn of the callback.
 */
export async function enterTurn(server: string, directory: string, signal: AbortSignal): Promise<() => void> {
  const entered = [placeOf(server, directory), placeOf(server, undefined)];
  const holding = (): Place | undefined => entered.find(({ reloads }) => reloads > 0);
  for (let held = holding(); held !== undefined && callbacks.open === 0; held = holding())
    await whenChanged(held, signal);
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
  /** Lets the turns begin. */
  release(): void;
}

/** Holds back new turns of the directory, or of all directories of the server. */
export function holdTurns(server: string, directory: string | undefined): HeldTurns {
  const held = placeOf(server, directory);
  held.reloads += 1;
  return {
    whenOver: async (signal) => {
      while (held.turns > 0) await whenChanged(held, signal);
    },
    release: () => {
      held.reloads -= 1;
      tell(held);
    },
  };
}
