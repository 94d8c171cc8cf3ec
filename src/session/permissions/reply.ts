/** `opencode.reply()`: an answer to what the agent asks, from outside of a callback. */
import type { OpencodeClient } from "../../client/client.js";
import { ConfigError, NotFoundError } from "../../errors/index.js";
import type { RequestReply } from "../../types/request.js";
import { property } from "../../util/json.js";
import { notOpen, type ReplyDesk } from "./reply-registry.js";
import { isAnswers } from "./requests.js";

/**
 * A request of a turn of ours is answered in that turn; any other one, at its server. `clients` are of the directories that it may
 * be in. Throws `ConfigError`, `ConflictError` for a request that has its answer, and `NotFoundError` for one that is not open.
 */
export async function replyTo(
  desk: ReplyDesk,
  clients: readonly OpencodeClient[],
  id: string,
  reply: RequestReply,
): Promise<void> {
  const isPermission = typeof id === "string" && id.startsWith("per");
  if (!isPermission && (typeof id !== "string" || !id.startsWith("que"))) {
    throw new ConfigError(`the id of a request begins with "per" or "que"; got ${JSON.stringify(id)}`, {
      hint: "It is the `id` of an event permission-request or question.",
    });
  }
  if (isPermission) requirePermissionReply(reply);
  else requireAnswers(reply);
  const open = desk.get(id);
  if (open !== undefined) return open.give(reply);
  for (const client of clients) {
    try {
      await (isPermission ? decide(client, id, reply) : answer(client, id, reply));
      return;
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error; // it may be of another directory
    }
  }
  throw notOpen(id);
}

async function decide(client: OpencodeClient, requestID: string, reply: RequestReply): Promise<void> {
  const message = property(reply, "reject");
  const body =
    typeof message === "string"
      ? { reply: "reject" as const, message }
      : { reply: reply as "once" | "always" | "reject" }; // it was checked
  await client.POST("/permission/{requestID}/reply", { params: { path: { requestID } }, body });
}

async function answer(client: OpencodeClient, requestID: string, reply: RequestReply): Promise<void> {
  const params = { path: { requestID } };
  if (reply === "reject") {
    await client.POST("/question/{requestID}/reject", { params });
    return;
  }
  const answers = typeof reply === "boolean" ? [[reply ? "Yes" : "No"]] : isAnswers(reply) ? reply : [];
  await client.POST("/question/{requestID}/reply", { params, body: { answers: answers.map((one) => [...one]) } });
}

function requirePermissionReply(reply: unknown): void {
  if (reply === "once" || reply === "always" || reply === "reject") return;
  if (typeof property(reply, "reject") === "string") return;
  throw new ConfigError(
    `a permission is answered by "once", "always", "reject" or { reject: reason }; got ${JSON.stringify(reply)}`,
  );
}

function requireAnswers(reply: unknown): void {
  if (reply === "reject" || typeof reply === "boolean" || isAnswers(reply)) return;
  throw new ConfigError(
    `a question is answered by a list of texts for each question, or "reject"; got ${JSON.stringify(reply)}`,
    {
      hint: "Leaving plan mode is answered by true or false.",
    },
  );
}
