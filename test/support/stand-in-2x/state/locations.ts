/** Directories: their configuration, their project, and the first moments in which their lists are empty. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { isRecord, type JsonRecord } from "../../../../src/util/json.js";
import type { World } from "../world.js";
import { type Agent, agentsOf } from "./agents.js";
import { type Config, type ModelEntry, type ProviderEntry, readConfig, unknownKeys } from "./config.js";

interface Location {
  settledAt: number;
  readonly config: Config;
  readonly agents: readonly Agent[];
}

export class Locations {
  readonly #world: World;
  readonly #locations = new Map<string, Location>();

  constructor(world: World) {
    this.#world = world;
  }

  exists(directory: string): boolean {
    return existsSync(directory) && statSync(directory).isDirectory();
  }

  /** Loads a directory that is named for the first time. It never reads its configuration again. */
  touch(directory: string): Location {
    const known = this.#locations.get(directory);
    if (known !== undefined) return known;
    const config = readConfig(this.documents(directory).map(({ info }) => info));
    const { settlingFor } = this.#world.options;
    const location = { settledAt: Date.now() + settlingFor, config, agents: agentsOf(config) };
    this.#locations.set(directory, location);
    this.#world.mcp.configure(directory, config.mcp);
    if (Number.isFinite(settlingFor)) setTimeout(() => this.#announce(directory), settlingFor).unref();
    return location;
  }

  /** Ends the first moments of all directories that were named. */
  settle(): void {
    for (const [directory, location] of this.#locations) {
      location.settledAt = 0;
      this.#announce(directory);
    }
  }

  /** Forgets all directories: the next use loads them again. */
  reload(): void {
    this.#locations.clear();
  }

  isSettled(directory: string): boolean {
    return Date.now() >= this.touch(directory).settledAt;
  }

  config(directory: string): Config {
    return this.touch(directory).config;
  }

  agents(directory: string): readonly Agent[] {
    return this.touch(directory).agents;
  }

  agent(directory: string, id: string): Agent | undefined {
    return this.agents(directory).find((agent) => agent.id === id);
  }

  model(directory: string, providerID: string, id: string): { provider: ProviderEntry; model: ModelEntry } | undefined {
    const provider = this.config(directory).providers.find((one) => one.id === providerID);
    const model = provider?.models.find((one) => one.id === id);
    return provider === undefined || model === undefined ? undefined : { provider, model };
  }

  project(directory: string): { id: string; directory: string; canonical: string } {
    const root = gitRoot(directory);
    if (root === undefined) return { id: "global", directory: "/", canonical: "/" };
    return { id: createHash("sha1").update(root).digest("hex"), directory: root, canonical: root };
  }

  /** The configuration files that count, from the weakest on. */
  documents(directory: string): { path: string | undefined; info: JsonRecord }[] {
    const { config, configFolder, projectConfig } = this.#world.options;
    const found = [
      configFolder === undefined ? undefined : this.#file(join(configFolder, "opencode.json")),
      projectConfig ? this.#file(join(directory, "opencode.json")) : undefined,
      { path: undefined, info: config },
    ];
    const documents = found.filter((one) => one !== undefined);
    for (const key of documents.flatMap(({ info }) => unknownKeys(info)))
      this.#world.violate(`config: unknown key ${key}`);
    return documents;
  }

  #file(path: string): { path: string; info: JsonRecord } | undefined {
    if (!existsSync(path)) return undefined;
    try {
      const info: unknown = JSON.parse(readFileSync(path, "utf8"));
      return isRecord(info) ? { path, info } : undefined;
    } catch {
      return undefined; // dropped without a word
    }
  }

  #announce(directory: string): void {
    for (const type of ["provider.updated", "model.updated", "agent.updated", "command.updated"]) {
      this.#world.hub.ephemeral(type, {}, directory);
    }
  }
}

/** The folder with `.git`, at or above the directory. */
export function gitRoot(directory: string): string | undefined {
  if (existsSync(join(directory, ".git"))) return directory;
  const parent = dirname(directory);
  return parent === directory ? undefined : gitRoot(parent);
}
