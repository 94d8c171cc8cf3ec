/**
 * Waits for the lists of a directory. They are empty, with 200, while the server loads it, and a prompt that comes then is dropped without a
 * word; for a moment they hold everything that is known, usable or not (2.0 preview 1.18.18).
 */
import { AgentNotFoundError, ConfigError, ModelNotFoundError } from "../../errors/index.js";
import { backoff } from "../../util/backoff.js";
import { delay } from "../../util/delay.js";
import { isRecord, type JsonRecord, property, stringProperty } from "../../util/json.js";
import type { ApiCall } from "../inputs.js";
import { ledgerOf } from "./ledger.js";
import type { modelOf } from "./session-shape.js";
import { locationList, locationQuery, type Wire } from "./wire.js";

type Model = NonNullable<ReturnType<typeof modelOf>>;

/** For a list that stays empty, in ms: the first use of a directory takes seconds, on a slow machine many. */
const longestLoad = 60_000;
/** For one name that is not in a list which is not empty any more, in ms: a server may load its plugins one after the other. */
const longestName = 5_000;
/** The same where the lists were seen complete: the server may have been started anew since. */
const longestKnownName = 1_000;
/** Between two looks, in ms. */
const firstWait = 50;
const longestWait = 1_000;
/** Two equal looks that are so far apart, in ms, are believed. */
const stable = 400;

const configHint =
  "A configuration with one wrong value, or with keys of 1.x and 2.x side by side, is dropped whole and without a word: check the server's opencode.json.";

/** What a directory offers. */
export interface Offers {
  /** Models that can be used. */
  readonly models: readonly JsonRecord[];
  readonly providers: readonly JsonRecord[];
  readonly agents: readonly JsonRecord[];
}

/** The lists when they are complete: not empty, and equal in two looks. Without that after a minute, as they are. */
export async function settledOffers(wire: Wire, call?: ApiCall): Promise<Offers> {
  const { settled } = ledgerOf(wire.client);
  const key = keyOf(wire, call);
  const nextWait = backoff(firstWait, longestWait);
  const began = Date.now();
  let last = "";
  let since = began;
  for (;;) {
    const offers = await readOffers(wire, call);
    const isEmpty = offers.models.length === 0 || offers.agents.length === 0;
    if (!isEmpty && settled.has(key)) return offers;
    const now = Date.now();
    const seen = JSON.stringify([offers.models.map(nameOf), offers.agents.map((agent) => stringProperty(agent, "id"))]);
    if (seen !== last) since = now;
    last = seen;
    if (!isEmpty && now - since >= stable) {
      settled.add(key);
      return offers;
    }
    if (now - began >= longestLoad) return offers;
    await delay(isEmpty ? nextWait() : stable, call?.signal);
  }
}

function keyOf(wire: Wire, call: ApiCall | undefined): string {
  return locationQuery(wire, call).query?.["location[directory]"] ?? "";
}

/** The lists as they are now. */
async function readOffers(wire: Wire, call: ApiCall | undefined): Promise<Offers> {
  const [models, providers, agents] = await Promise.all([
    readModels(wire, call),
    locationList(wire, "/api/provider", call),
    locationList(wire, "/api/agent", call),
  ]);
  const usable = new Set(providers.map((provider) => stringProperty(provider, "id")));
  return {
    models: models.filter((model) => isUsable(model) && usable.has(stringProperty(model, "providerID"))),
    providers,
    agents,
  };
}

/** The models of the directory, usable or not. Their prices are remembered. */
async function readModels(wire: Wire, call: ApiCall | undefined): Promise<JsonRecord[]> {
  const models = await locationList(wire, "/api/model", call);
  ledgerOf(wire.client).prices.learn(models);
  return models;
}

function isUsable(model: JsonRecord): boolean {
  return property(model, "enabled") !== false;
}

function nameOf(model: JsonRecord): string {
  return `${stringProperty(model, "providerID")}/${stringProperty(model, "id")}`;
}

/**
 * Resolves when the directory lists the model with its variant.
 * @throws ModelNotFoundError when it does not, and `ConfigError` for an unknown variant.
 */
export async function whenModelIsListed(
  wire: Wire,
  model: Model,
  sessionId: string,
  call: ApiCall | undefined,
): Promise<void> {
  const name = `${model.providerID}/${model.id}`;
  const listed = await whenListed(
    // While the server loads the directory, the list has all models there are, and no agents.
    async (): Promise<readonly JsonRecord[]> => {
      if (isSettled(wire, call)) return (await readModels(wire, call)).filter(isUsable);
      const { models, agents } = await readOffers(wire, call);
      return agents.length === 0 ? [] : models;
    },
    (one) => nameOf(one) === name,
    patience(wire, call),
    call,
  );
  if (listed === undefined) {
    throw new ModelNotFoundError(`the server knows no model "${name}" in this directory`, {
      sessionId,
      hint: configHint,
    });
  }
  if (model.variant === undefined) return;
  const variants = property(listed, "variants");
  const names = Array.isArray(variants) ? variants.flatMap((one) => stringProperty(one, "id") ?? []) : [];
  // An unknown one is 200 and then nothing at all (2.0 preview 1.18.18).
  if (names.includes(model.variant)) return;
  throw new ConfigError(`the model "${name}" has no variant "${model.variant}"`, {
    sessionId,
    hint: names.length === 0 ? "It has none." : `It has: ${names.join(", ")}.`,
  });
}

/** As `whenModelIsListed`, for an agent: an unknown one is taken, and all its tools are denied (2.0 preview 1.18.18). */
export async function whenAgentIsListed(
  wire: Wire,
  agent: string,
  sessionId: string,
  call: ApiCall | undefined,
): Promise<void> {
  const listed = await whenListed(
    () => locationList(wire, "/api/agent", call),
    (one) => stringProperty(one, "id") === agent,
    patience(wire, call),
    call,
  );
  if (listed !== undefined) return;
  throw new AgentNotFoundError(`the server knows no agent "${agent}" in this directory`, {
    sessionId,
    hint: configHint,
  });
}

function patience(wire: Wire, call: ApiCall | undefined): number {
  return isSettled(wire, call) ? longestKnownName : longestName;
}

function isSettled(wire: Wire, call: ApiCall | undefined): boolean {
  return ledgerOf(wire.client).settled.has(keyOf(wire, call));
}

/** `longest`: ms from the first look at which the list was not empty. */
async function whenListed(
  read: () => Promise<readonly JsonRecord[]>,
  isWanted: (one: JsonRecord) => boolean,
  longest: number,
  call: ApiCall | undefined,
): Promise<JsonRecord | undefined> {
  const nextWait = backoff(firstWait, longestWait);
  const began = Date.now();
  let filledAt: number | undefined;
  for (;;) {
    const list = await read();
    const found = list.find(isWanted);
    if (found !== undefined) return found;
    const now = Date.now();
    if (list.length > 0) filledAt ??= now;
    if (now - began >= longestLoad || (filledAt !== undefined && now - filledAt >= longest)) return undefined;
    await delay(nextWait(), call?.signal);
  }
}

/** The agent of prompts that name none: the first that is not hidden and no sub-agent. */
export async function firstAgent(wire: Wire, call: ApiCall | undefined): Promise<string> {
  const agents = (await locationList(wire, "/api/agent", call)).filter(isRecord);
  const first = agents.find((one) => property(one, "hidden") !== true && property(one, "mode") !== "subagent");
  return stringProperty(first, "id") ?? "build";
}
