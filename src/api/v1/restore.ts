/**
 * Stores a conversation of another server as messages: the server takes the events of a session as it would write them itself
 * (`/sync/replay`, 1.18.33), and calls no model for them. It checks each event and stores those before a wrong one.
 */
import type { OpencodeClient } from "../../client/client.js";
import { UnsupportedEndpointError } from "../../errors/index.js";
import type { Part, ReadableMessage, SessionInfo } from "../../types/answer.js";
import { mintSessionId, olderIds, randomText } from "../../util/ids.js";
import { untilAnswered } from "../again.js";
import type { ApiCall, StoredConversation } from "../inputs.js";
import { transcriptOf } from "../transcript.js";
import { requireExact } from "./exact-directory.js";
import { given } from "./given-fields.js";

/** One request, in characters and in events: the server takes some ms for each. */
const longestBatch = 1_000_000;
const mostEvents = 300;
/** For one request, in ms. */
const batchTimeout = 120_000;

interface Place {
  readonly directory: string;
  readonly worktree: string;
  readonly projectID: string;
}

/** The server's own event. `type` has the version behind the name. */
interface Event {
  readonly id: string;
  readonly aggregateID: string;
  readonly seq: number;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

/** As `SessionsApi.restore`. Releases without the route get the conversation as one text. */
export async function restoreV1(
  client: OpencodeClient,
  conversation: StoredConversation,
  call: ApiCall,
): Promise<SessionInfo> {
  requireExact(call.directory ?? client.directory);
  const place = await placeOf(client, call);
  const id = mintSessionId();
  try {
    for (const events of batches(eventsOf(id, place, conversation))) await replay(client, place, events, call);
    return (await client.GET("/session/{sessionID}", { ...call, params: { path: { sessionID: id } } })).data;
  } catch (error) {
    if (error instanceof UnsupportedEndpointError) return tell(client, conversation, call);
    await remove(client, id, call);
    throw error;
  }
}

/** `call` may have ended: then without its signal. */
async function remove(client: OpencodeClient, sessionID: string, { directory }: ApiCall): Promise<void> {
  const call = { directory, maxRetries: 3, timeout: 10_000, params: { path: { sessionID } } };
  await client.DELETE("/session/{sessionID}", call).catch((error: unknown) => {
    client.logger.debug(`the session ${sessionID} of a failed import was not deleted: ${String(error)}`);
  });
}

async function placeOf(client: OpencodeClient, call: ApiCall): Promise<Place> {
  const [{ data: project }, { data: path }] = await Promise.all([
    client.GET("/project/current", call),
    client.GET("/path", call),
  ]);
  return { directory: path.directory, worktree: project.worktree, projectID: project.id };
}

/** Lists of the server's own clients show sessions by it. */
function below({ directory, worktree }: Place): string | undefined {
  if (directory === worktree) return "";
  const base = worktree.endsWith("/") ? worktree : `${worktree}/`;
  return directory.startsWith(base) ? directory.slice(base.length) : undefined;
}

/** The session first, with a title that says that it is not whole; its own title comes last. */
function* eventsOf(id: string, place: Place, conversation: StoredConversation): Generator<Event> {
  const { title, agent, model, variant, permission, metadata, created, messages } = conversation;
  let seq = 0;
  const nonce = randomText(13);
  const event = (type: string, data: Record<string, unknown>): Event => {
    const number = seq;
    seq += 1;
    return { id: `evt_${nonce}${String(number).padStart(13, "0")}`, aggregateID: id, seq: number, type, data };
  };
  const now = Date.now();
  const info = {
    ...given({
      agent,
      model: model && given({ id: model.modelID, providerID: model.providerID, variant }),
      permission: permission.length === 0 ? undefined : permission,
      metadata,
      path: below(place),
    }),
    id,
    slug: `imported-${randomText(6).toLowerCase()}`,
    projectID: place.projectID,
    directory: place.directory,
    version: "imported",
    time: { created: Math.trunc(Math.min(Math.max(created, 0), now)), updated: now },
  };
  yield event("session.created.1", { sessionID: id, info: { ...info, title: `(import not finished) ${title}` } });
  const own = ownIds(messages, now);
  for (const message of messages) {
    yield event("message.updated.1", { sessionID: id, info: headOf(message, id, place, own) });
    for (const part of message.parts) {
      yield event("message.part.updated.1", { sessionID: id, part: partOf(part, message, id, own), time: now });
    }
  }
  yield event("session.updated.1", { sessionID: id, info: { ...info, title } });
}

/** New ids: one that another session of the server has would not be stored (1.18.33). */
function ownIds(messages: readonly ReadableMessage[], now: number): OwnIds {
  const mint = olderIds(now);
  const ids = new Map(messages.map(({ info }) => [info.id, mint("msg")]));
  return { message: (id) => ids.get(id) ?? mint("msg"), part: () => mint("prt"), knows: (id) => ids.has(id) };
}

interface OwnIds {
  readonly message: (id: string) => string;
  readonly part: () => string;
  readonly knows: (id: string) => boolean;
}

function headOf({ info }: ReadableMessage, sessionID: string, place: Place, own: OwnIds): object {
  const head = { ...info, id: own.message(info.id), sessionID };
  if (head.role === "user") return head;
  return { ...head, parentID: own.message(head.parentID), path: { cwd: place.directory, root: place.worktree } };
}

function partOf(part: Part, { info }: ReadableMessage, sessionID: string, own: OwnIds): object {
  const placed = { ...part, id: own.part(), sessionID, messageID: own.message(info.id) };
  if (placed.type === "compaction") {
    const { tail_start_id: tail, ...kept } = placed;
    return tail !== undefined && own.knows(tail) ? { ...kept, tail_start_id: own.message(tail) } : kept;
  }
  if (placed.type !== "tool" || placed.state.status !== "completed" || placed.state.attachments === undefined) {
    return placed;
  }
  const { id: _id, messageID } = placed;
  const attachments = placed.state.attachments.map((file) => ({ ...file, id: own.part(), sessionID, messageID }));
  return { ...placed, state: { ...placed.state, attachments } };
}

function* batches(events: Iterable<Event>): Generator<Event[]> {
  let batch: Event[] = [];
  let size = 0;
  for (const event of events) {
    const length = JSON.stringify(event).length;
    if (batch.length > 0 && (size + length > longestBatch || batch.length === mostEvents)) {
      yield batch;
      batch = [];
      size = 0;
    }
    batch.push(event);
    size += length;
  }
  yield batch;
}

/** Events that the server has are left out by it (1.18.33): a request is made again without harm. */
async function replay(client: OpencodeClient, { directory }: Place, events: Event[], call: ApiCall): Promise<void> {
  const request = { ...call, timeout: batchTimeout, maxRetries: 0, body: { directory, events } };
  await untilAnswered(() => client.POST("/sync/replay", request), call.signal);
}

/** The conversation as a prompt that nobody answers. */
async function tell(client: OpencodeClient, conversation: StoredConversation, call: ApiCall): Promise<SessionInfo> {
  const { title, agent, model, permission, metadata, messages } = conversation;
  const body = given({ title, permission: [...permission], metadata: metadata && { ...metadata } });
  const { data: info } = await client.POST("/session", { ...call, body });
  try {
    const parts = [{ type: "text" as const, text: transcriptOf(messages), synthetic: true }];
    const prompt = { ...given({ agent, model: model && { ...model } }), parts, noReply: true };
    const params = { path: { sessionID: info.id } };
    if (messages.length > 0) await client.POST("/session/{sessionID}/message", { ...call, params, body: prompt });
    client.logger.warn("this release of opencode takes no messages of another server: the conversation is one text");
    return info;
  } catch (error) {
    await remove(client, info.id, call);
    throw error;
  }
}
