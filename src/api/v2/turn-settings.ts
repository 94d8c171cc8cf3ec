/**
 * A turn's agent, model, variant and system text, which 2.x keeps with the session. They hold for one prompt: what the session had is
 * remembered, and set back after the turn or before the next prompt. Whether that is still to be done is told by what the session has:
 * a lost answer, and another client's choice in between, need no memory.
 */
import { ConfigError, SessionBusyError } from "../../errors/index.js";
import { backoff } from "../../util/backoff.js";
import { delay } from "../../util/delay.js";
import { property, stringProperty } from "../../util/json.js";
import type { ApiCall, PromptInput } from "../inputs.js";
import { type Lent, ledgerOf, type SessionEntry } from "./ledger.js";
import { leftSettings } from "./left-settings.js";
import { firstAgent, settledOffers, whenAgentIsListed, whenModelIsListed } from "./ready.js";
import { modelOf, modelText, modelTextOf, toSessionInfo } from "./session-shape.js";
import { statuses } from "./sessions.js";
import { below, dataOf, firstPath, isNoRoute, locationQuery, records, sessionPath, type Wire } from "./wire.js";

type Info = ReturnType<typeof toSessionInfo>;
type Model = NonNullable<Info["model"]>;
type Wanted = Pick<PromptInput, "messageID" | "agent" | "model" | "variant" | "system">;

/** The name of our entry of a session's instructions. */
const entryName = "opencode-ts";

/** Between two looks whether a run is over, in ms. */
const firstWait = 50;
const longestWait = 500;
/** For a session that is still listed as active when its run is over, in ms. */
const longestSettling = 2_000;
/** For a process that is not gone to take back what its own turn has left, in ms. */
const grace = 1_000;

/**
 * Gives the session what the prompt names, and what it had where the prompt names nothing. A session that has it is left alone: a switch is
 * stored each time, and during a run it counts from the next step on (2.0 preview 1.18.18). To be called in the session's order
 * (`Ledger.inOrder`), with what the session has then.
 * @throws ModelNotFoundError, AgentNotFoundError, ConfigError for names that the directory does not have.
 * @throws SessionBusyError when something would have to be switched in a run.
 */
export async function applySettings(wire: Wire, info: Info, wanted: Wanted, call: ApiCall | undefined): Promise<void> {
  const entry = ledgerOf(wire.client).session(info.id);
  if (entry.joined?.messageID !== wanted.messageID) entry.joined = undefined;
  const place = { ...call, directory: info.directory };
  const ownAgent = owned(entry.agent, info.agent);
  const ownModel = owned(entry.model, modelTextOf(info.model));
  const agent = wanted.agent ?? ownAgent;
  const isVariantOnly = wanted.variant !== undefined && wanted.model === undefined;
  const usual = ownModel ?? (isVariantOnly ? await defaultModel(wire, info, place) : undefined);
  const model = wantedModel(wanted, parsed(usual));
  if (isVariantOnly && model === undefined) throw unknownDefault(wire, info.id);
  if (wanted.agent !== undefined) await whenAgentIsListed(wire, wanted.agent, info.id, place);
  // A prompt that comes before the lists are there is dropped without a word.
  if (model === undefined) await settledOffers(wire, place);
  else await whenModelIsListed(wire, model, info.id, place);
  const isOtherAgent = agent !== undefined && agent !== info.agent;
  const isOtherModel = model !== undefined && modelText(model) !== modelTextOf(info.model);
  if (isOtherAgent || isOtherModel) await requireIdle(wire, info.id, call);
  if (isOtherAgent) {
    const own = ownAgent ?? (await firstAgent(wire, place));
    if (agent !== own || info.agent !== undefined) {
      if (agent !== own) entry.agent = lending(entry.agent, own, agent);
      await setAgent(wire, info.id, agent, call);
    }
    if (agent === own) entry.agent = undefined;
  }
  if (isOtherModel) {
    const own = ownModel ?? (await defaultModel(wire, info, place));
    const lent = modelText(model);
    if (own !== undefined && own !== lent) entry.model = lending(entry.model, own, lent);
    await setModel(wire, info.id, model, call);
    if (own === lent) entry.model = undefined;
  }
  await setSystem(wire, entry, info.id, wanted.system, call);
}

/** Without a model's name a variant would be dropped without a word. */
function unknownDefault({ dialect }: Wire, sessionId: string): ConfigError {
  return new ConfigError(`variant: name the model, too: ${dialect.title} does not tell its default model`, {
    sessionId,
  });
}

/**
 * Sets back what a turn has lent, as soon as the session is idle. A run that goes on, another client's perhaps, keeps what it has: the next
 * prompt sets it back. So does a session that somebody else has changed.
 */
export async function restoreSettings(wire: Wire, sessionId: string, call: ApiCall | undefined): Promise<void> {
  const ledger = ledgerOf(wire.client);
  const nextWait = backoff(firstWait, longestWait);
  const began = Date.now();
  const spent = (): number => Date.now() - began;
  while (!(await ledger.inOrder(sessionId, () => restoreIdle(wire, sessionId, spent() < grace, call)))) {
    if (spent() >= longestSettling) return;
    await delay(nextWait(), call?.signal);
  }
}

