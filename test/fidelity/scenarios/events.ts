/** The event streams, several clients and directories, and servers that end. */

import { hold } from "../../../src/testing/index.js";
import { mintId } from "../../../src/util/ids.js";
import { property } from "../../../src/util/json.js";
import { type Scenario, scenario } from "../scenario.js";
import { asking, bash, byPrompt } from "../tools.js";

export const events: readonly Scenario[] = [
  scenario("an event stream begins with its headers and its first event", () => ({
    script: "never",
    run: async (agent) => {
      for (const route of ["GET /event", "GET /global/event"]) {
        const stream = await agent.listen(route);
        const [first] = stream.events;
        agent.note(route, {
          type: stream.headers.get("content-type"),
          cache: stream.headers.get("cache-control"),
          keys: Object.keys(first ?? {}).sort(),
        });
        await stream.close();
      }
    },
  })),
  scenario("heartbeats keep the event streams alive", () => ({
    script: "never",
    run: async (agent) => {
      const routes = ["GET /event", "GET /global/event"];
      const streams = await Promise.all(routes.map(async (route) => ({ route, stream: await agent.listen(route) })));
      const alive = (event: unknown): boolean => JSON.stringify(event).includes('"server.heartbeat"');
      for (const { route, stream } of streams) {
        await agent.eventually("a heartbeat has come", () => stream.raw.some(alive));
        agent.note(route, stream.raw.find(alive));
        await stream.close();
      }
    },
  })),
  scenario("the server lists agents, commands and models", () => ({
    script: "never",
    run: async (agent) => {
      const read = async (path: string): Promise<unknown> => {
        return (await agent.read(`GET ${path}`)).body;
      };
      const agents = (await read("/agent")) as { name: string; mode: string; hidden?: boolean | null }[];
      agent.note(
        "agents",
        agents.map(({ name, mode, hidden }) => ({ name, mode, hidden: hidden ?? false })).sort(byName),
      );
      const commands = (await read("/command")) as { name: string }[];
      agent.note("commands", commands.map(({ name }) => ({ name })).sort(byName));
      const { providers, default: chosen } = (await read("/config/providers")) as {
        providers: { id: string; models: Record<string, unknown> }[];
        default: unknown;
      };
      agent.note(
        "providers",
        providers.map(({ id, models }) => ({ name: id, models: Object.keys(models) })).sort(byName),
      );
      agent.note("chosen", chosen);
    },
  })),
  scenario("two clients get the same events", () => ({
    script: byPrompt({}),
    run: async (agent) => {
      const session = await agent.session();
      const other = await agent.listen("GET /event");
      await agent.prompt(session, "one");
      await agent.idle(session);
      const own = (properties: unknown): boolean => property(properties, "sessionID") === session;
      await agent.eventually("the other has heard the end", () =>
        other.events.some(({ type, properties }) => type === "session.idle" && own(properties)),
      );
      const heard = other.events.filter(({ type, properties }) => own(properties) && type === "message.part.delta");
      agent.note("deltas", heard.length);
      await other.close();
    },
  })),
  scenario("the event stream, session list and status of a directory show only that directory", () => {
    const rest = hold("rest");
    return {
      script: byPrompt({ one: { text: ["begin ", rest] } }),
      run: async (agent) => {
        const session = await agent.session();
        const elsewhere = { directory: agent.elsewhere };
        const stream = await agent.listen("GET /event", elsewhere);
        const global = await agent.listen("GET /global/event", { directory: null });
        const answered = agent.prompt(session, "one", {}, elsewhere);
        await agent.said("begin ");
        await agent.send("GET /session/status", undefined, elsewhere);
        await agent.send("GET /session", undefined, elsewhere);
        await agent.send(`GET /session/${session}`, undefined, elsewhere);
        await agent.send("GET /session/status");
        rest.release();
        await answered;
        await agent.idle(session);
        const here = (event: unknown): boolean => JSON.stringify(event).includes(session);
        await agent.eventually("the global stream has told the end", () =>
          global.raw.some((event) => here(event) && JSON.stringify(event).includes("session.idle")),
        );
        agent.note("told elsewhere", stream.events.filter(here).length);
        const told = global.raw.filter((event) => here(event) && JSON.stringify(event).includes('"session.idle"'));
        agent.note("told globally", told);
        await stream.close();
        await global.close();
      },
    };
  }),
  scenario(
    "an instance is disposed during a run",
    () => ({
      script: byPrompt({ one: { text: "begin", end: "hang" } }),
      run: async (agent) => {
        const session = await agent.session();
        const stream = await agent.listen("GET /event");
        const answered = agent.prompt(session, "one");
        await agent.said("begin");
        await agent.send("POST /instance/dispose");
        await answered;
        await stream.ended;
        agent.note("last event", stream.events.at(-1)?.type);
        await agent.send(`GET /session/${session}/message`);
        await agent.send("GET /session/status");
      },
    }),
    "disposable",
  ),
  scenario(
    "a git directory gets the user message again after the end of a run",
    () => ({
      script: byPrompt({}),
      run: async (agent) => {
        const session = await agent.session();
        await agent.prompt(session, "one");
        await agent.idle(session);
        const end = agent.events.findIndex(({ type }) => type === "session.idle");
        const late = (): boolean =>
          agent.events
            .slice(end)
            .some(
              ({ type, properties }) => type === "message.updated" && property(properties["info"], "role") === "user",
            );
        await agent.eventually("the user message has come again", late);
        await agent.prompt(session, "two");
      },
    }),
    "git",
  ),
  scenario(
    "a server that is killed during a run gets the same prompt after its restart",
    () => {
      const messageID = mintId("msg");
      const part = mintId("prt");
      let crashed = false;
      return {
        script: () => (crashed ? "after the crash" : { text: "begin", end: "hang" }),
        run: async (agent) => {
          const session = await agent.session();
          const body = { messageID, parts: [{ type: "text", text: "one", id: part }] };
          const lost = agent.prompt(session, "", body).catch(() => {});
          await agent.said("begin");
          crashed = true;
          await agent.crash();
          await lost;
          await agent.send("GET /session/status");
          await agent.send(`GET /session/${session}/message`);
          await agent.prompt(session, "", body);
          await agent.send(`GET /session/${session}/message`);
        },
      };
    },
    "mortal",
  ),
  scenario(
    "a server that is killed during a permission request is started again",
    () => ({
      script: byPrompt({ one: [bash("echo one"), "done"], two: "fine" }),
      run: async (agent) => {
        const session = await agent.session(asking);
        const lost = agent.prompt(session, "one").catch(() => {});
        await agent.event("permission.asked");
        await agent.crash();
        await lost;
        await agent.send("GET /permission");
        await agent.send(`GET /session/${session}/message`);
        await agent.prompt(session, "two");
        await agent.send(`GET /session/${session}/message`);
      },
    }),
    "mortal",
  ),
];

function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : 1;
}
