/** The parts of one stand-in, as each of them sees the others. */

import type { ResolvedOptions } from "./options.js";
import { Asks } from "./run/asks.js";
import { Forms } from "./run/forms.js";
import { McpServers } from "./run/mcp-servers.js";
import { Runs } from "./run/runs.js";
import { Hub } from "./state/hub.js";
import { Locations } from "./state/locations.js";
import { Store } from "./state/store.js";

export class World {
  readonly options: ResolvedOptions;
  readonly hub: Hub;
  readonly store: Store;
  readonly locations: Locations;
  readonly asks: Asks;
  readonly forms: Forms;
  readonly mcp: McpServers;
  readonly runs: Runs;
  /** Keys that were set for providers. */
  readonly keys: Map<string, string> = new Map();
  /** Ends the shell lines of users. */
  readonly shells: AbortController = new AbortController();
  /** Set once it listens. */
  url = "";
  readonly #violations: string[] = [];
  #readyAt: number;

  constructor(options: ResolvedOptions) {
    this.options = options;
    this.#readyAt = Date.now() + options.startingFor;
    this.hub = new Hub(this);
    this.store = new Store(options.state);
    this.locations = new Locations(this);
    this.asks = new Asks(this);
    this.forms = new Forms(this);
    this.mcp = new McpServers(this);
    this.runs = new Runs(this);
  }

  /** Records a breach of the contract by the client. */
  violate(message: string): void {
    this.#violations.push(message);
    this.options.onViolation(message);
  }

  get violations(): readonly string[] {
    return [...this.#violations];
  }

  isStarting(): boolean {
    return Date.now() < this.#readyAt;
  }

  /** Ends the start phase. */
  ready(): void {
    this.#readyAt = 0;
  }
}
