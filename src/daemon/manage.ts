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

/**
 * The server that is kept for this user and directory; starts it when there is none that is ours and answers. It outlives
 * this process and ends by `stopKept`, or after `idleTimeout` without a use. A crashed, foreign or unreadable entry is
 * cleaned up. Calls of several processes at once share one server.
 *
 * Throws `ConfigError` for a wrong option, and for one that the running server was not started with; and what
 * `createOpencodeServer` throws.
 */
export async function keepServer(options: KeptOptions = {}): Promise<KeptServer> {
  checkOptions(options, optionNames.kept, "keepServer()", placesOfOptions);
  return known(await findOrStartEntry(options));
}

/** The same without starting one: `undefined` when there is none that is ours and answers. */
export async function findKept(selector: KeptSelector = {}): Promise<KeptServer | undefined> {
  checkOptions(selector, optionNames.kept, "findKept()");
  const found = await findEntry(selector);
  return found === undefined ? undefined : known(found);
}

/**
 * Ends the kept server of a directory, its turns and their tools. Resolves to whether there was one, when it is gone. An
 * entry whose server has died is removed. Throws `OpencodeError` when the system does not end it.
 */
export async function stopKept(selector: KeptSelector = {}): Promise<boolean> {
  checkOptions(selector, optionNames.keptSelector, "stopKept()");
  return stop(placeOf(selector.directory, selector.isolation));
}

/** The same for all of this user's on this machine. Resolves to those that were there. */
export async function stopAllKept(): Promise<readonly string[]> {
  const stopped: string[] = [];
  for (const { place, found } of allPlaces()) {
    if (found.kind !== "none" && (await stop(place))) stopped.push(place.directory);
  }
  return stopped;
}

/** What is written down about the kept server of a directory, and whether it holds; `undefined` when there is nothing. */
export async function keptStatus(selector: KeptSelector = {}): Promise<KeptStatus | undefined> {
  checkOptions(selector, optionNames.keptSelector, "keptStatus()");
  const place = placeOf(selector.directory, selector.isolation);
  return statusOf(place, readEntry(place));
}

/** The same for all of this user's on this machine. */
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
