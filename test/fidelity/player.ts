/** Plays a scenario on a site and records it. */
import { parentOf, sessionOf } from "../../src/api/v1/event-session.js";
import type { ServerEvent } from "../../src/types/event.js";
import { stringProperty } from "../../src/util/json.js";
import { eventually } from "../support/fixture.js";
import { type Answer, type EventLog, type Exchange, openEvents, readAnswer } from "./recorder.js";
import type { Agent, Play, SendOptions } from "./scenario.js";
import { endOfRun, unsettled } from "./settle.js";
import type { Site } from "./site.js";

/** All that was seen from outside. */
export interface Tape {
  readonly exchanges: readonly Exchange[];
  readonly events: readonly ServerEvent[];
  readonly notes: readonly { readonly what: string; readonly value: unknown }[];
  readonly site: Site;
  readonly sessions: ReadonlySet<string>;
}

export async function playOn(site: Site, { run }: Play): Promise<Tape> {
  const sessions = new Set<string>();
  const exchanges: Exchange[] = [];
  const notes: { what: string; value: unknown }[] = [];
  const all: ServerEvent[] = [];
  const events: ServerEvent[] = [];

  const isOwn = (event: ServerEvent): boolean => {
    const session = sessionOf(event);
    return session === undefined || sessions.has(session);
  };
  const own = (session: string): void => {
    if (sessions.has(session)) return;
    sessions.add(session);
    site.own(session);
    events.splice(0, events.length, ...all.filter(isOwn)); // its first events may have come before its id was known
  };
  const take = (event: ServerEvent): void => {
    const session = sessionOf(event);
    const parent = parentOf(event);
    if (session !== undefined && parent !== undefined && sessions.has(parent)) own(session);
    all.push(event);
    if (isOwn(event)) events.push(event);
  };
  let log: EventLog | undefined;
  const listen = async (): Promise<void> => {
    log = await openEvents((signal) => request("GET /event", undefined, { signal }), take);
  };

  const request = (route: string, body: unknown, options: SendOptions): Promise<Response> => {
    const space = route.indexOf(" ");
    const path = route.slice(space + 1);
    const { directory = site.directory, raw } = options;
    const query =
      directory === null ? "" : `${path.includes("?") ? "&" : "?"}directory=${encodeURIComponent(directory)}`;
    const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    return site.fetch(site.baseUrl + path + query, {
      method: route.slice(0, space),
      headers: {
        ...(options.anonymous === true ? {} : site.headers),
        ...(text === undefined ? {} : { "content-type": "application/json" }),
        ...options.headers,
      },
      ...(text === undefined ? {} : { body: text }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  };
  const read = async (route: string, body: unknown, options: SendOptions): Promise<Answer> => {
    const answer = await readAnswer(await request(route, body, options));
    const id = stringProperty(answer.body, "id");
    if (/^POST \/session(\/[^/]*\/fork)?$/.test(route) && answer.status === 200 && id !== undefined) own(id);
    return answer;
  };
  const send: Agent["send"] = async (route, body, options = {}) => {
    const exchange: Exchange = { route, sent: options.raw ?? body, answer: undefined };
    exchanges.push(exchange);
    try {
      const answer = await read(route, body, options);
      exchange.answer = answer;
      return answer;
    } catch (error) {
      exchange.answer = { failed: "the connection broke" };
      throw error;
    }
  };

  const agent: Agent = {
    directory: site.directory,
    elsewhere: site.elsewhere,
    get requests() {
      return site.requests; // a new list each time, on the real agent
    },
    events,
    send,
    read: (route) => read(route, undefined, {}),
    until: async (route, check) => {
      let last: Answer | undefined;
      await eventually(`${route} is as expected`, async () => {
        last = await read(route, undefined, {});
        return check(last.body);
      });
      if (last === undefined) throw new Error("nothing was read");
      exchanges.push({ route, sent: undefined, answer: last });
      return last;
    },
    listen: (route, options = {}) => openEvents((signal) => request(route, undefined, { ...options, signal })),
    note: (what, value) => {
      notes.push({ what, value });
    },
    session: async (body = {}) => {
      const { body: made } = await send("POST /session", { title: "scenario", ...body });
      return stringProperty(made, "id") ?? "ses_none";
    },
    prompt: (session, text, body = {}, options = {}) =>
      send(`POST /session/${session}/message`, { parts: [{ type: "text", text }], ...body }, options),
    submit: (session, text, body = {}) =>
      send(`POST /session/${session}/prompt_async`, { parts: [{ type: "text", text }], ...body }),
    event: async (type, match = () => true, nth = 1) => {
      const found = (): ServerEvent[] => events.filter((event) => event.type === type && match(event.properties));
      await eventually(`event ${type} number ${nth}`, () => found().length >= nth);
      return found()[nth - 1]?.properties ?? {};
    },
    idle: async (session, nth = 1) => {
      await agent.event("session.idle", (properties) => properties["sessionID"] === session, nth);
    },
    settled: async () => {
      await caughtUp();
      await eventually("all runs have ended", () => unsettled(events).length === 0);
    },
    said: (text) => eventually(`"${text}" was said`, () => spoken(events).endsWith(text)),
    asked: (times) => eventually(`the model was asked ${times} times`, () => site.requests.length >= times),
    eventually,
    counted: () => eventually("all steps are counted", () => unsettled(events).every((what) => what === endOfRun)),
    crash: async () => {
      await agent.counted(); // a server that is killed counts nothing any more
      const before = log;
      await site.crash();
      await before?.close();
      await listen();
    },
  };

  /** What has happened so far has been told: a session made now is told after it. */
  const caughtUp = async (): Promise<void> => {
    const { body } = await readAnswer(await request("POST /session", { title: "last" }, {}));
    const isTold = (): boolean => all.some((event) => sessionOf(event) === stringProperty(body, "id"));
    await eventually("the stream has caught up", () => log?.isOver() === true || isTold());
  };

  await listen();
  try {
    await run(agent);
    await agent.settled();
    return { exchanges: [...exchanges], events: [...events], notes, site, sessions };
  } finally {
    for (const session of sessions) {
      await request(`POST /session/${session}/abort`, undefined, {})
        .then(readAnswer)
        .catch(() => {});
    }
    await log?.close();
  }
}

function spoken(events: readonly ServerEvent[]): string {
  return events
    .filter(({ type }) => type === "message.part.delta")
    .map(({ properties }) => String(properties["delta"]))
    .join("");
}
