/** Why a kept server has ended: who still has a connection to it is told. */

import { ServerExitedError } from "../errors/index.js";
import { signalProcess } from "../process/process-tree.js";
import { onAbort } from "../util/abort.js";
import { unref } from "../util/delay.js";
import type { KeptFound } from "./find.js";
import { allPlaces, type KeptEntry, type KeptPlace, readEnd } from "./registry.js";
import { isKnownToRun, processProblem } from "./verify.js";

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
  return process.platform === "linux" ? isKnownToRun(server) : signalProcess(server.pid, 0);
}

function endOf(place: KeptPlace, { mark, idleTimeout }: KeptEntry): ServerExitedError {
  const end = readEnd(place);
  return exited(
    `the kept server of ${place.directory} has ended`,
    end?.mark === mark ? end.how : "",
    `${idleTimeout} ms`,
  );
}

/** For who comes too late: the error of the kept server that was at this port, if the last that was kept somewhere was. */
export function endedAt(port: number): ServerExitedError | undefined {
  const end = allPlaces()
    .filter(({ found }) => found.kind === "none")
    .map(({ place }) => readEnd(place))
    .find((one) => one?.port === port);
  return end && exited(`the kept server that was at port ${port} has ended`, end.how, "its idle time");
}

function exited(what: string, how: string, time: string): ServerExitedError {
  const again = "The next call of keepServer() or openConversation() starts another one.";
  if (how === "idle") {
    return new ServerExitedError(`${what}: it was not used for ${time}`, {
      hint: `${again} A longer \`idleTimeout\` keeps it longer; so does an open connection, for example \`events()\`.`,
    });
  }
  const reason = how === "stopped" ? ": it was stopped (`stopKept()` or `opencode-ts stop`)" : "";
  return new ServerExitedError(`${what}${reason}`, { hint: again });
}
