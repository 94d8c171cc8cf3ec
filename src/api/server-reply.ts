/** An answer to the question which server it is, whatever its status. */
import { answerBehind } from "../client/answer-facts.js";
import type { OpencodeClient } from "../client/client.js";
import { InternalServerError, isOpencodeError, type OpencodeError } from "../errors/index.js";
import { monotonic } from "../util/clock.js";
import { delay } from "../util/delay.js";
import { isRecord, property } from "../util/json.js";

/** An answer, and the error that it would be to other callers. */
export interface ServerReply {
  readonly path: string;
  readonly status: number;
  /** The media type; empty for none. */
  readonly type: string;
  readonly isEmpty: boolean;
  /** First words of an answer that is not JSON. */
  readonly words: string;
  /** The JSON of the answer, also of a refusal. */
  readonly data: unknown;
  /** `undefined` for an answer of 200 with JSON. */
  readonly error: OpencodeError | undefined;
}

/** How long a server may be starting, in ms. */
const longestStart = 10_000;
/** Between two questions to a server that is starting and names no time, in ms. */
const startingWait = 1_000;

/**
 * Asks once, and again while the server says that it is starting. Rejects as a request of the client that gets no answer.
 * @throws {InternalServerError} if the server is still starting after 10 s, or would be by its own word.
 */
export async function readReply(client: OpencodeClient, path: string): Promise<ServerReply> {
  const begun = monotonic();
  for (;;) {
    const { reply, retryAfter = startingWait } = await ask(client, path);
    if (reply.status !== 503 || property(reply.data, "code") !== "service_starting") return reply;
    if (monotonic() - begun + retryAfter > longestStart) throw stillStarting(client, reply);
    await delay(retryAfter);
  }
}

async function ask(
  client: OpencodeClient,
  path: string,
): Promise<{ readonly reply: ServerReply; readonly retryAfter?: number | undefined }> {
  try {
    const { data, response } = await client.request("GET", path);
    const [type = ""] = (response.headers.get("content-type") ?? "").split(";", 1);
    const isEmpty = data === undefined;
    const reply = { path, status: response.status, type: type.trim().toLowerCase(), isEmpty, words: "", data };
    return { reply: { ...reply, error: undefined } };
  } catch (error) {
    const facts = answerBehind(error);
    if (facts === undefined || !isOpencodeError(error)) throw error;
    const { retryAfter, ...answer } = facts;
    return { reply: { path, ...answer, data: isRecord(error.body) ? error.body : undefined, error }, retryAfter };
  }
}

function stillStarting({ baseUrl }: OpencodeClient, { path, status, data: body }: ServerReply): InternalServerError {
  const facts = { status, method: "GET", path, body, retryable: true };
  return new InternalServerError(`${baseUrl} is an opencode server that is still starting (503 service_starting)`, {
    ...facts,
    hint: "Try again in a few seconds.",
  });
}