/** Resolves to `false` when something is to be set back later: the session runs, or it is early and another process may do it. */
async function restoreIdle(
  wire: Wire,
  sessionId: string,
  isEarly: boolean,
  call: ApiCall | undefined,
): Promise<boolean> {
  const entry = ledgerOf(wire.client).session(sessionId);
  const { joined } = entry;
  if ((entry.agent ?? entry.model ?? joined ?? entry.system?.text) === undefined) return true;
  if ((await statuses(wire, call))[sessionId] !== undefined) return false;
  const path = below(sessionId);
  const { data } = await wire.client.request("GET", path, call);
  const info = toSessionInfo(wire.dialect, dataOf(data, path), `GET ${path}`);
  if (joined !== undefined) {
    const left = await leftSettings(wire, info, joined.messageID, call);
    if (isEarly && (left.agent ?? left.model) !== undefined) return false;
    entry.agent ??= left.agent;
    entry.model ??= left.model;
    entry.joined = undefined;
  }
  const { agent, model } = entry;
  if (agent !== undefined && isLentOf(agent, info.agent)) await setAgent(wire, sessionId, agent.own, call);
  entry.agent = undefined;
  const own = parsed(model?.own);
  if (own !== undefined && isLentOf(model, modelTextOf(info.model))) await setModel(wire, sessionId, own, call);
  entry.model = undefined;
  if (entry.system?.text !== undefined) await setSystem(wire, entry, sessionId, undefined, call);
  return true;
}

/** What the session has of its own: what it had before, if it still has what it was lent. */
function owned(lent: Lent | undefined, now: string | undefined): string | undefined {
  return isLentOf(lent, now) ? lent?.own : now;
}

function isLentOf(lent: Lent | undefined, now: string | undefined): boolean {
  return now !== undefined && lent?.lent.includes(now) === true;
}

function lending(known: Lent | undefined, own: string, lent: string): Lent {
  const before = known?.own === own ? known.lent : [];
  return { own, lent: [...before.filter((one) => one !== lent), lent] };
}

function wantedModel({ model, variant }: Wanted, own: Model | undefined): Model | undefined {
  if (model === undefined) return own === undefined || variant === undefined ? own : { ...own, variant };
  const plain = { id: model.modelID, providerID: model.providerID };
  return variant === undefined ? plain : { ...plain, variant };
}

function parsed(text: string | undefined): Model | undefined {
  return text === undefined ? undefined : modelOf(JSON.parse(text));
}

async function requireIdle(wire: Wire, sessionId: string, call: ApiCall | undefined): Promise<void> {
  if ((await statuses(wire, call))[sessionId] === undefined) return;
  throw new SessionBusyError("the session is running a turn, whose agent or model cannot be changed", {
    status: 409,
    sessionId,
  });
}

async function setAgent({ client }: Wire, sessionId: string, agent: string, call: ApiCall | undefined): Promise<void> {
  await client.request("POST", below(sessionId, "/agent"), { ...call, body: { agent } });
}

async function setModel({ client }: Wire, sessionId: string, model: Model, call: ApiCall | undefined): Promise<void> {
  await client.request("POST", below(sessionId, "/model"), { ...call, body: { model } });
}

/** A session without a model uses the server's default: where the server tells it, or by what answered last. */
async function defaultModel(wire: Wire, { id }: Info, place: ApiCall): Promise<string | undefined> {
  const { client, dialect } = wire;
  if (dialect.defaultModel !== undefined) {
    const { data } = await client.request("GET", dialect.defaultModel, { ...place, ...locationQuery(wire, place) });
    const model = modelOf(property(data, "data"));
    if (model !== undefined) return modelText(model);
  }
  const path = below(id, "/message");
  const { data } = await client.request("GET", path, { ...place, query: { limit: 50, order: "desc" } });
  const newest = records(property(data, "data"), path).find((one) => stringProperty(one, "type") === "assistant");
  const used = modelOf(property(newest, "model"));
  return used && modelText(used);
}

/** Told to the model at the next step, and so is its end. */
async function setSystem(
  { client, dialect }: Wire,
  entry: SessionEntry,
  sessionId: string,
  text: string | undefined,
  call: ApiCall | undefined,
): Promise<void> {
  const paths = dialect.instructions.map((path) => sessionPath(path, sessionId));
  const { system } = entry;
  if (paths.length === 0 || (system?.isSure === true && system.text === text)) return;
  try {
    if (text !== undefined) {
      entry.system = { text, isSure: false }; // its answer may be lost
      await firstPath(paths, (path) =>
        client.request("PUT", `${path}/${entryName}`, { ...call, body: { value: text } }),
      );
    } else {
      if (system !== undefined) entry.system = { ...system, isSure: false };
      // Another process may have left one.
      const has = await hasSystemEntry({ client, dialect }, sessionId, call);
      if (has) await firstPath(paths, (path) => client.request("DELETE", `${path}/${entryName}`, call));
    }
  } catch (error) {
    if (text !== undefined || !isNoRoute(error)) throw error; // a server without entries has none of ours
  }
  // A request without an answer may arrive behind its removal: the next prompt looks again.
  const isSure = text !== undefined || system?.isSure !== false;
  entry.system = isSure ? { text, isSure } : undefined;
}

/** Whether the session has a system text of a turn, of whatever process. */
export async function hasSystemEntry(
  { client, dialect }: Wire,
  sessionId: string,
  call: ApiCall | undefined,
): Promise<boolean> {
  const paths = dialect.instructions.map((path) => sessionPath(path, sessionId));
  try {
    const { data } = await firstPath(paths, (path) => client.request("GET", path, call));
    return records(property(data, "data"), "instructions").some((one) => property(one, "key") === entryName);
  } catch (error) {
    if (!isNoRoute(error)) throw error;
    return false;
  }
}
