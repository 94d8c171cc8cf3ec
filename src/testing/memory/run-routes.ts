/** Routes that make a session do something, and those that answer what it asks. */
import { isRecord, type JsonRecord, stringProperty } from "../../util/json.js";
import { abortSession, answered, command, openAsks, prompt, startPrompt, summarize } from "./actions.js";
import { replyPermission, replyQuestion } from "./asks.js";
import { type Call, idleSession, type Routes, sessionOf } from "./call.js";
import { checkFields, checkId, checkPrompt } from "./check-body.js";
import { runShell } from "./commands.js";
import { shown } from "./messages.js";
import { badRequest, json, tagged } from "./replies.js";
import type { MemoryServer } from "./server.js";

/** By method and path. */
export const runRoutes: Routes = {
  "POST /session/{sessionID}/message": async (call) => {
    const session = sessionOf(call);
    const body = checkPrompt(call.body);
    return json(shown(await answered(() => prompt(call.server, session, body))));
  },
  "POST /session/{sessionID}/prompt_async": (call) => {
    const session = sessionOf(call);
    const body = checkPrompt(call.body);
    startPrompt(call.server, session, body);
    return new Response(null, { status: 204 });
  },
  "POST /session/{sessionID}/abort": async ({ server, ids }) => {
    await abortSession(server, ids[0] ?? "");
    return json(true);
  },
  "POST /session/{sessionID}/summarize": async (call) => {
    const session = sessionOf(call);
    const body = checkFields(call.body, ["providerID", "modelID"]);
    const model = { providerID: String(body["providerID"]), modelID: String(body["modelID"]) };
    await summarize(call.server, session, model, { auto: body["auto"] === true });
    return json(true);
  },
  "POST /session/{sessionID}/command": async (call) => {
    const session = sessionOf(call);
    const body = checkFields(call.body, ["arguments", "command"]);
    return json(shown(await command(call.server, session, body)));
  },
  "POST /session/{sessionID}/init": async (call) => {
    const session = sessionOf(call);
    const body = checkFields(call.body, ["modelID", "providerID", "messageID"]);
    const model = `${String(body["providerID"])}/${String(body["modelID"])}`;
    const { messageID } = body;
    await command(call.server, session, { command: "init", arguments: "", model, messageID });
    return json(true);
  },
  "POST /session/{sessionID}/shell": async (call) => {
    sessionOf(call);
    const body = checkFields(call.body, ["agent", "command"]);
    const session = idleSession(call);
    return json(shown(await runShell(call.server, session, body)));
  },
  "GET /permission": (call) => listAsks(call, call.server.permissions),
  "POST /permission/{requestID}/reply": (call) => {
    const id = requestId(call, "per");
    const body = checkReply(call.body, "reply");
    const message = stringProperty(body, "message");
    return foundAsk("Permission", id, replyPermission(call.server, id, String(body["reply"]), message));
  },
  "POST /session/{sessionID}/permissions/{permissionID}": (call) => {
    const body = checkReply(call.body, "response");
    const id = call.ids[1] ?? "";
    return foundAsk("Permission", id, replyPermission(call.server, id, String(body["response"])));
  },
  "GET /question": (call) => listAsks(call, call.server.questions),
  "POST /question/{requestID}/reply": (call) => {
    const id = requestId(call, "que");
    const answers = isRecord(call.body) ? call.body["answers"] : undefined;
    if (answers === undefined) throw badRequest('Missing key\n  at ["answers"]', "Payload");
    if (!Array.isArray(answers) || !answers.every(Array.isArray)) {
      throw badRequest(`Expected array, got ${JSON.stringify(answers)}\n  at ["answers"]`, "Payload");
    }
    const given = answers.map((labels: unknown[]) => labels.map(String));
    return answerQuestion(call.server, id, given);
  },
  "POST /question/{requestID}/reject": (call) => answerQuestion(call.server, requestId(call, "que"), undefined),
};

function listAsks({ directory }: Call, asks: MemoryServer["permissions"]): Response {
  const here = openAsks(asks, directory);
  const listed = here.map((request) => ({ ...request, tool: request["tool"] ?? null }));
  here.forEach(({ metadata }, index) => {
    if (!isRecord(metadata)) return;
    // The server cannot write a list with such an ask in it (a `webfetch` without `timeout`).
    const missing = Object.keys(metadata).find((name) => metadata[name] === undefined);
    if (missing === undefined) return;
    throw badRequest(`Expected JSON value, got undefined\n  at [${index}]["metadata"]["${missing}"]`, "Body");
  });
  return json(listed);
}

function requestId({ ids: [id = ""] }: Call, prefix: string): string {
  checkId(id, prefix, '["requestID"]', "Params");
  return id;
}

function checkReply(body: unknown, name: string): JsonRecord {
  const given = checkFields(body, []);
  const value = given[name];
  if (value === undefined) throw badRequest(`Missing key\n  at ["${name}"]`, "Payload");
  if (value === "once" || value === "always" || value === "reject") return given;
  const expected = `"once" | "always" | "reject"`;
  throw badRequest(`Expected ${expected}, got ${JSON.stringify(value)}\n  at ["${name}"]`, "Payload");
}

function answerQuestion(server: MemoryServer, id: string, answers: string[][] | undefined): Response {
  return foundAsk("Question", id, replyQuestion(server, id, answers));
}

function foundAsk(kind: string, requestID: string, wasFound: boolean): Response {
  if (wasFound) return json(true);
  throw tagged(404, `${kind}NotFoundError`, { requestID, message: `${kind} request not found: ${requestID}` });
}
