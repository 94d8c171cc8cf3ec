/** Why a kept server has ended: who still has a connection to it is told. */
import { signalProcess } from "../../binary/process-tree.js";
import { ServerExitedError } from "../../errors.js";
import { onAbort } from "../../internal/abort.js";
import { unref } from "../../internal/delay.js";
import type { KeptFound } from "./find.js";
import { isRunning, processProblem } from "./prove.js";
import { allPlaces, type KeptEntry, type KeptPlace, readEnd } from "./registry.js";

/** How often it is looked whether the server is still there, in ms. */
const pause = 1_000;

/** Resolves with the error for its users when the server is gone; never when `lifetime` aborts before. */
export function whenEnded({ place, entry }: KeptFound, lifetime: AbortSignal): Promise<ServerExitedError> {
  return new Promise((resolve) => {
    const look = async (): Promise<void> => {
      if (await isThere(entry)) return;
      stop();
      resolve(endOf(place, entry));
    };
    const timer = setInterval(look, pause);
    unref(timer);
    const stop = (): void => {
      clearInterval(timer);
      forget();
    };
    const forget = onAbort(lifetime, () => stop());
  });
}

/** The kept server at this port of the machine, if one runs there. */
export async function keptAt(port: number): Promise<KeptFound | undefined> {
  for (const { place, found } of allPlaces()) {
    if (found.kind !== "entry" || found.entry.port !== port) continue;
    if ((await processProblem(found.entry)) === undefined) return { place, entry: found.entry };
  }
  return undefined;
}

/** Elsewhere the start of a process is found out by starting another one: too much for every second. */
function isThere({ server }: KeptEntry): boolean | Promise<boolean> {
  return process.platform === "linux" ? isRunning(server) : signalProcess(server.pid, 0);
}

function endOf(place: KeptPlace, { mark, idleTimeout }: KeptEntry): ServerExitedError {
  const how = readEnd(place, mark);
  const what = `the kept server of ${place.directory} has ended`;
  const again = "The next call of keepServer() or openConversation() starts another one.";
  if (how === "idle") {
    return new ServerExitedError(`${what}: it was not used for ${idleTimeout} ms`, {
      hint: `${again} A longer \`idleTimeout\` keeps it longer; so does an open connection, for example \`events()\`.`,
    });
  }
  const reason = how === "stopped" ? ": it was stopped (`stopKept()` or `opencode-ts stop`)" : "";
  return new ServerExitedError(`${what}${reason}`, { hint: again });
}
