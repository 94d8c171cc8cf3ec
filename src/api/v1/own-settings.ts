/**
 * The model and the agent that a session of 1.x has of its own. The server knows those of the last prompt only (1.18.33): a prompt that
 * names none gets the last prompt's model and the default agent. A prompt that names others than the session's own leaves a mark in the
 * session's metadata, which says what the session had. The next prompt, of any process, names that. A mark counts while the session has
 * what it was lent: another program's choice stays.
 */
import type { OpencodeClient } from "../../client/client.js";
import { BadRequestError, NotFoundError, PermissionDeniedError } from "../../errors/index.js";
import { property, recordProperty, stringProperty } from "../../util/json.js";
import { LruMap } from "../../util/lru-map.js";
import type { ApiCall, ModelRef, TurnSettings } from "../inputs.js";
import { given } from "./given-fields.js";

/** Under this name the mark stands in `metadata`. */
const markName = "opencode-ts:own";
/** Sessions that are remembered; a forgotten one is read again. */
const mostSessions = 10_000;

/** A model is `"provider/model"`, an agent its name. `undefined` is left to the server. */
interface Own {
  readonly model: string | undefined;
  readonly agent: string | undefined;
}

interface Lent {
  readonly own?: string | undefined;
  readonly lent: string;
}

type Mark = { readonly [Key in keyof Own]?: Lent | undefined };

/** Says what a prompt has to name, for the sessions of one client. */
export class OwnSettings {
  readonly #client: OpencodeClient;
  /** What sessions without a mark have of their own. */
  readonly #known = new LruMap<string, Own>(mostSessions);

  constructor(client: OpencodeClient) {
    this.#client = client;
  }

  /**
   * The turn's settings, and the session's own where the turn has none. Marks the session when the turn's are others.
   * @param usual what a session has that was given nothing.
   */
  async of(sessionID: string, wanted: TurnSettings, usual: TurnSettings, call: ApiCall): Promise<TurnSettings> {
    const asked: Own = { model: modelName(wanted.model), agent: wanted.agent };
    const known = this.#known.get(sessionID);
    if (asked.model !== undefined && asked.model === known?.model && (asked.agent ?? known.agent) === known.agent) {
      return { ...wanted, ...given({ agent: known.agent }) };
    }
    const place = { ...call, params: { path: { sessionID } } };
    const { data } = await this.#client.GET("/session/{sessionID}", place);
    const { model, agent, metadata } = data;
    const now: Own = { model: model && `${model.providerID}/${model.id}`, agent };
    const stored = recordProperty(metadata, markName);
    const mark: Mark = { model: lentOf(stored, "model", now.model), agent: lentOf(stored, "agent", now.agent) };
    const own: Own = {
      model: mark.model === undefined ? (now.model ?? modelName(usual.model)) : mark.model.own,
      agent: mark.agent === undefined ? (now.agent ?? usual.agent) : mark.agent.own,
    };
    // Only a model that is named keeps another one away.
    const isFirst = own.model === undefined && asked.model !== undefined;
    const ownModel = isFirst ? await this.#defaultModel(call) : own.model;
    const next: Mark = {
      model: ownModel === undefined ? undefined : lending(mark.model, ownModel, asked.model),
      agent: lending(mark.agent, own.agent, asked.agent),
    };
    const isUnmarked = next.model === undefined && next.agent === undefined;
    if (isUnmarked) this.#known.set(sessionID, own);
    else this.#known.delete(sessionID);
    if (isUnmarked ? stored !== undefined : next.model !== mark.model || next.agent !== mark.agent) {
      const { [markName]: _, ...others } = metadata ?? {};
      const body = { metadata: isUnmarked ? others : { ...others, [markName]: next } };
      await this.#client.PATCH("/session/{sessionID}", { ...place, body }).catch((error: unknown) => {
        if (!(error instanceof BadRequestError)) throw error; // a server without metadata: the model stays
      });
    }
    const named = mark.model !== undefined && wanted.model === undefined ? modelRef(own.model) : wanted.model;
    return { ...wanted, ...given({ model: named, agent: asked.agent ?? own.agent }) };
  }

  /** Of a session that was given none and has had no turn: known if it is configured, or if there is one provider. */
  async #defaultModel(call: ApiCall): Promise<string | undefined> {
    const { model } = (await this.#client.GET("/config", call).catch(closed)).data;
    if (model !== undefined) return model;
    const defaults = Object.entries((await this.#client.GET("/config/providers", call)).data.default);
    const [only] = defaults;
    return defaults.length === 1 && only !== undefined ? only.join("/") : undefined;
  }
}

/** Something in front of the server may keep its configuration to itself. */
function closed(error: unknown): { readonly data: { readonly model?: string } } {
  if (error instanceof NotFoundError || error instanceof PermissionDeniedError) return { data: {} };
  throw error;
}

/** What the mark says, if it still counts. */
function lentOf(mark: unknown, key: keyof Own, now: string | undefined): Lent | undefined {
  const lent = stringProperty(property(mark, key), "lent");
  if (lent === undefined || lent !== now) return undefined;
  return { own: stringProperty(property(mark, key), "own"), lent };
}

function lending(before: Lent | undefined, own: string | undefined, asked: string | undefined): Lent | undefined {
  if (asked === undefined || asked === own || asked === before?.lent) return before; // it has the lent one until it is prompted
  return { own, lent: asked };
}

function modelName(model: ModelRef | undefined): string | undefined {
  return model && `${model.providerID}/${model.modelID}`;
}

function modelRef(name: string | undefined): ModelRef | undefined {
  const slash = name?.indexOf("/") ?? -1;
  if (name === undefined || slash < 0) return undefined;
  return { providerID: name.slice(0, slash), modelID: name.slice(slash + 1) };
}
