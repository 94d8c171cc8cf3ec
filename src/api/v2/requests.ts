/** Permission requests and questions of 2.x: their routes are below the session, so it is looked up. */
import { BadRequestError, NotFoundError } from "../../errors/index.js";
import { type JsonRecord, property, recordProperty, stringProperty } from "../../util/json.js";
import type { RequestsApi } from "../agent-api.js";
import type { OpenPermission } from "../api-event.js";
import type { ApiCall, PermissionAnswer, UnlistedPermission } from "../inputs.js";
import { withCallInput } from "./ask-metadata.js";
import type { Dialect } from "./dialects.js";
import { ledgerOf } from "./ledger.js";
import { serverPermission } from "./names.js";
import { formAnswer, openPermissionV2, openQuestionV2, serverQuestionId } from "./request-shapes.js";
import { below, dataOf, locationList, locationQuery, records, type Wire } from "./wire.js";

/** Characters of an answer that are told in an address. */
const longestWords = 2_000;

const permissionsPath = "/api/permission/request";

/** The requests of the client's directory. */
export function requestsV2(wire: Wire): RequestsApi {
  const { client, dialect } = wire;
  const questionPath = dialect.asking === "forms" ? "/api/form" : "/api/question/request";
  const pathOf = (question: JsonRecord, rest: string): string => {
    const kind = dialect.asking === "forms" ? "form" : "question";
    const id = encodeURIComponent(stringProperty(question, "id") ?? "");
    return below(stringProperty(question, "sessionID") ?? "", `/${kind}/${id}${rest}`);
  };
  return {
    permissions: (call) => permissions(wire, call),
    questions: async (call) =>
      (await locationList(wire, questionPath, call)).flatMap((value) => openQuestionV2(value) ?? []),
    answerPermission: async (requestId, answer, call) => {
      const { asking } = ledgerOf(client);
      const heard = asking.get(requestId);
      const ask = heard === undefined ? await openRequest(wire, permissionsPath, requestId, call) : undefined;
      const sessionId = heard ?? stringProperty(ask, "sessionID") ?? "";
      const place = below(sessionId, `/permission/${encodeURIComponent(requestId)}`);
      await client.request("POST", `${place}/reply`, { ...call, body: permissionBody(dialect, answer) });
    },
    answerQuestion: async (requestId, answers, call) => {
      const asked = await openRequest(wire, questionPath, serverQuestionId(requestId), call);
      const reply = (body: object) => client.request("POST", pathOf(asked, "/reply"), { ...call, body });
      if (dialect.asking !== "forms") return void (await reply({ answers: answers.map((answer) => [...answer]) }));
      // With a text the run goes on, as after questions without answers.
      const tell = (message: string) => client.request("DELETE", pathOf(asked, ""), { ...call, query: { message } });
      // A form may need each of its fields.
      if (answers.every((answer) => answer.length === 0)) return void (await tell("The user did not answer."));
      try {
        await reply({ answer: formAnswer(asked, answers) });
      } catch (error) {
        // It takes its own options only, or has a rule of its own: the model is told the words.
        if (!(error instanceof BadRequestError)) throw error;
        const words = answers.flat().join(", ").slice(0, longestWords);
        await tell(`The form does not take the user's answer: ${words}`);
      }
    },
    refuseUnlisted: (asked, message, call) => refuseUnlisted(wire, asked, message, call),
    rejectQuestion: async (requestId, call) => {
      const asked = await openRequest(wire, questionPath, serverQuestionId(requestId), call);
      if (dialect.asking === "forms") await client.request("DELETE", pathOf(asked, ""), call);
      else await client.request("POST", pathOf(asked, "/reject"), call);
    },
  };
}

/** With what the events say of them, as far as the list knows it. */
async function permissions(wire: Wire, call: ApiCall | undefined): Promise<OpenPermission[]> {
  const { client, dialect } = wire;
  const { data } = await client.request("GET", permissionsPath, { ...call, ...locationQuery(wire, call) });
  const cwd = stringProperty(recordProperty(data, "location"), "directory") ?? "";
  const { asksWholeLines } = dialect;
  return records(property(data, "data"), permissionsPath).flatMap((value) => {
    const request = openPermissionV2(dialect, value);
    return request === undefined ? [] : [withCallInput(request, { input: undefined, cwd, asksWholeLines })];
  });
}

/**
 * `always` is sent as `once`: these servers would store it for the whole project and for ever (2.0 preview 1.18.18), and this library
 * remembers it by itself.
 */
export function permissionBody({ permissionAnswer }: Dialect, answer: PermissionAnswer): object {
  if (answer.reply !== "reject") return { [permissionAnswer]: "once" };
  const { message } = answer;
  return message === undefined ? { [permissionAnswer]: "reject" } : { [permissionAnswer]: "reject", message };
}

/**
 * The refusal of one request takes the others of its session along, also those that are in no list (2.0 preview 1.18.18). So one of our own
 * is made that is alike, and refused.
 */
async function refuseUnlisted(
  { client, dialect }: Wire,
  { sessionId, permission, pattern }: UnlistedPermission,
  message: string,
  call: ApiCall | undefined,
): Promise<boolean> {
  const path = below(sessionId, "/permission");
  const isListed = await client.request("GET", path, call).then(
    () => true,
    (error: unknown) => {
      if (error instanceof BadRequestError) return false;
      throw error;
    },
  );
  if (isListed) return false;
  const body = { action: serverPermission(dialect, permission), resources: [pattern] };
  const made = dataOf((await client.request("POST", path, { ...call, body })).data, path);
  if (made["effect"] !== "ask") return false;
  const place = `${path}/${encodeURIComponent(stringProperty(made, "id") ?? "")}/reply`;
  await client.request("POST", place, { ...call, body: permissionBody(dialect, { reply: "reject", message }) });
  return true;
}

/** Throws `NotFoundError` for one that is not open: it was answered, or its run is over. */
async function openRequest(wire: Wire, path: string, id: string, call: ApiCall | undefined): Promise<JsonRecord> {
  const open = await locationList(wire, path, call);
  const found = open.find((one) => stringProperty(one, "id") === id);
  if (found !== undefined) return found;
  const body = { _tag: "NotFoundError", id };
  throw new NotFoundError(`GET ${path}: the request ${id} is not open`, { status: 404, method: "GET", path, body });
}
