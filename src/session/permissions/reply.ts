/** `opencode.reply()`: an answer to what the agent asks, from outside of a callback. */
import type { AgentApi } from "../../api/agent-api.js";
import { ConfigError, NotFoundError } from "../../errors/index.js";
import type { RequestReply } from "../../types/request.js";
import { property } from "../../util/json.js";
import { isAnswers } from "./owned-requests.js";
import { notOpen, type ReplyDesk } from "./reply-registry.js";

/**
 * A request of a turn of ours is answered in that turn; any other one, at its server. `apis` are of the directories that it may
 * be in. Throws `ConfigError`, `ConflictError` for a request that has its answer, and `NotFoundError` for one that is not open.
 */
export async function replyTo(
  desk: ReplyDesk,
  apis: readonly AgentApi[],
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
  for (const api of apis) {
    try {
      await (isPermission ? decide(api, id, reply) : answer(api, id, reply));
      return;
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error; // it may be of another directory
    }
  }
  throw notOpen(id);
}

async function decide({ requests }: AgentApi, requestId: string, reply: RequestReply): Promise<void> {
  const message = property(reply, "reject");
  const answer =
    typeof message === "string"
      ? { reply: "reject" as const, message }
      : { reply: reply as "once" | "always" | "reject" }; // it was checked
  await requests.answerPermission(requestId, answer);
}

async function answer({ requests }: AgentApi, requestId: string, reply: RequestReply): Promise<void> {
  if (reply === "reject") return requests.rejectQuestion(requestId);
  const answers = typeof reply === "boolean" ? [[reply ? "Yes" : "No"]] : isAnswers(reply) ? reply : [];
  await requests.answerQuestion(requestId, answers);
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
