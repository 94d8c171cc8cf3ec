/** Two runs of one scenario differ in ids, times, paths and in what the server does beside the run: this takes that away. */
import { sessionOf } from "../../src/api/v1/event-session.js";
import type { ServerEvent } from "../../src/types/event.js";
import { isRecord, property, stringProperty } from "../../src/util/json.js";
import { asHappened } from "./late.js";
import type { Tape } from "./player.js";
import type { Answer } from "./recorder.js";
import { isFormatted } from "./settle.js";
import { tolerate } from "./tolerated.js";

/** A tape as lines that can be compared. */
export interface Recording {
  /** Requests in the order in which they were sent, each with its answer. */
  readonly requests: readonly string[];
  /** What the model was asked: one list for each session, and one for its title, which is asked for beside the run. */
  readonly model: Readonly<Record<string, readonly string[]>>;
  /** What a run does, in order: one list for each session, and one for what names no session. */
  readonly events: Readonly<Record<string, readonly string[]>>;
  /** What the server counts beside the run: its order to the rest is chance. */
  readonly beside: Readonly<Record<string, readonly string[]>>;
  readonly notes: readonly string[];
}

/** The headers of an answer that a client may read. */
const readHeaders = ["content-type", "link", "x-next-cursor", "www-authenticate"];

export function normalise(tape: Tape): Recording {
  const names = new Names(tape);
  const line = (label: string, value: unknown): string => {
    const shown = value === undefined ? "" : ` ${JSON.stringify(names.clean(value))}`;
    return names.text(label) + shown;
  };
  const requests = tape.exchanges.map(({ route, sent, answer }) => {
    const what = line(route, sent);
    if (answer === undefined) return `${what} → open`;
    if ("failed" in answer) return `${what} → ${answer.failed}`;
    return `${what} → ${line(String(answer.status), shownAnswer(route, answer, tape.sessions))}`;
  });
  const model: Record<string, string[]> = {};
  for (const { kind, sessionId, lastUserText, stepIndex, toolResults, toolChoice } of tape.site.requests) {
    const key = names.text(kind === "title" ? `${sessionId} title` : `${sessionId}`);
    model[key] = [
      ...(model[key] ?? []),
      line(kind, tolerate("model", { lastUserText, stepIndex, toolResults, toolChoice })),
    ];
  }
  const events: Record<string, string[]> = {};
  const beside: Record<string, string[]> = {};
  const formatted = new Set(tape.events.filter(isFormatted).map(sessionOf));
  const happened = asHappened(tape.events);
  // Session by session: in which order two sessions do something is chance, and ids are named as they appear.
  for (const session of new Set(happened.map((event) => sessionOf(event) ?? "none"))) {
    for (const event of happened.filter((one) => (sessionOf(one) ?? "none") === session)) {
      const isBeside = besideTheRun(event);
      if (isBeside && formatted.has(session)) continue; // see settle.ts: nobody knows when all has come
      const shown = tolerate(event.type, event.properties);
      if (shown === undefined) continue;
      const key = names.text(isBeside ? `${session} ${event.type} ${messageOf(event)}` : session);
      const kind = isBeside ? beside : events;
      const lines = kind[key] ?? [];
      kind[key] = lines;
      const next = line(event.type, shown);
      if (lines.at(-1) !== next) lines.push(next);
    }
  }
  return { requests, model, events, beside, notes: tape.notes.map(({ what, value }) => line(what, value)) };
}

function shownAnswer(route: string, { headers, body }: Answer, sessions: ReadonlySet<string>): unknown {
  const shown = Object.fromEntries(
    readHeaders.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, name === "content-type" ? value.split(";")[0] : value]];
    }),
  );
  return { ...shown, body: tolerate(route, ownOnly(body, sessions)) };
}

/** Lists and maps of a directory also have what other scenarios left there. */
function ownOnly(body: unknown, sessions: ReadonlySet<string>): unknown {
  if (Array.isArray(body)) {
    return body.filter((item) => {
      const id = stringProperty(item, "sessionID") ?? stringProperty(item, "id");
      return id === undefined || !id.startsWith("ses_") || sessions.has(id);
    });
  }
  if (!isRecord(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([key]) => !key.startsWith("ses_") || sessions.has(key)));
}

function besideTheRun({ type, properties }: ServerEvent): boolean {
  if (type === "session.updated" || type === "session.diff") return true;
  const info = property(properties, "info");
  return (
    type === "message.updated" && stringProperty(info, "role") === "user" && property(info, "summary") !== undefined
  );
}

function messageOf({ type, properties }: ServerEvent): string {
  return type === "message.updated" ? (stringProperty(property(properties, "info"), "id") ?? "") : "";
}

/** Names ids in order of appearance, and hides what is chance. */
class Names {
  readonly #ids = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #places: readonly (readonly [string, string])[];

  constructor({ site }: Tape) {
    this.#places = [
      [site.directory, "<directory>"],
      [site.directory.slice(1), "<directory>"],
      [site.elsewhere, "<elsewhere>"],
      [site.elsewhere.slice(1), "<elsewhere>"],
      [encodeURIComponent(site.directory), "<directory>"],
      [site.baseUrl, "<server>"],
    ];
  }

  clean(value: unknown, key = ""): unknown {
    if (typeof value === "string") return key === "slug" ? "<slug>" : this.text(value);
    if (typeof value === "number") return value > 1.5e12 ? "<time>" : value;
    if (Array.isArray(value)) return value.map((item) => this.clean(item));
    if (!isRecord(value)) return value;
    const keys = Object.keys(value).sort();
    return Object.fromEntries(keys.map((name) => [this.text(name), this.clean(value[name], name)]));
  }

  text(text: string): string {
    const placed = this.#places.reduce((shown, [place, name]) => shown.replaceAll(place, name), text);
    return placed
      .replaceAll(/\beyJ[\w-]+/g, (cursor) => this.text(Buffer.from(cursor, "base64url").toString()))
      .replaceAll(/"time":\d+/g, '"time":<time>')
      .replaceAll(/\berr_[0-9a-z]+/g, "<ref>")
      .replaceAll(/\S*plans\/\d+-[a-z]+-[a-z]+\.md/g, "<plan>")
      .replaceAll(/\bevt_\w+/g, "<event>")
      .replaceAll(/\b[0-9a-f]{40}\b/g, "<hash>")
      .replaceAll(/\b[0-9A-Z]{26}\b/g, "<ulid>")
      .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "<time>")
      .replaceAll(/\b(ses|msg|prt|per|que|call)_[0-9A-Za-z]+/g, (id, prefix) => this.#name(id, prefix));
  }

  #name(id: string, prefix: string): string {
    const known = this.#ids.get(id);
    if (known !== undefined) return known;
    const count = (this.#counts.get(prefix) ?? 0) + 1;
    this.#counts.set(prefix, count);
    const name = `${prefix}${count}`;
    this.#ids.set(id, name);
    return name;
  }
}
