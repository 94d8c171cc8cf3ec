/**
 * Takes secrets out of a document. The fields that hold it together stay: ids, kinds, times, the names of tools, agents and models.
 */
import type { Part, PermissionRule } from "../../types/answer.js";
import type { SessionDocument } from "../../types/document.js";
import { isRecord } from "../../util/json.js";
import { redact, redactData } from "../../util/redact.js";

type Clean = (text: string) => string;

/** `extra`: what else is a secret. */
export function redactDocument(document: SessionDocument, extra: readonly RegExp[]): SessionDocument {
  const clean = cleanerOf(extra);
  const { session, rules, todos, messages } = document;
  return {
    ...document,
    redacted: true,
    session: fields(session, ["id", "agent", "model", "variant", "created", "updated"], clean),
    rules: rules.flatMap((rule) => cleanRule(rule, clean)),
    todos: todos.map((todo) => fields(todo, ["status", "priority"], clean)),
    messages: messages.map(
      ({ info, parts }) =>
        ({
          info: fields(info, keptInHead, clean),
          parts: parts.map((part) => cleanPart(part, clean)),
        }) as (typeof messages)[number], // the same kind with other texts
    ),
  };
}

const keptInHead =
  "id sessionID parentID role agent mode providerID modelID model variant finish time tokens cost tools".split(" ");
const keptInPart =
  "id sessionID messageID callID type tool mime hash snapshot files agent name model time tokens cost reason auto overflow tail_start_id state".split(
    " ",
  );

function cleanerOf(extra: readonly RegExp[]): Clean {
  const everywhere = extra.map(({ source, flags }) => new RegExp(source, flags.replace(/[gy]/g, "").concat("g")));
  return (text) =>
    everywhere.reduce(
      (result, pattern) => result.replace(pattern, (found) => (found === "" ? "" : "[redacted]")),
      redact(text),
    );
}

/** A copy with all texts cleaned apart from those of some fields. Objects of JSON have no cycles: no depth is too deep. */
function fields<T extends object>(value: T, kept: readonly string[], clean: Clean): T {
  const entries = Object.entries(value).map(([name, one]) => {
    if (kept.includes(name)) return [name, one];
    return [name, Object(redactData({ [name]: one }, withName(name, clean), Number.NEGATIVE_INFINITY))[name]];
  });
  return Object.fromEntries(entries) as T; // the same fields
}

/** The name of a field of the document itself is none of its texts. */
function withName(name: string, clean: Clean): Clean {
  return (text) => (text === name ? text : clean(text));
}

function cleanPart(part: Part, clean: Clean): Part {
  if (part.type === "file") return { ...fields(part, [...keptInPart, "url"], clean), url: cleanUrl(part.url, clean) };
  const cleaned = fields(part, keptInPart, clean);
  if (cleaned.type === "subtask") return { ...cleaned, prompt: clean(cleaned.prompt) };
  if (cleaned.type === "patch") return { ...cleaned, files: cleaned.files.map(clean) };
  if (cleaned.type !== "tool" || !isRecord(cleaned.state)) return cleaned;
  const state = fields(cleaned.state, ["status", "time", "attachments"], clean);
  if (state.status !== "completed" || state.attachments === undefined) return { ...cleaned, state };
  const attachments = state.attachments.map((file) => cleanPart(file, clean) as typeof file); // of the same type
  return { ...cleaned, state: { ...state, attachments } };
}

/** The text of an attachment is looked through. An image is not. */
function cleanUrl(url: string, clean: Clean): string {
  const [, head, body] = /^data:([^,]*),(.*)$/is.exec(url) ?? [];
  if (head === undefined || body === undefined) return clean(url);
  const bytes = bytesOf(head, body);
  const text = bytes === undefined ? undefined : decoded(bytes);
  if (text === undefined) return url;
  const cleaned = clean(text);
  return cleaned === text ? url : `data:${head.replace(/;base64$/i, "")};base64,${base64(cleaned)}`;
}

function bytesOf(head: string, body: string): Uint8Array | undefined {
  try {
    if (!/;base64$/i.test(head)) return new TextEncoder().encode(decodeURIComponent(body));
    return Uint8Array.from(atob(body), (character) => character.charCodeAt(0));
  } catch {
    return undefined; // no attachment that could be read
  }
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined; // no text
  }
}

/** In pieces: a call has a limit of arguments. */
function base64(text: string): string {
  const bytes = new TextEncoder().encode(text);
  let binary = "";
  for (let at = 0; at < bytes.length; at += 0x8000) binary += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(binary);
}

/** A rule with a secret in it must not become looser: an allowance goes, anything else denies whatever stands in its place. */
function cleanRule(rule: PermissionRule, clean: Clean): PermissionRule[] {
  const pattern = clean(rule.pattern);
  if (pattern === rule.pattern) return [rule];
  if (rule.action === "allow") return [];
  return [{ ...rule, action: "deny", pattern: pattern.replaceAll("[redacted]", "*") }];
}
