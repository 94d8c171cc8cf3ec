/**
 * The fields of answers that the layers above read without looking. Checked at the door, so that an answer of another
 * program, or of another release, is one error with a name and not a `TypeError` somewhere else. Everything else in an
 * answer is passed on as it is: the server sends more than it documents, and older releases send less.
 */
import { APIResponseValidationError } from "../errors/index.js";
import { isRecord } from "../util/json.js";
import type { RouteShapes } from "./shape.js";

/** What is wrong with a value, and where; `undefined` when nothing is. */
export type Check = (value: unknown, at: string) => string | undefined;

const text: Check = (value, at) => (typeof value === "string" ? undefined : wrong(value, at, "a string"));
/** `null` is how JSON writes `NaN`, which token counts of some providers become. */
const amount: Check = (value, at) =>
  typeof value === "number" || value === null ? undefined : wrong(value, at, "a number");
const anyList: Check = (value, at) => (Array.isArray(value) ? undefined : wrong(value, at, "an array"));
const anyObject: Check = (value, at) => (isRecord(value) ? undefined : wrong(value, at, "an object"));

const optional =
  (check: Check): Check =>
  (value, at) =>
    value === undefined ? undefined : check(value, at);

const either =
  (one: Check, other: Check): Check =>
  (value, at) =>
    one(value, at) === undefined ? undefined : other(value, at);

const listOf =
  (check: Check): Check =>
  (value, at) =>
    Array.isArray(value)
      ? firstWrong(value.entries(), (item, index) => check(item, `${at}[${index}]`))
      : anyList(value, at);

const recordOf =
  (check: Check): Check =>
  (value, at) =>
    isRecord(value)
      ? firstWrong(Object.entries(value), (item) => check(item, `a value of ${at || "it"}`))
      : anyObject(value, at);

const fields =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value, at) =>
    isRecord(value)
      ? firstWrong(Object.entries(checks), (check, name) =>
          check(Object.hasOwn(value, name) ? value[name] : undefined, `${at}.${name}`),
        )
      : anyObject(value, at);

function firstWrong<K, V>(
  entries: Iterable<readonly [K, V]>,
  check: (value: V, key: K) => string | undefined,
): string | undefined {
  for (const [key, value] of entries) {
    const problem = check(value, key);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function wrong(value: unknown, at: string, expected: string): string {
  const found =
    value === undefined ? "nothing" : Array.isArray(value) ? "a list" : value === null ? "null" : typeof value;
  return `${found} at ${at || "the top"}, expected ${expected}`;
}

/** It goes into messages: no text of any length, and nothing that a terminal would obey. */
const release: Check = (value, at) =>
  typeof value !== "string" || /^[\w.+-]{1,100}$/.test(value) ? undefined : `something else than a release at ${at}`;

const session = fields({ id: text, directory: text });
const listedSession = fields({ id: text, directory: text, time: anyObject });

const assistant = fields({
  parentID: text,
  providerID: text,
  modelID: text,
  time: fields({ created: amount, completed: optional(amount) }),
  cost: amount,
  finish: optional(text),
  tokens: fields({
    input: amount,
    output: amount,
    reasoning: optional(amount),
    total: optional(amount),
    cache: optional(fields({ read: optional(amount), write: optional(amount) })),
  }),
});

/** The head of an assistant message, wherever it comes from: with all that is read of it. */
export function isAssistantInfo(value: unknown): boolean {
  return (
    isRecord(value) &&
    value["role"] === "assistant" &&
    anyInfo(value, "") === undefined &&
    assistant(value, "") === undefined
  );
}

const anyInfo = fields({ id: text, role: text, time: fields({ created: amount }) });
const info: Check = (value, at) =>
  anyInfo(value, at) ?? (isRecord(value) && value["role"] === "assistant" ? assistant(value, at) : undefined);
const message = fields({ info, parts: anyList });

const ask = fields({ id: text, sessionID: text, tool: optional(fields({ messageID: text })) });

// The names of the routes are checked by the compiler.
const routeContents: Readonly<Record<string, Check | undefined>> = {
  "GET /agent": listOf(fields({ name: text })),
  "GET /command": listOf(fields({ name: text })),
  "GET /config": fields({
    model: optional(text),
    mcp: optional(anyObject),
    plugin: optional(listOf(either(text, anyList))),
  }),
  "GET /config/providers": fields({ providers: listOf(fields({ id: text, models: anyObject })) }),
  "GET /experimental/tool/ids": listOf(text),
  "GET /global/health": fields({ version: release }),
  "GET /path": fields({ config: text, directory: text, worktree: text }),
  "GET /permission": listOf(ask),
  "GET /question": listOf(ask),
  "GET /session": listOf(listedSession),
  "POST /session": session,
  "GET /session/status": recordOf(fields({ type: text })),
  "GET /session/{sessionID}": session,
  "GET /session/{sessionID}/children": listOf(session),
  "GET /session/{sessionID}/diff": listOf(
    fields({ additions: amount, deletions: amount, file: optional(text), patch: optional(text) }),
  ),
  "POST /session/{sessionID}/fork": session,
  "GET /session/{sessionID}/message": listOf(message),
  "GET /session/{sessionID}/message/{messageID}": message,
  "POST /session/{sessionID}/share": fields({ share: optional(fields({ url: text })) }),
  "GET /session/{sessionID}/todo": listOf(fields({ content: text, status: text })),
} satisfies { [Route in keyof RouteShapes]?: Check };

/** What the route's answer must hold; `undefined` when nobody reads it. `template` has `{names}` in it. */
export function expectedContent(method: string, template: string): Check | undefined {
  return routeContents[`${method} ${template}`];
}

/** Throws `APIResponseValidationError`, which tells the place and not the value: that may be a key or a prompt. */
export function checkContent(
  data: unknown,
  check: Check,
  facts: { readonly method: string; readonly path: string; readonly status: number },
): void {
  const problem = check(data, "");
  if (problem === undefined) return;
  const { method, path, status } = facts;
  throw new APIResponseValidationError(`${method} ${path}: ${status} with ${problem}`, {
    method,
    path,
    status,
    hint: "Is this an opencode server of a supported release?",
  });
}
