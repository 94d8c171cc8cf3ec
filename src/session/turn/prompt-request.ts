/** A prompt as a turn's request: the look whether it is stored, and the call that hands it over. */
import type { ReadOptions } from "../../client/retry-transient.js";
import { ConflictError } from "../../errors/index.js";
import type { Part } from "../../types/answer.js";
import { delay } from "../../util/delay.js";
import type { DirectoryContext, SessionContext } from "../context.js";
import { type PromptBody, parseModel, settingsOf, type TurnSettings } from "./prompt.js";
import type { TurnRequest } from "./turn-request.js";

/** The server takes a prompt within milliseconds; after this (ms) it is asked whether it has. */
const lateAnswer = 2_000;

/** A prompt is taken within milliseconds, after its upload (ms): then it is sent anew, on another connection. */
const longestSubmit = 10_000;
/** For the parts of a prompt that are not stored yet (ms); the wait doubles. */
const firstWait = 25;
const longestWait = 1_000;
/** Bytes per ms that an upload is given at least. */
const slowest = 50;

/** One prompt of one session. */
export class PromptRequest implements TurnRequest {
  readonly body: PromptBody;
  readonly canRepeat: boolean;
  readonly lateAfter: number = lateAnswer;
  readonly #sessionId: string;
  readonly #isNamed: boolean;
  /** It is put into the run that is going on. */
  readonly isSteer: boolean;
  readonly #again: PromptBody;
  readonly #defaults: TurnSettings;
  readonly #ownAgent: SessionContext["ownAgent"];
  /** What is sent next, and what was sent last: a run that stopped in the middle goes on with what was stored. */
  #next: PromptBody;
  #sent: PromptBody;
  #wasTaken = false;
  /** What a session has that was given nothing; `undefined` when the prompt names what it has to. */
  #usual: TurnSettings | undefined;

  /**
   * `isNamed`: the caller knows the prompt's id, so that it may be stored already. `again`: what is sent instead of the same once more
   * while it is not known to be stored. `isSteer`: it was, or is to be, put into another prompt's run, whose settings it names.
   */
  constructor(
    { connection, sessionId, defaults, isFresh, ownAgent }: SessionContext,
    body: PromptBody,
    isNamed: boolean,
    again: PromptBody = body,
    isSteer: boolean = false,
  ) {
    this.#sessionId = sessionId;
    this.canRepeat = connection.api.capabilities.continuesRepeatedPrompt;
    this.body = body;
    this.#isNamed = isNamed;
    this.#again = again;
    this.#next = body;
    this.#sent = body;
    this.isSteer = isSteer;
    this.#defaults = settingsOf(defaults);
    this.#ownAgent = ownAgent;
    this.#usual = isFresh || isSteer ? undefined : this.#defaults;
  }

  get messageId(): string {
    return this.body.messageID;
  }

  async isStored(scope: DirectoryContext, call: ReadOptions): Promise<boolean> {
    if (!this.#isNamed) return false;
    if (!scope.api.capabilities.keepsPromptParts) return scope.api.prompts.isStored(this.#sessionId, this.body, call);
    return isSamePrompt(scope, this.#sessionId, this.body, call);
  }

  /** Once: what is sent again is the same. */
  async prepare({ api }: DirectoryContext, call: ReadOptions): Promise<void> {
    if (this.#usual === undefined) return;
    const { model, agent = this.#ownAgent?.(), variant } = this.body;
    const wanted = { ...(model && { model }), ...(agent && { agent }), ...(variant && { variant }) };
    const settings = await api.prompts.settings(this.#sessionId, wanted, this.#usual, call);
    for (const body of [this.body, this.#again]) Object.assign(body, settings);
    this.#usual = undefined;
  }

  post(scope: DirectoryContext, over: AbortSignal): Promise<unknown> {
    const body = this.#next;
    this.#sent = body;
    if (!this.#wasTaken) this.#next = this.#again;
    const timeout = submitTimeout(this.body, scope.api.liveness.latency);
    const { prompts } = scope.api;
    const call = { signal: over, timeout };
    return this.isSteer ? prompts.steer(this.#sessionId, body, call) : prompts.submit(this.#sessionId, body, call);
  }

  useModel(name: string, keepsVariant: boolean): void {
    const model = parseModel(name);
    for (const body of [this.body, this.#again, this.#next, this.#sent]) {
      body.model = model;
      if (!keepsVariant) delete body.variant;
    }
    this.#usual = this.#defaults;
  }

  taken(): void {
    this.#wasTaken = true;
    this.#next = this.#sent;
  }
}

/** `latency`: ms that the server's answers have taken lately. */
function submitTimeout(body: PromptBody, latency: number): number {
  const size = body.parts.reduce((sum, part) => sum + sizeOf(part), 0);
  return Math.min(Math.max(longestSubmit, 4 * latency), 15_000) + size / slowest;
}

function sizeOf(part: PromptBody["parts"][number]): number {
  return part.type === "file" ? part.url.length : part.type === "text" ? part.text.length : 0;
}

/**
 * Is a prompt with the caller's own id stored already? Our part ids follow from the message's, so each stored part can be
 * compared with what would be sent; what the server has added has other ids. Anything else is another prompt. Parts are stored
 * after their message (1.18.33): those that are missing are looked for again.
 */
async function isSamePrompt(
  scope: DirectoryContext,
  sessionId: string,
  body: PromptBody,
  call: ReadOptions,
): Promise<boolean> {
  for (let wait = firstWait; ; wait *= 2) {
    const found = await scope.api.messages.find(sessionId, body.messageID, call);
    if (found === undefined || found === "unreadable") return found !== undefined;
    const stored = new Map(found.parts.map((part) => [part.id, part]));
    const kept = body.parts.filter((part) => stored.has(part.id ?? ""));
    const isSame = kept.every((part) => isSamePart(stored.get(part.id ?? ""), part));
    if (isSame && kept.length === body.parts.length) return true;
    if (kept.length === 0 && isSameText(found.parts, body)) return true;
    if (!isSame || wait > longestWait) break;
    await delay(wait, call.signal);
  }
  throw new ConflictError(`the message ${body.messageID} is stored with another prompt`, {
    status: 409,
    sessionId,
    hint: "Use a new messageId for a new prompt.",
  });
}

/** The server has made the prompt, of a command: its text is the same, and has an id of the server's, which the body then has as well. */
function isSameText(stored: readonly Part[], { parts }: PromptBody): boolean {
  const own = stored.filter((part) => !(part.type === "text" && part.synthetic === true));
  const isSame = own.length === parts.length && parts.every((part, at) => isSamePart(own[at], part));
  if (!isSame || parts.some(({ type }) => type !== "text")) return false;
  parts.forEach((part, at) => {
    const id = own[at]?.id;
    if (id !== undefined) part.id = id;
  });
  return true;
}

function isSamePart(kept: Part | undefined, part: PromptBody["parts"][number]): boolean {
  if (kept?.type !== part.type) return false;
  if (kept.type === "text" && part.type === "text") return kept.text === part.text;
  return kept.type !== "file" || part.type !== "file" || kept.url === part.url;
}
