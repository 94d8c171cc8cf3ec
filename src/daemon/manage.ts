/** Kept servers as a user manages them: find or start, stop, list. */
import { join } from "node:path";
import { takeLock } from "../process/file-lock.js";
import type { KeptOptions, KeptSelector, KeptServer, KeptStatus } from "../types/kept.js";
import { optionNames, placesOfOptions } from "../types/option-names.js";
import { checkOptions } from "../util/check-options.js";
import { KnownServer } from "./daemon-server.js";
import { findEntry, findOrStartEntry, type KeptFound } from "./find.js";
import {
  allPlaces,
  type FoundEntry,
  type KeptPlace,
  placeOf,
  readConversation,
  readEntry,
  removeEntry,
} from "./registry.js";
import { stopDaemon } from "./stop.js";
import { problemOf } from "./verify.js";

/** A kept server asks nothing itself: its clients do. */
const placesOfKept = {
  "openConversation() or createOpencode({ baseUrl })": { onSettled: true },
  ...placesOfOptions,
} as const;

/**
 * Finds or starts this user's kept server for the directory. The server outlives this process. It ends by `stopKept()`, or after
 * `idleTimeout` ms without a use. Entries of crashed or foreign servers and unreadable entries are removed. Simultaneous calls of
 * several processes share one server. Rejects also as `createOpencodeServer()`.
 * @throws {ConfigError} for a wrong option, and for an option that differs from the running server's.
 */
export async function keepServer(options: KeptOptions = {}): Promise<KeptServer> {
  checkOptions(options, optionNames.kept, "keepServer()", placesOfKept);
  return known(await findOrStartEntry(options));
}

/**
 * Finds this user's kept server for the directory. Starts no server: resolves with `undefined` if none is running.
 * @throws {ConfigError} for a wrong option.
 */
export async function findKept(selector: KeptSelector = {}): Promise<KeptServer | undefined> {
  checkOptions(selector, optionNames.kept, "findKept()");
  const found = await findEntry(selector);
  return found === undefined ? undefined : known(found);
}

/**
 * Ends the kept server of a directory, its turns and their tools, and removes its entry. Resolves after its end, with whether there
 * was one.
 * @throws {OpencodeError} if the system does not end the server.
 */
export async function stopKept(selector: KeptSelector = {}): Promise<boolean> {
  checkOptions(selector, optionNames.keptSelector, "stopKept()");
  return stop(placeOf(selector.directory, selector.isolation));
}

/**
 * Ends all kept servers of this user on this machine. Resolves with their directories.
 * @throws {OpencodeError} if the system does not end a server.
 */
export async function stopAllKept(): Promise<readonly string[]> {
  const stopped: string[] = [];
  for (const { place, found } of allPlaces()) {
    if (found.kind !== "none" && (await stop(place))) stopped.push(place.directory);
  }
  return stopped;
}

/** Reads and verifies the entry of a directory's kept server. Resolves with `undefined` if there is no entry. */
export async function keptStatus(selector: KeptSelector = {}): Promise<KeptStatus | undefined> {
  checkOptions(selector, optionNames.keptSelector, "keptStatus()");
  const place = placeOf(selector.directory, selector.isolation);
  return statusOf(place, readEntry(place));
}

/** Reads and verifies the entries of all kept servers of this user on this machine. */
export async function listKept(): Promise<readonly KeptStatus[]> {
  const all = await Promise.all(allPlaces().map(({ place, found }) => statusOf(place, found)));
  return all.filter((status) => status !== undefined);
}

async function stop(place: KeptPlace): Promise<boolean> {
  if (readEntry(place).kind === "none") return false;
  // Nobody starts one meanwhile, and one that is just being started is stopped.
  const release = await takeLock(join(place.folder, "start.lock"));
  try {
    const found = readEntry(place);
    if (found.kind === "entry") {
      const isThere = (await problemOf(found.entry)) === undefined;
      await stopDaemon(place, found.entry);
      return isThere;
    }
    removeEntry(place, undefined);
    return false;
  } finally {
    release();
  }
}

async function statusOf(place: KeptPlace, found: FoundEntry): Promise<KeptStatus | undefined> {
  if (found.kind === "none") return undefined;
  const { entry } = place;
  if (found.kind === "bad") return { state: "unreadable", entry, server: undefined, problem: found.reason };
  const problem = await problemOf(found.entry);
  const server = new KnownServer(found.entry, readConversation(place));
  return { state: problem === undefined ? "running" : "stale", entry, server, problem };
}

function known({ place, entry }: KeptFound): KeptServer {
  return new KnownServer(entry, readConversation(place));
}
