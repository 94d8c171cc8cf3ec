/** Checks a document before anything of it is stored: the server would store half of a wrong one (1.18.33). */
import { ConfigError } from "../../errors/index.js";
import type { SessionDocument } from "../../types/document.js";
import {
  anyObject,
  byField,
  flag,
  listOf,
  number,
  object,
  oneOf,
  optional,
  type Shape,
  text,
  wrongField,
} from "../../util/shape.js";

/** The kind of documents, and the version that is written and read. */
export const documentFormat = "opencode-ts/session";
export const documentVersion = 1;

/** Throws `ConfigError`, which names the first wrong field by its path, and for a newer version. */
export function checkDocument(given: unknown): SessionDocument {
  anyObject(given, "document");
  const { format, version } = Object(given);
  if (format !== documentFormat) {
    throw new ConfigError(`Expected \`document.format\` to be ${JSON.stringify(documentFormat)}`, {
      hint: "session.export() and `opencode-ts sessions export` make such a document.",
    });
  }
  if (!Number.isSafeInteger(version) || version < 1) throw wrongField("document.version", "a whole number", version);
  if (version > documentVersion) {
    throw new ConfigError(
      `the document has version ${version}, and this release of opencode-ts reads version ${documentVersion}`,
      { hint: "A newer release of opencode-ts has written the document: update opencode-ts on this machine." },
    );
  }
  documentShape(given, "document");
  return given as SessionDocument; // checked
}

const cache = object({ read: number, write: number });
const tokens = object({ input: number, output: number, reasoning: number, cache });
const model = object({ providerID: text, modelID: text, variant: optional(text) });
const ids = { id: text, sessionID: text, messageID: text };
const error = object({ name: text, data: anyObject });
const metadata = optional(anyObject);
const source = optional(anyObject);
const filePart = object({ ...ids, mime: text, url: text, filename: optional(text), source });

const toolState = byField("status", {
  pending: object({ input: anyObject }),
  running: object({ input: anyObject, time: object({ start: number }), metadata }),
  completed: object({
    input: anyObject,
    output: text,
    title: text,
    metadata: anyObject,
    time: object({ start: number, end: number }),
    attachments: optional(listOf(filePart)),
  }),
  error: object({ input: anyObject, error: text, time: object({ start: number, end: number }), metadata }),
});

const part = byField("type", {
  text: object({ ...ids, text, synthetic: optional(flag), ignored: optional(flag), metadata }),
  reasoning: object({ ...ids, text, time: object({ start: number, end: optional(number) }), metadata }),
  file: filePart,
  tool: object({ ...ids, callID: text, tool: text, state: toolState, metadata }),
  agent: object({ ...ids, name: text, source }),
  subtask: object({ ...ids, prompt: text, description: text, agent: text, command: optional(text) }),
  compaction: object({ ...ids, auto: flag, overflow: optional(flag), tail_start_id: optional(text) }),
  retry: object({ ...ids, attempt: number, error, time: object({ created: number }) }),
  patch: object({ ...ids, hash: text, files: listOf(text) }),
  snapshot: object({ ...ids, snapshot: text }),
  "step-start": object({ ...ids, snapshot: optional(text) }),
  "step-finish": object({ ...ids, reason: text, cost: number, tokens, snapshot: optional(text) }),
});

const user = object({ id: text, agent: text, model, time: object({ created: number }), system: optional(text) });

const assistant = object({
  id: text,
  parentID: text,
  agent: text,
  mode: text,
  providerID: text,
  modelID: text,
  variant: optional(text),
  cost: number,
  tokens,
  time: object({ created: number, completed: optional(number) }),
  finish: optional(text),
  summary: optional(flag),
  error: optional(error),
});

const info = byField("role", { user, assistant, unreadable: object({ id: optional(text) }) });
const message: Shape = object({ info, parts: listOf(part) });

const documentShape = object({
  exportedAt: text,
  session: object({
    id: text,
    title: text,
    directory: text,
    agent: optional(text),
    model: optional(modelName),
    variant: optional(text),
    metadata,
    created: number,
    updated: number,
  }),
  rules: listOf(object({ permission: text, pattern: text, action: oneOf("allow", "deny", "ask") })),
  todos: listOf(object({ content: text, status: text, priority: text })),
  usage: anyObject,
  messages: listOf(message),
});

function modelName(value: unknown, path: string): void {
  text(value, path);
  if (!/^[^/]+\/./.test(String(value))) throw wrongField(path, 'a text "provider/model"', value);
}
