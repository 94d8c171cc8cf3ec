/** A kept server, from its entry. Getters keep the password out of `console.log` and JSON. */
import type { KeptServer } from "../types/kept.js";
import type { Isolation } from "../types/server.js";
import type { KeptEntry } from "./registry.js";

/** The implementation of `KeptServer`. */
export class KnownServer implements KeptServer {
  readonly url: string;
  readonly username: string;
  readonly pid: number;
  readonly version: string;
  readonly binary: string;
  readonly directory: string;
  readonly isolation: Isolation;
  readonly startedAt: Date;
  readonly idleTimeout: number;
  readonly sessionId: string | undefined;
  readonly #password: string;

  constructor(entry: KeptEntry, sessionId: string | undefined) {
    this.url = entry.url;
    this.username = entry.username;
    this.pid = entry.server.pid;
    this.version = entry.version;
    this.binary = entry.binary;
    this.directory = entry.directory;
    this.isolation = entry.isolation;
    this.startedAt = new Date(entry.startedAt);
    this.idleTimeout = entry.idleTimeout;
    this.sessionId = sessionId;
    this.#password = entry.password;
  }

  get password(): string {
    return this.#password;
  }
}
