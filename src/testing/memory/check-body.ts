/** What is looked at in a request's body, with the server's own words for what is wrong. */
import { isRecord, type JsonRecord } from "../../util/json.js";
import { badRequest, plainBadRequest, type Refusal } from "./replies.js";

const partFields: Readonly<Record<string, readonly string[]>> = {
  text: ["text"],
  file: ["mime", "url"],
  agent: ["name"],
  subtask: ["prompt", "description", "agent"],
};
const partKinds = Object.keys(partFields)
  .map((type) => `{ readonly "type": "${type}", ... }`)
  .join(" | ");

function wrong(expected: string, value: unknown, at: string): Refusal {
  return badRequest(`Expected ${expected}, got ${JSON.stringify(value)}\n  at ${at}`, "Payload");
}

/** The body as an object, with these texts in it. Throws the 400 of the first that is missing or wrong. */
export function checkFields(body: unknown, names: readonly string[]): JsonRecord {
  if (!isRecord(body)) throw badRequest(`Expected object, got ${JSON.stringify(body)}`, "Payload");
  for (const name of names) {
    if (body[name] === undefined) throw badRequest(`Missing key\n  at ["${name}"]`, "Payload");
    if (typeof body[name] !== "string") throw wrong("string", body[name], `["${name}"]`);
  }
  return body;
}

/** The body of a prompt. */
export function checkPrompt(body: unknown): JsonRecord {
  const given = checkFields(body, []);
  checkId(given["messageID"], "msg", '["messageID"]', "Payload");
  const { parts, format } = given;
  if (isRecord(format) && format["type"] !== "text" && format["type"] !== "json_schema") {
    throw wrong("OutputFormat", format, '["format"]');
  }
  if (parts === undefined) throw badRequest('Missing key\n  at ["parts"]', "Payload");
  if (!Array.isArray(parts)) throw wrong("array", parts, '["parts"]');
  parts.forEach((part: unknown, index) => {
    const at = `["parts"][${index}]`;
    const needed = isRecord(part) ? partFields[String(part["type"])] : undefined;
    if (!isRecord(part) || needed === undefined) throw wrong(partKinds, part, at);
    checkId(part["id"], "prt", `${at}["id"]`, "Payload");
    for (const name of needed) {
      if (part[name] === undefined) throw badRequest(`Missing key\n  at ${at}["${name}"]`, "Payload");
      if (typeof part[name] !== "string") throw wrong("string", part[name], `${at}["${name}"]`);
    }
  });
  return given;
}

/** Only the beginning of an id is looked at. */
export function checkId(id: unknown, prefix: string, at: string, kind: "Payload" | "Params"): void {
  if (id === undefined || (typeof id === "string" && id.startsWith(prefix))) return;
  throw badRequest(`Expected a string starting with "${prefix}", got ${JSON.stringify(id)}\n  at ${at}`, kind);
}

/** The body of a new session, or nothing. Throws a 400 without a reason. */
export function checkNewSession(body: unknown): JsonRecord {
  if (body === undefined) return {};
  if (!isRecord(body) || !areRules(body["permission"])) throw plainBadRequest();
  for (const name of ["title", "parentID", "agent"]) {
    if (body[name] !== undefined && typeof body[name] !== "string") throw plainBadRequest();
  }
  const parent = body["parentID"];
  if (typeof parent === "string" && !parent.startsWith("ses")) throw plainBadRequest();
  return body;
}

/** The body of a change of a session. */
export function checkSessionChange(body: unknown): JsonRecord {
  const given = checkFields(body, []);
  const { title, permission } = given;
  if (title !== undefined && title !== null && typeof title !== "string")
    throw wrong("string | null", title, '["title"]');
  if (!areRules(permission)) throw wrong("PermissionRuleset", permission, '["permission"]');
  return given;
}

function areRules(value: unknown): boolean {
  if (value === undefined) return true;
  const isRule = (rule: unknown): boolean =>
    isRecord(rule) &&
    typeof rule["permission"] === "string" &&
    typeof rule["pattern"] === "string" &&
    ["allow", "ask", "deny"].includes(String(rule["action"]));
  return Array.isArray(value) && value.every(isRule);
}
