/** The shapes that several request bodies have in common. */
import {
  byType,
  flag,
  json,
  list,
  mapOf,
  number,
  type Optional,
  object,
  oneOf,
  optional,
  optionalOrNull,
  type Shape,
  startsWith,
  text,
} from "./shape.js";

export const modelRef: Shape = object({ id: text, providerID: text, variant: optional(text) });

export const rule: Shape = object({ action: text, resource: text, effect: oneOf("allow", "deny", "ask") });

const mention: Shape = object({ start: number, end: number, text });

/** `files`, `agents` and `skills` of prompts and commands. */
export const attachments: Readonly<Record<"files" | "agents" | "skills", Optional>> = {
  files: optional(
    list(object({ uri: text, name: optional(text), description: optional(text), mention: optional(mention) })),
  ),
  agents: optional(list(object({ name: text, mention: optional(mention) }))),
  skills: optional(list(object({ id: text, mention: optional(mention) }))),
} as const;

export const metadata: Shape = mapOf(json);

export const delivery: Shape = oneOf("steer", "queue");

/** How an admission runs. */
export const admission: Readonly<Record<"id" | "delivery" | "resume", Optional>> = {
  id: optionalOrNull(startsWith("msg_")),
  delivery: optionalOrNull(delivery),
  resume: optionalOrNull(flag),
};

const timeouts: Shape = object({ startup: optional(number), catalog: optional(number), execution: optional(number) });

const mcpCommon = {
  type: text,
  disabled: optional(flag),
  codemode: optional(flag),
  timeout: optional(timeouts),
  protocol: optional(oneOf("legacy", "auto", "2026-07-28")),
} as const;

/** An MCP server's configuration. */
export const mcpConfig: Shape = byType({
  remote: object({ ...mcpCommon, url: text, headers: optional(mapOf(text)), oauth: optional(json) }),
  local: object({ ...mcpCommon, command: list(text), cwd: optional(text), environment: optional(mapOf(text)) }),
});
