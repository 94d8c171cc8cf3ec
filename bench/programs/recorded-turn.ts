/** The recorded turn as a template: its placeholders are filled in for each prompt, its two deltas become as many as ordered. */
import recording from "../recordings/turn.json" with { type: "json" };

/** Ids and texts of one turn, by the names of the placeholders. */
export interface TurnNames {
  readonly session: string;
  readonly title: string;
  readonly prompt: string;
  readonly promptPart: string;
  readonly promptText: string;
  readonly answer: string;
}

const isDelta = ({ type }: { readonly type: string }): boolean => type === "message.part.delta";
const events = recording.events.filter(({ type }) => type !== "session.created");
const first = events.findIndex(isDelta);
const last = events.findLastIndex(isDelta);
const templates = {
  session: JSON.stringify(recording.session),
  created: envelope(recording.events.filter(({ type }) => type === "session.created")),
  before: envelope(events.slice(0, first)),
  delta: envelope(events.slice(first, first + 1))[0]?.replace("One-text", "{delta}") ?? "",
  after: envelope(events.slice(last + 1)),
  messages: recording.messages.map((message) => JSON.stringify(message)),
};

function envelope(list: readonly object[]): string[] {
  return list.map((event) => `data: ${JSON.stringify({ id: "{event}", ...event })}\n\n`);
}

let minted = 0;

/** An id in the server's format: ascending for messages and parts. */
export function mint(prefix: string): string {
  minted += 1;
  const time = (Date.now() * 4096 + (minted % 4096)) % 2 ** 48;
  return `${prefix}_${time.toString(16).padStart(12, "0")}${String(minted).padStart(14, "0")}`;
}

function fill(template: string, names: Readonly<Record<string, string>>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    if (name === "event") return mint("evt");
    const value = names[name];
    return value === undefined ? whole : JSON.stringify(value).slice(1, -1);
  });
}

/** All parts of a turn as they go over the wire. */
export interface RenderedTurn {
  before(): string[];
  /** The event of one delta. */
  delta(text: string): string;
  after(text: string): string[];
  /** The prompt and the answer as stored, in JSON. */
  stored(text: string): string[];
}

/** Fills in the turn's names once; a delta costs one concatenation. */
export function renderTurn(names: TurnNames): RenderedTurn {
  const parts = Object.fromEntries(["part1", "part2", "part3"].map((name) => [name, mint("prt")]));
  const all = { ...names, ...parts };
  const [head = "", rest = ""] = templates.delta.split("{event}");
  const [middle = "", tail = ""] = fill(rest, all).split("{delta}");
  return {
    before: () => templates.before.map((event) => fill(event, all)),
    delta: (text) => `${head}${mint("evt")}${middle}${JSON.stringify(text).slice(1, -1)}${tail}`,
    after: (text) => templates.after.map((event) => fill(event, { ...all, text })),
    stored: (text) => templates.messages.map((message) => fill(message, { ...all, text })),
  };
}

/** A new session as the server returns it, in JSON, and its event. */
export function renderSession(session: string, title: string): { readonly json: string; readonly events: string[] } {
  const names = { session, title };
  return { json: fill(templates.session, names), events: templates.created.map((event) => fill(event, names)) };
}
