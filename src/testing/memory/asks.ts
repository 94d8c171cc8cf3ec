/** What waits for a person: permission asks and questions, and what an answer does. */
import { raceAbort } from "../../util/abort.js";
import type { JsonRecord } from "../../util/json.js";
import { matchesWildcard } from "../../util/wildcard.js";
import type { PendingAsk, Rule, Session } from "./records.js";
import type { MemoryServer } from "./server.js";

/** A tool call that comes to nothing: its message is what the model is told. `stops`: the run ends after the step. */
export class ToolFailure extends Error {
  readonly stops: boolean;

  constructor(message: string, stops = false) {
    super(message);
    this.stops = stops;
  }
}

/** What a tool asks for before it does something. */
export interface PermissionNeed {
  readonly permission: string;
  readonly patterns: readonly string[];
  readonly always: readonly string[];
  readonly metadata: JsonRecord;
}

/** The call that asks. */
export interface AskOrigin {
  readonly session: Session;
  readonly rules: readonly Rule[];
  /** Absent when it is the agent itself that asks. */
  readonly tool?: { readonly messageID: string; readonly callID: string };
  readonly signal: AbortSignal;
}

const dismissed = "The user dismissed this question";
const rejected = "The user rejected permission to use this specific tool call";

/** The last rule that matches; the server asks where none does. */
export function decide(rules: readonly Rule[], permission: string, pattern: string): string {
  const found = rules.findLast(
    (rule) => matchesWildcard(permission, rule.permission) && matchesWildcard(pattern, rule.pattern),
  );
  return found?.action ?? "ask";
}

/** True for a tool that the model is not even offered. */
export function isHidden(rules: readonly Rule[], permission: string): boolean {
  const last = rules.findLast((rule) => matchesWildcard(permission, rule.permission));
  return last?.pattern === "*" && last.action === "deny";
}

/** `undefined` when a rule allows it; otherwise asks at once, and resolves when that is answered. Throws `ToolFailure` when it may not. */
export function requirePermission(
  server: MemoryServer,
  need: PermissionNeed,
  origin: AskOrigin,
): Promise<unknown> | undefined {
  const approved = server.approved.get(origin.session.directory) ?? [];
  const rules = [...origin.rules, ...approved];
  const actions = need.patterns.map((pattern) => decide(rules, need.permission, pattern));
  if (actions.includes("deny")) {
    const relevant = origin.rules.filter((rule) => matchesWildcard(need.permission, rule.permission));
    const message = `The user has specified a rule which prevents you from using this specific tool call. Here are some of the relevant rules ${JSON.stringify(relevant)}`;
    throw new ToolFailure(message);
  }
  if (actions.every((action) => action === "allow")) return undefined;
  return open(server, server.permissions, "permission.asked", origin, {
    id: server.ids.next("per"),
    sessionID: origin.session.id,
    permission: need.permission,
    patterns: need.patterns,
    metadata: need.metadata,
    always: need.always,
    tool: origin.tool,
  });
}

/** Resolves to the answers: one list of labels for each question. Throws `ToolFailure` when they are dismissed. */
export function askQuestions(
  server: MemoryServer,
  questions: unknown,
  origin: AskOrigin,
): Promise<string[][] | undefined> {
  return open(server, server.questions, "question.asked", origin, {
    id: server.ids.next("que"),
    sessionID: origin.session.id,
    questions,
    tool: origin.tool,
  });
}

function open(
  server: MemoryServer,
  list: Map<string, PendingAsk>,
  event: string,
  { session, signal }: AskOrigin,
  request: JsonRecord & { readonly id: string },
): Promise<string[][] | undefined> {
  const answered = new Promise<string[][] | undefined>((settle, fail) => {
    list.set(request.id, { session, request, settle, fail });
  });
  server.tell(session, event, request);
  return raceAbort(answered, signal);
}

/** Answers a permission ask; false when there is none. */
export function replyPermission(server: MemoryServer, id: string, reply: string, message?: string): boolean {
  const ask = server.permissions.get(id);
  if (ask === undefined) return false;
  const close = ({ session, request }: PendingAsk, how: string): void => {
    server.permissions.delete(request.id);
    server.tell(session, "permission.replied", { sessionID: session.id, requestID: request.id, reply: how });
  };
  close(ask, reply);
  const { session, request } = ask;
  const others = [...server.permissions.values()].filter((one) => one.session.id === session.id);
  if (reply === "reject") {
    const full = message === undefined ? `${rejected}.` : `${rejected} with the following feedback: ${message}`;
    ask.fail(new ToolFailure(full, message === undefined));
    for (const other of others) {
      close(other, "reject");
      other.fail(new ToolFailure(`${rejected}.`, true));
    }
    return true;
  }
  ask.settle(undefined);
  if (reply !== "always") return true;
  const { approved } = server;
  const rules = (request["always"] as string[]).map((pattern) => ({
    permission: String(request["permission"]),
    pattern,
    action: "allow",
  }));
  approved.set(session.directory, [...(approved.get(session.directory) ?? []), ...rules]);
  for (const other of others) {
    const patterns = other.request["patterns"] as string[];
    const allowed = approved.get(other.session.directory) ?? [];
    if (!patterns.every((pattern) => decide(allowed, String(other.request["permission"]), pattern) === "allow"))
      continue;
    close(other, "always");
    other.settle(undefined);
  }
  return true;
}

/** Answers a question, or dismisses it; false when there is none. */
export function replyQuestion(server: MemoryServer, id: string, answers: string[][] | undefined): boolean {
  const asked = server.questions.get(id);
  if (asked === undefined) return false;
  server.questions.delete(id);
  const told = { sessionID: asked.session.id, requestID: id };
  if (answers === undefined) server.tell(asked.session, "question.rejected", told);
  else server.tell(asked.session, "question.replied", { ...told, answers });
  if (answers === undefined) asked.fail(new ToolFailure(dismissed, true));
  else asked.settle(answers);
  return true;
}
