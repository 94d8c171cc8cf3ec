/** Finds the kept server of a directory, or starts it: one, however many processes ask at once. */
import { join } from "node:path";
import { protocolOf } from "../binary/version.js";
import { ConfigError } from "../errors/index.js";
import { takeLock } from "../process/file-lock.js";
import type { KeptOptions, KeptSelector } from "../types/kept.js";
import { stableStringify } from "../util/json.js";
import { createLogger } from "../util/logger.js";
import {
  digest,
  type KeptEntry,
  type KeptPlace,
  makePlace,
  markUse,
  placeOf,
  readEntry,
  removeEntry,
} from "./registry.js";
import { stopDaemon } from "./stop.js";
import { problemOf } from "./verify.js";

/** A server and where it is written down. */
export interface KeptFound {
  readonly place: KeptPlace;
  readonly entry: KeptEntry;
}

/** The server that runs for a directory; `undefined` when there is none that is ours and answers. Starts and ends nothing. */
export async function findEntry(selector: KeptSelector & KeptOptions): Promise<KeptFound | undefined> {
  const place = placeOf(selector.directory, selector.isolation);
  const found = readEntry(place);
  if (found.kind !== "entry" || (await problemOf(found.entry, selector)) !== undefined) return undefined;
  requireSame(found.entry, selector);
  markUse(place);
  return { place, entry: found.entry };
}

/**
 * The server that runs, otherwise a new one. An entry whose server has crashed, is not ours or does not answer is cleaned
 * up first. Throws as `createOpencodeServer` does, and `ConfigError` for options that the running server does not have.
 */
export async function findOrStartEntry(options: KeptOptions): Promise<KeptFound> {
  const known = await findEntry(options);
  if (known !== undefined) return known;
  const place = placeOf(options.directory, options.isolation);
  makePlace(place);
  const release = await takeLock(join(place.folder, "start.lock"), { signal: options.signal });
  try {
    const started = await findEntry(options); // by somebody who was faster
    if (started !== undefined) return started;
    await clean(place, options);
    const { startKept } = await import("./start.js");
    return { place, entry: await startKept(place, options, digestOf(options)) };
  } finally {
    release();
  }
}

async function clean(place: KeptPlace, options: KeptOptions): Promise<void> {
  const found = readEntry(place);
  if (found.kind === "none") return;
  const logger = createLogger(options);
  if (found.kind === "bad") {
    logger.warn(`the entry ${place.entry} of a kept server is not used: ${found.reason}`);
    removeEntry(place, undefined); // its supervisor ends the server when it finds no entry
    return;
  }
  logger.info(`the kept server of ${place.directory} is started anew: ${await problemOf(found.entry, options)}`);
  await stopDaemon(place, found.entry);
}

/** Of the options that only a start can follow. */
function digestOf({ binary, config, env, port }: KeptOptions): string {
  const given = Object.entries({ binary, config, env, port }).filter(([, value]) => value !== undefined);
  return given.length === 0 ? "" : digest([stableStringify(Object.fromEntries(given))]);
}

/** Who gives no such options takes what is there. */
function requireSame(entry: KeptEntry, options: KeptOptions): void {
  const { protocol = "auto" } = options;
  if (protocol !== "auto" && protocolOf(entry.version) !== protocol) {
    throw new ConfigError(
      `the server that is kept for ${entry.directory} is opencode ${entry.version}, and \`protocol: "${protocol}"\` is asked for`,
      { hint: "Leave `protocol` out, or stop it first: `opencode-ts stop`." },
    );
  }
  const wanted = digestOf(options);
  if (wanted === "" || wanted === entry.options) return;
  if (
    options.config === undefined &&
    options.env === undefined &&
    options.binary === undefined &&
    options.port === entry.port
  )
    return;
  throw new ConfigError(
    `a server is kept for ${entry.directory} that was started with other options (binary, config, env or port)`,
    { hint: "Leave these options out, or stop it first: `opencode-ts stop`." },
  );
}
