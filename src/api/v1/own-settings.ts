/**
 * The model that a session of 1.x has of its own. The server knows that of the last prompt only, and the next prompt without one gets it
 * (1.18.33). A prompt that has another model than the session leaves a mark in the session's metadata, which says what the session had. The
 * next prompt, of any process, names that, and takes the mark away. A mark counts while the session has what it was lent: another program's
 * choice stays.
 */
import type { OpencodeClient } from "../../client/client.js";
import { BadRequestError, NotFoundError, PermissionDeniedError } from "../../errors/index.js";
import type { JsonRecord } from "../../util/json.js";
import { LruMap } from "../../util/lru-map.js";
import type { ApiCall, ModelRef, TurnSettings } from "../inputs.js";
import { type OwnMark, ownMarkName, ownMarkOf } from "../own-mark.js";

/** Sessions that are remembered; a forgotten one is read again. */
const mostSessions = 10_000;

/** Says which model a prompt has to name, for the sessions of one client. */
export class OwnSettings {
  readonly #client: OpencodeClient;
  /** The own models of sessions without a mark. */
  readonly #known = new LruMap<string, string>(mostSessions);
  /** The metadata of sessions whose mark goes with the next prompt. */
  readonly #ending = new LruMap<string, JsonRecord>(mostSessions);

  constructor(client: OpencodeClient) {
    this.#client = client;
  }

  /**
   * The turn's settings, with the session's own model where neither the turn nor its agent has one. Marks the session when the turn's model
   * is another.
   * @param usual what a session has that was given nothing.
   */
  async of(sessionID: string, wanted: TurnSettings, usual: TurnSettings, call: ApiCall): Promise<TurnSettings> {
    const named = nameOf(wanted.model);
    if (named !== undefined && named === this.#known.get(sessionID)) return wanted;
    const place = { ...call, params: { path: { sessionID } } };
    const { data } = await this.#client.GET("/session/{sessionID}", place);
    const { model, metadata = {} } = data;
    const now = model && `${model.providerID}/${model.id}`;
    const { [ownMarkName]: stored, ...others } = metadata;
    const mark = now === undefined ? undefined : ownMarkOf(metadata, now);
    const used = named ?? (wanted.agent === undefined ? undefined : await this.#modelOf(wanted.agent, call));
    const own =
      mark?.own ?? now ?? nameOf(usual.model) ?? (used === undefined ? undefined : await this.#defaultModel(call));
    const isOther = used !== undefined && own !== undefined && used !== own;
    const isBack = !isOther && mark !== undefined;
    this.#ending.delete(sessionID);
    if (isBack) this.#ending.set(sessionID, others);
    if (isOther) {
      const next: OwnMark = { own, lent: used };
      if (JSON.stringify(next) !== JSON.stringify(stored)) await this.#store(place, { ...others, [ownMarkName]: next });
    } else if (stored !== undefined && !isBack) await this.#store(place, others);
    if (isOther || own === undefined) this.#known.delete(sessionID);
    else this.#known.set(sessionID, own);
    return used === undefined && isBack ? { ...wanted, model: refOf(own ?? "") } : wanted;
  }

  /** The server has taken a prompt: a session that has its own model again has no mark. Never rejects. */
  async taken(sessionID: string, call: ApiCall | undefined): Promise<void> {
    const metadata = this.#ending.get(sessionID);
    if (metadata === undefined) return;
    this.#ending.delete(sessionID);
    // A mark that stays does not count any more, and the next prompt looks again.
    await this.#store({ ...call, params: { path: { sessionID } } }, metadata).catch(() => {});
  }

  async #store(
    place: ApiCall & { readonly params: { readonly path: { readonly sessionID: string } } },
    metadata: JsonRecord,
  ): Promise<void> {
    await this.#client.PATCH("/session/{sessionID}", { ...place, body: { metadata } }).catch((error: unknown) => {
      if (!(error instanceof BadRequestError)) throw error; // a server without metadata: the model stays
    });
  }

  /** That of the agent's configuration, which the server prefers to the session's. */
  async #modelOf(agent: string, call: ApiCall): Promise<string | undefined> {
    const { data } = await this.#client.GET("/agent", call);
    return nameOf(data.find(({ name }) => name === agent)?.model);
  }

  /** Of a session that was given none and has had no turn: known if it is configured, or if there is one provider. */
  async #defaultModel(call: ApiCall): Promise<string | undefined> {
    const config = await this.#client.GET("/config", call).catch(closed);
    if (config?.data.model !== undefined || config === undefined) return config?.data.model;
    const defaults = Object.entries((await this.#client.GET("/config/providers", call)).data.default);
    const [only] = defaults;
    return defaults.length === 1 && only !== undefined ? only.join("/") : undefined;
  }
}

/** Something in front of the server may keep its configuration to itself. */
function closed(error: unknown): undefined {
  if (error instanceof NotFoundError || error instanceof PermissionDeniedError) return undefined;
  throw error;
}

function nameOf(model: ModelRef | undefined): string | undefined {
  return model && `${model.providerID}/${model.modelID}`;
}

function refOf(name: string): ModelRef {
  const slash = name.indexOf("/");
  return { providerID: name.slice(0, slash), modelID: name.slice(slash + 1) };
}
