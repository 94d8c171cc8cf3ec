/**
 * The directories that a server of ours has loaded. It keeps what it has loaded for one (MCP servers, watchers, memory) for
 * ever (1.18.33): those that nobody uses are disposed. The next use loads them again.
 */
import type { AgentApi } from "../api/agent-api.js";
import type { Traffic } from "../client/traffic.js";
import { type DirectoryOptions, defaults } from "../types/options.js";
import { monotonic } from "../util/clock.js";
import { unref } from "../util/delay.js";
import { invalidOption } from "../util/invalid-option.js";
import { maxTimerDelay } from "../util/limits.js";

/** ms for each request about a directory. */
const retryTimeout = 10_000;
/** ms until a directory is tried again that somebody else uses, or that was not disposed. */
const longestPause = 5_000;

/** What else is done, by whoever has the connection. */
export interface DirectoryCare {
  /** Not told of the traffic: what is done for a directory is no use of it. */
  readonly api: AgentApi;
  /** It is gone from the server: what was read of it counts no more. */
  readonly forget: (directory: string) => void;
  /** Brings back what was added to it; called before the next use. */
  readonly revive: (directory: string) => Promise<void>;
  /** The end of all of it. */
  readonly lifetime: AbortSignal;
}

interface Loaded {
  /** Requests and streams that are open. */
  uses: number;
  usedAt: number;
  /** It was in use by somebody else, or could not be disposed: not tried again before. */
  notBefore: number;
  /** The next use waits for it. */
  work: Promise<void> | undefined;
}

/** Which directories are used, and since when not. */
export class IdleDirectories implements Traffic {
  readonly #timeout: number;
  readonly #most: number;
  readonly #loaded = new Map<string, Loaded>();
  readonly #revivable = new Set<string>();
  #care: DirectoryCare | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #looking: Promise<void> | undefined;
  #isLookWanted = false;

  /** Throws `ConfigError` for wrong options. */
  constructor({ directoryIdleTimeout, maxDirectories }: DirectoryOptions) {
    this.#timeout = checkedTimeout(directoryIdleTimeout ?? defaults.directoryIdleTimeout);
    this.#most = checkedMost(maxDirectories ?? Number.POSITIVE_INFINITY);
  }

  /** From now on directories are disposed. */
  attach(care: DirectoryCare): void {
    this.#care = care;
    care.lifetime.addEventListener("abort", () => clearTimeout(this.#timer), { once: true });
  }

  async enter(name: string): Promise<() => void> {
    const directory = name.length > 1 ? name.replace(/[/\\]$/, "") : name; // as the server does
    for (let known = this.#loaded.get(directory); known?.work !== undefined; known = this.#loaded.get(directory)) {
      await known.work;
    }
    const loaded = this.#loaded.get(directory) ?? this.#load(directory);
    loaded.uses += 1;
    if (loaded.work !== undefined) await loaded.work;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      loaded.uses -= 1;
      loaded.usedAt = monotonic();
      if (loaded.uses === 0) this.#plan();
    };
  }

  #load(directory: string): Loaded {
    const loaded: Loaded = { uses: 0, usedAt: monotonic(), notBefore: 0, work: undefined };
    this.#loaded.set(directory, loaded);
    const care = this.#care;
    if (care !== undefined && this.#revivable.delete(directory)) {
      const failed = (error: unknown): void => care.api.logger.warn(`${directory}: ${String(error)}`);
      loaded.work = care
        .revive(directory)
        .catch(failed)
        .then(() => {
          loaded.work = undefined;
        });
    }
    this.#plan();
    return loaded;
  }

  /** Sets the clock to the next directory that may be due. */
  #plan(): void {
    clearTimeout(this.#timer);
    if (this.#care === undefined || this.#care.lifetime.aborted) return;
    const wait = Math.min(...this.#unused().map((one) => this.#dueAt(one))) - monotonic();
    if (wait > maxTimerDelay) return; // or there is none
    this.#timer = setTimeout(() => void this.#look(), Math.max(0, wait));
    unref(this.#timer);
  }

  /** By the monotonic clock. */
  #dueAt({ usedAt, notBefore }: Loaded): number {
    return Math.max(this.#loaded.size > this.#most ? 0 : usedAt + this.#timeout, notBefore);
  }

  /** Longest idle first. */
  #unused(): (Loaded & { readonly directory: string })[] {
    const unused = [...this.#loaded].filter(([, { uses, work }]) => uses === 0 && work === undefined);
    return unused
      .map(([directory, loaded]) => ({ directory, ...loaded }))
      .sort((one, other) => one.usedAt - other.usedAt);
  }

  /** One after the other: a server that disposes a hundred directories at once does nothing else. */
  #look(): Promise<void> {
    if (this.#looking !== undefined) {
      this.#isLookWanted = true;
      return this.#looking;
    }
    this.#looking = this.#lookNow().finally(() => {
      this.#looking = undefined;
      if (this.#isLookWanted) this.#isLookWanted = false;
      this.#plan();
    });
    return this.#looking;
  }

  async #lookNow(): Promise<void> {
    for (const unused of this.#unused()) {
      if (this.#dueAt(unused) > monotonic()) continue;
      await this.#disposeUnlessUsed(unused.directory);
      if (this.#care?.lifetime.aborted !== false) return;
    }
  }

  /** Somebody else may use it: a run or a terminal of another client's is not ended. */
  async #disposeUnlessUsed(directory: string): Promise<void> {
    const [loaded, care] = [this.#loaded.get(directory), this.#care];
    if (loaded === undefined || care === undefined) return;
    const { api, lifetime } = care;
    const call = { directory, signal: lifetime, timeout: retryTimeout, maxRetries: 0 };
    try {
      if (await api.server.isDirectoryInUse(call)) {
        this.#putOff(loaded);
        return;
      }
      if (loaded.uses > 0 || loaded.work !== undefined) return;
      const disposed = api.server.disposeDirectory(call);
      loaded.work = disposed.then(
        () => {},
        () => {},
      );
      await disposed;
      this.#loaded.delete(directory);
      this.#revivable.add(directory);
      api.logger.debug(`the idle directory ${directory} was disposed`);
      care.forget(directory);
    } catch (error) {
      this.#putOff(loaded);
      if (!lifetime.aborted) api.logger.debug(`${directory} was not disposed: ${String(error)}`);
    } finally {
      loaded.work = undefined;
    }
  }

  #putOff(loaded: Loaded): void {
    loaded.usedAt = monotonic();
    loaded.notBefore = loaded.usedAt + Math.min(this.#timeout, longestPause);
  }
}

function checkedTimeout(given: unknown): number {
  if (typeof given === "number" && given > 0) return given;
  throw invalidOption("directoryIdleTimeout", "a number of milliseconds above 0, or Infinity for never", given);
}

function checkedMost(given: unknown): number {
  if (given === Number.POSITIVE_INFINITY || (Number.isSafeInteger(given) && Number(given) > 0)) return Number(given);
  throw invalidOption("maxDirectories", "a whole number from 1 on", given);
}
