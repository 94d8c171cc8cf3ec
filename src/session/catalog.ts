/**
 * The models and agents that a server has in one directory. A name that it does not have would be stored with the prompt
 * first, and be told afterwards, by an event only (1.18.33): it is looked up before. What has been read is kept, and read
 * again for a name that is not there.
 */
import type { AgentApi } from "../api/agent-api.js";
import { type ReadOptions, retryTransient } from "../client/retry-transient.js";
import { AgentNotFoundError, type ErrorFacts, ModelNotFoundError } from "../errors/index.js";
import { raceAbort } from "../util/abort.js";
import { nearest } from "./turn/agent-error.js";

/** How long a read of the names is retried, in ms: the server reports unknown names itself. */
const retryTimeout = 10_000;

/** What is to be looked up; what is absent is the server's own choice. */
export interface WantedNames {
  /** `"provider/model"`. */
  readonly model?: string | undefined;
  readonly agent?: string | undefined;
  /** Models that the turn may go on with. */
  readonly fallbackModels?: readonly string[] | undefined;
  /** Agents that the prompt mentions: the model would be told to call them, whether or not they are there (1.18.33). */
  readonly mentioned?: readonly string[] | undefined;
}

/** The names of one directory. */
export class Catalog {
  readonly #api: AgentApi;
  readonly #models: NameList;
  readonly #agents: NameList;

  /** `api` must be bound to the directory; `lifetime` ends the reads. */
  constructor(api: AgentApi, lifetime: AbortSignal) {
    const given = { signal: lifetime, retryTimeout, answeredRetryTimeout: retryTimeout, liveness: api.liveness };
    this.#api = api;
    this.#models = new NameList(() => retryTransient((call) => modelNames(api, call), given));
    this.#agents = new NameList(() => retryTransient((call) => agentNames(api, call), given));
  }

  /** Something was changed on the server: what was read counts no more. */
  forget(): void {
    this.#models.forget();
    this.#agents.forget();
  }

  /** Throws `ModelNotFoundError` or `AgentNotFoundError`. When the names cannot be read, the server is left to say it. */
  async validate(wanted: WantedNames, signal: AbortSignal, facts: ErrorFacts = {}): Promise<void> {
    const { model, agent, mentioned = [], fallbackModels = [] } = wanted;
    if (model === undefined && agent === undefined && mentioned.length + fallbackModels.length === 0) return;
    try {
      await this.require(wanted, signal, facts);
    } catch (error) {
      if (error instanceof ModelNotFoundError || error instanceof AgentNotFoundError) throw error;
      signal.throwIfAborted();
      this.#api.logger.debug(`the server's models and agents cannot be read: ${String(error)}`);
    }
  }

  /** As `check`, and rejects with the failure when the names cannot be read. */
  async require(
    { model, agent, mentioned = [], fallbackModels = [] }: WantedNames,
    signal: AbortSignal,
    facts: ErrorFacts = {},
  ): Promise<void> {
    for (const name of agent === undefined ? mentioned : [agent, ...mentioned]) {
      if (await this.#agents.has(name, signal)) continue;
      throw new AgentNotFoundError(`the server knows no agent "${name}"`, { ...facts, ...this.agentsLike(name) });
    }
    for (const name of model === undefined ? fallbackModels : [model, ...fallbackModels]) {
      if (await this.#models.has(name, signal)) continue;
      throw new ModelNotFoundError(`the server knows no model "${name}"`, { ...facts, ...this.modelsLike(name) });
    }
  }

  /** The nearest of the names that were read last, with a hint. */
  modelsLike(name: string): Suggestions {
    return suggestionsFor(name, this.#models.offered, "models()");
  }

  /** As `modelsLike`. */
  agentsLike(name: string): Suggestions {
    return suggestionsFor(name, this.#agents.offered, "agents()");
  }

  /** Reads the names once more. */
  async refresh(what: "models" | "agents", signal: AbortSignal): Promise<void> {
    await raceAbort((what === "models" ? this.#models : this.#agents).read(), signal);
  }
}

interface Suggestions {
  readonly suggestions: readonly string[];
  readonly hint: string;
}

function suggestionsFor(name: string, names: readonly string[], list: string): Suggestions {
  const suggestions = nearest(name, names);
  const hint =
    suggestions.length > 0
      ? `Did you mean ${suggestions.join(" or ")}?`
      : `${list} lists the names that the server knows.`;
  return { suggestions, hint };
}

interface Names {
  readonly all: ReadonlySet<string>;
  /** Without those that are not for users. */
  readonly offered: readonly string[];
}

/** Names that are read when they are needed, once for all who need them at the same time. */
class NameList {
  readonly #fetch: () => Promise<Names>;
  #known: Names | undefined;
  #reading: Promise<Names> | undefined;

  constructor(fetch: () => Promise<Names>) {
    this.#fetch = fetch;
  }

  get offered(): readonly string[] {
    return this.#known?.offered ?? [];
  }

  async has(name: string, signal: AbortSignal): Promise<boolean> {
    if (this.#known?.all.has(name) === true) return true;
    return (await raceAbort(this.read(), signal)).all.has(name);
  }

  read(): Promise<Names> {
    if (this.#reading !== undefined) return this.#reading;
    const reading = this.#fetch();
    const done = (names?: Names): void => {
      if (this.#reading !== reading) return; // forgotten meanwhile
      this.#reading = undefined;
      if (names !== undefined) this.#known = names;
    };
    reading.then(done, () => done()); // the failure is told to those who wait for it
    this.#reading = reading;
    return reading;
  }

  forget(): void {
    this.#known = undefined;
    this.#reading = undefined;
  }
}

async function modelNames({ catalog }: AgentApi, call: ReadOptions): Promise<Names> {
  const providers = await catalog.providers(call);
  const names = providers.flatMap(({ id, models }) => Object.keys(models).map((model) => `${id}/${model}`));
  return { all: new Set(names), offered: names };
}

async function agentNames({ catalog }: AgentApi, call: ReadOptions): Promise<Names> {
  const agents = await catalog.agents(call);
  const offered = agents.filter(({ hidden }) => hidden !== true);
  return { all: new Set(agents.map(({ name }) => name)), offered: offered.map(({ name }) => name) };
}
