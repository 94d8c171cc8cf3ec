/**
 * A failed run of 1.x that is to go on with another model. The same prompt under the same ids makes the server go on behind the last step,
 * with three exceptions (1.18.33). A step that the content filter has ended counts as the answer, and no model is asked. A compaction that
 * has failed is tried again, with the model that it had. A step that has failed is kept from the next model, with the results of its tools.
 */
import type { OpencodeClient } from "../../client/client.js";
import { SessionBusyError } from "../../errors/index.js";
import type { AssistantMessage, Part, ReadableMessage, ToolPart } from "../../types/answer.js";
import { delay } from "../../util/delay.js";
import { LruMap } from "../../util/lru-map.js";
import type { ApiCall, PromptInput } from "../inputs.js";
import { readTurn } from "./messages.js";

/** Sessions that are remembered. */
const mostSessions = 10_000;
/** The server says "idle" a moment before a message can be deleted: so long (ms), in so many tries. */
const busyWait = 100;
const mostTries = 50;
/** UTF-16 units of a tool's arguments or result that the next model is told. */
const longestText = 20_000;

/** The failed runs of one client's sessions. */
export class FailedRuns {
  readonly #client: OpencodeClient;
  /** The message of the server's own that goes on with a prompt, by session. */
  readonly #followers = new LruMap<string, { readonly prompt: string; readonly follower: string }>(mostSessions);

  constructor(client: OpencodeClient) {
    this.#client = client;
  }

  /** As `PromptsApi.clearFailure`. */
  async clear(sessionId: string, messageId: string, call: ApiCall): Promise<string[]> {
    const messages = await readTurn(this.#client, sessionId, messageId, call);
    const removed = inTheWay(messages);
    for (const id of removed) await this.#remove(sessionId, id, call);
    const rest = messages.filter(({ info }) => !removed.includes(info.id));
    const last = rest.at(-1);
    const newest = rest.findLast(({ info }) => info.role === "user")?.info.id ?? messageId;
    const done = last === undefined ? [] : doneIn(last);
    if (last?.info.role === "assistant" && last.info.error !== undefined && done.length > 0)
      await this.#tell(sessionId, newest, last.info, done, call);
    if (newest === messageId) this.#followers.delete(sessionId);
    else this.#followers.set(sessionId, { prompt: messageId, follower: newest });
    return removed;
  }

  /**
   * The body that makes the prompt's run go on. After a compaction the server has asked again in words of its own: that message is given
   * the new model, and no text is added to it.
   */
  bodyOf(sessionId: string, body: PromptInput): PromptInput {
    const known = this.#followers.get(sessionId);
    return known?.prompt === body.messageID ? { ...body, messageID: known.follower, parts: [] } : body;
  }

  async #remove(sessionID: string, messageID: string, call: ApiCall): Promise<void> {
    const params = { path: { sessionID, messageID } };
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#client.DELETE("/session/{sessionID}/message/{messageID}", { ...call, params });
        return;
      } catch (error) {
        if (!(error instanceof SessionBusyError) || tries >= mostTries) throw error;
        await delay(busyWait, call.signal);
      }
    }
  }

  /** The results stand with the newest prompt: nothing else is read before the step that has failed. */
  async #tell(
    sessionID: string,
    messageID: string,
    { id: failed }: AssistantMessage,
    done: readonly ToolPart[],
    call: ApiCall,
  ): Promise<void> {
    const partID = failed.replace(/^msg/, "prt"); // the same each time
    const body: Part = { id: partID, sessionID, messageID, type: "text", synthetic: true, text: noteOf(done) };
    const params = { path: { sessionID, messageID, partID } };
    await this.#client.PATCH("/session/{sessionID}/message/{messageID}/part/{partID}", { ...call, params, body });
  }
}

/** The messages that keep the server from asking the next model, in an order in which a part of them gone does no harm. */
function inTheWay(messages: readonly ReadableMessage[]): string[] {
  const last = messages.at(-1);
  if (last?.info.role !== "assistant") return [];
  const { id, error, summary, parentID, finish } = last.info;
  if (summary === true && error !== undefined) {
    const request = messages.findIndex(({ info }) => info.id === parentID);
    const before = request < 1 ? undefined : messages[request - 1];
    const empty = before !== undefined && hasNothing(before) ? [before.info.id] : [];
    return request < 1 ? [id] : [parentID, id, ...empty];
  }
  return finish === "content-filter" && doneIn(last).length === 0 ? [id] : [];
}

/** A step that did not fit: neither an error nor an end nor content. */
function hasNothing({ info, parts }: ReadableMessage): boolean {
  return info.role === "assistant" && info.error === undefined && info.finish === undefined && parts.length === 0;
}

/** The tool calls that have come to their end. */
function doneIn({ parts }: ReadableMessage): ToolPart[] {
  return parts.filter(
    (part): part is ToolPart =>
      part.type === "tool" && (part.state.status === "completed" || part.state.status === "error"),
  );
}

function noteOf(done: readonly ToolPart[]): string {
  const calls = done.map(({ tool, state }) => {
    const result =
      state.status === "completed" ? state.output : state.status === "error" ? `Error: ${state.error}` : "";
    return `${tool} ${shortened(JSON.stringify(state.input))}\nResult: ${shortened(result)}`;
  });
  return `These tool calls were already made for the prompt above. Do not make them again.\n\n${calls.join("\n\n")}`;
}

function shortened(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)} […]` : text;
}
