/** Runs: which are active, waiting, going on, stopping; and what belongs to a run's surroundings. */
import { Failure, invalidRequest } from "../http/failure.js";
import type { ApiRequest, Route } from "../http/router.js";
import { flag, json, mapOf, number, object, optional, startsWith, text } from "../http/shape.js";
import { clearRevert, commitRevert, stageRevert } from "../run/revert.js";
import { completeText, isError, sessionModel } from "../run/session-model.js";
import { transcript } from "../run/transcript.js";
import { recordOf } from "./sessions.js";

/** Bytes of one entry as JSON. */
const maxEntry = 65_536;

export const runRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/session/active",
    handle: ({ world }) => ({
      data: Object.fromEntries(world.runs.foreground().map((id) => [id, { type: "running" }])),
    }),
  },
  {
    method: "POST",
    path: "/session/{s}/interrupt",
    query: ["resume"],
    handle: (request) => ({ interrupted: interrupt(request) }),
  },
  { method: "POST", path: "/session/{s}/resume", handle: (request) => request.world.runs.resume(recordOf(request)) },
  {
    method: "POST",
    path: "/experimental/session/{s}/wait",
    handle: (request) => request.world.runs.idle(recordOf(request).info.id),
  },
  { method: "POST", path: "/session/{s}/background", handle: (request) => void recordOf(request) },
  {
    method: "POST",
    path: "/session/{s}/view",
    body: object({ idle: number }),
    handle: (request) => void recordOf(request),
  },
  {
    method: "PUT",
    path: "/session/{s}/environment",
    body: object({ variables: mapOf(text) }),
    handle: (request) => void recordOf(request),
  },
  { method: "POST", path: "/session/{s}/generate", body: object({ prompt: text }), handle: generate },
  {
    method: "POST",
    path: "/session/{s}/revert/stage",
    body: object({ messageID: startsWith("msg_"), files: optional(flag) }),
    handle: (request) => ({
      data: stageRevert(
        request.world,
        recordOf(request),
        String(request.body["messageID"]),
        request.body["files"] !== false,
      ),
    }),
  },
  { method: "DELETE", path: "/session/{s}/revert", handle: (request) => clearRevert(request.world, recordOf(request)) },
  {
    method: "POST",
    path: "/session/{s}/revert/commit",
    handle: (request) => commitRevert(request.world, recordOf(request)),
  },
  {
    method: "GET",
    path: "/experimental/session/{s}/instructions/entries",
    handle: (request) => ({ data: Object.entries(recordOf(request).entries).map(([key, value]) => ({ key, value })) }),
  },
  {
    method: "PUT",
    path: "/experimental/session/{s}/instructions/entries/{key}",
    body: object({ value: json }),
    handle: putEntry,
  },
  {
    method: "DELETE",
    path: "/experimental/session/{s}/instructions/entries/{key}",
    handle: (request) => {
      const record = recordOf(request);
      delete record.entries[request.params["key"] ?? ""];
      request.world.store.save(record);
    },
  },
];

/** Answers before the run has settled. */
function interrupt(request: ApiRequest): boolean {
  const resume = request.query.get("resume");
  if (resume !== null && resume !== "true" && resume !== "false")
    throw invalidRequest("resume is true or false", "Query");
  return request.world.runs.interrupt(recordOf(request), resume === "true");
}

function putEntry(request: ApiRequest): undefined {
  const record = recordOf(request);
  const { value } = request.body;
  const actualBytes = Buffer.byteLength(JSON.stringify(value));
  if (actualBytes > maxEntry) {
    const sizes = { actualBytes, maxBytes: maxEntry };
    throw new Failure(413, "InstructionEntryValueTooLargeError", "The value is too large", sizes);
  }
  record.entries[request.params["key"] ?? ""] = value;
  request.world.store.save(record);
}

/** An answer beside the session: its history stays as it is. */
async function generate(request: ApiRequest): Promise<unknown> {
  const { world, body, incoming } = request;
  const record = recordOf(request);
  const model = sessionModel(world, record);
  if (isError(model)) throw new Failure(503, "ServiceUnavailableError", model.message, { service: "model" });
  const gone = new AbortController();
  incoming.socket.once("close", () => gone.abort());
  const messages = [...transcript(world, record), { role: "user", content: body["prompt"] }];
  try {
    const { text } = await completeText(record, model, messages, gone.signal);
    return { data: { text } };
  } catch (error) {
    throw new Failure(503, "ServiceUnavailableError", String(error), { service: "model" });
  }
}
