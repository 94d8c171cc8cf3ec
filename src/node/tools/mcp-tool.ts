/** One list of tools on one server: an MCP server of its own there for each directory that it is used in. */

import { type RetryOptions, retryTransient } from "../../client/retry-transient.js";
import { ConfigError } from "../../errors/index.js";
import type { DirectoryContext } from "../../session/context.js";
import { Mcp, type McpServerStatus } from "../../tools/mcp.js";
import type { Tool } from "../../types/tool.js";
import { randomText } from "../../util/ids.js";
import { maxTimerDelay } from "../../util/limits.js";
import type { LevelLogger } from "../../util/logger.js";
import { type CallHandler, McpEndpoint } from "./endpoint.js";
import type { Address, ToolServer } from "./http-server.js";
import { loadLibrary } from "./mcp-sdk.js";

/** ms. A server that the configuration names and that hangs holds up the first look (1.18.33: 30,000 each, twice). */
const longestLook = 90_000;
/** ms that a server may be silent about a call beyond the tools' own limits, and the most that a timer of it can wait. */
const grace = 30_000;
/** ms for taking an entry back. */
const longestGoodbye = 2_000;

interface Place {
  readonly endpoint: McpEndpoint;
  readonly address: Address;
  scope: DirectoryContext;
  /** Under way. */
  registering: Promise<void> | undefined;
  /** Counts registrations: a look that began before one says nothing about it. */
  generation: number;
}

export interface McpToolOptions {
  /** The name that the server gets, before the tools' own. */
  readonly name: string;
  readonly tools: readonly Tool[];
  /** Sessions that may call, with their sub-agents; `undefined`: every session of the client. */
  readonly owners: Set<string> | undefined;
  readonly server: () => Promise<ToolServer>;
  readonly onCall: (entry: McpTool, directory: string) => CallHandler;
  /** Registrations end with it. */
  readonly lifetime: AbortSignal;
  readonly reconnectTimeout: number;
  readonly logger: LevelLogger;
}

export class McpTool {
  name: string;
  readonly owners: Set<string> | undefined;
  readonly #parts: McpToolOptions;
  readonly #places = new Map<string, Promise<Place>>();
  /** The server has heard of the name from us. */
  #isRegistered = false;

  constructor(parts: McpToolOptions) {
    this.name = parts.name;
    this.owners = parts.owners;
    this.#parts = parts;
  }

  /** The name by which the agent calls a tool. */
  fullName(tool: Tool): string {
    return `${this.name}_${tool.name}`;
  }

  has(fullName: string): boolean {
    return this.#parts.tools.some((tool) => this.fullName(tool) === fullName);
  }

  isIn(directory: string): boolean {
    return this.#places.has(directory);
  }

  /** Resolves when the server is connected to the tools in the directory; looks each time, for it may have forgotten them. */
  async ready(scope: DirectoryContext, directory: string): Promise<void> {
    const place = await this.#place(scope, directory);
    place.scope = scope;
    for (;;) {
      const { generation } = place;
      const known = (await this.#look(scope)).find(({ name }) => name === this.name);
      if (place.registering === undefined && place.generation !== generation) continue;
      if (known !== undefined && place.generation === 0 && place.registering === undefined) {
        this.#rename();
        continue;
      }
      if (known?.status === "connected") return;
      place.registering ??= this.#register(place).finally(() => {
        place.generation += 1;
        place.registering = undefined;
      });
      return place.registering;
    }
  }

  /** The configuration has an MCP server of this name. */
  #rename(): void {
    if (this.#isRegistered) {
      throw new ConfigError(`the name of the configuration's MCP server "${this.name}" is that of the client's tools`, {
        hint: "Give it another name: in another directory the tools have this one already.",
      });
    }
    this.name = `${this.#parts.name}_${randomText(6)}`;
  }

  /** The server has let go of the directory: the next use there begins anew. */
  async leave(directory: string): Promise<void> {
    const made = this.#places.get(directory);
    this.#places.delete(directory); // at once: the next use may come in this moment
    const place = await made?.catch(() => undefined); // it was told to whoever waited for it
    if (place === undefined) return;
    (await this.#parts.server()).remove(place.endpoint);
    await place.endpoint.close();
  }

  /** Takes it back everywhere. With `isGone` the server is about to end, and need not be told. */
  async close(isGone: boolean): Promise<void> {
    const places = [...this.#places.values()];
    this.#places.clear();
    await Promise.all(
      places.map(async (made) => {
        const place = await made.catch(() => undefined); // it was told to whoever waited for it
        if (place === undefined) return;
        (await this.#parts.server()).remove(place.endpoint);
        if (!isGone) await this.#disconnect(place);
        await place.endpoint.close();
      }),
    );
  }

  #place(scope: DirectoryContext, directory: string): Promise<Place> {
    const known = this.#places.get(directory);
    if (known !== undefined) return known;
    const made = this.#open(scope, directory);
    this.#places.set(directory, made);
    made.catch(() => this.#places.delete(directory)); // the library may be there the next time
    return made;
  }

  async #open(scope: DirectoryContext, directory: string): Promise<Place> {
    const { tools, server, onCall } = this.#parts;
    const endpoint = new McpEndpoint(await loadLibrary(), tools, onCall(this, directory));
    const address = (await server()).add(endpoint);
    return { endpoint, address, scope, registering: undefined, generation: 0 };
  }

  #look(scope: DirectoryContext): Promise<McpServerStatus[]> {
    return retryTransient(
      (call) => new Mcp(() => scope.api).read({ ...call, timeout: longestLook }),
      this.#retryOptions(scope),
    );
  }

  async #register({ scope, address }: Place): Promise<void> {
    const timeout = Math.min(Math.max(...this.#parts.tools.map((tool) => tool.timeout)) + grace, maxTimerDelay);
    const config = {
      type: "remote" as const,
      url: address.url,
      headers: { ...address.headers },
      oauth: false as const,
      timeout,
    };
    this.#isRegistered = true;
    await retryTransient(
      (call) => new Mcp(() => scope.api).register(this.name, config, { ...call, timeout: longestLook }),
      this.#retryOptions(scope),
    );
    this.#parts.logger.debug(`the opencode server is connected to the tools ${this.name}`);
  }

  #retryOptions({ api }: DirectoryContext): RetryOptions {
    const { lifetime: signal, reconnectTimeout: retryTimeout } = this.#parts;
    return { signal, retryTimeout, liveness: api.liveness };
  }

  /** An entry that cannot be removed (1.18.33) is disconnected, and offers nothing any more. */
  async #disconnect({ scope }: Place): Promise<void> {
    const call = { timeout: longestGoodbye, maxRetries: 0 };
    await scope.api.mcp.remove(this.name, call).catch((error: unknown) => {
      this.#parts.logger.debug(`the tools ${this.name} were not taken back: ${String(error)}`); // it may be gone itself
    });
  }
}
