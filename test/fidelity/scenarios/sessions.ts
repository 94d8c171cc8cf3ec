/** Sessions and their messages. */
import { mintId } from "../../../src/util/ids.js";
import { type Scenario, scenario } from "../scenario.js";
import { byPrompt } from "../tools.js";

type WithInfo = readonly { readonly info: { readonly id: string } }[];

export const sessions: readonly Scenario[] = [
  scenario("a session is made, read, changed and deleted", () => ({
    script: byPrompt({}),
    run: async (agent) => {
      const session = await agent.session({ metadata: { nonce: "n1" } });
      await agent.send(`GET /session/${session}`);
      await agent.send(`PATCH /session/${session}`, { title: "renamed" });
      await agent.send(`PATCH /session/${session}`, { metadata: { other: 1 } });
      await agent.send(`PATCH /session/${session}`, {});
      await agent.prompt(session, "one");
      await agent.settled(); // the changes of a deleted session are not counted any more
      await agent.send(`DELETE /session/${session}`);
      await agent.event("session.deleted");
      await agent.send(`GET /session/${session}`);
      await agent.send(`GET /session/${session}/message`);
      await agent.send(`DELETE /session/${session}`);
    },
  })),
  scenario("a list of sessions is searched and limited", () => ({
    script: "yes",
    run: async (agent) => {
      const later = async (): Promise<void> => {
        const now = Date.now();
        await agent.eventually("the clock has gone on", () => Date.now() > now);
      };
      const first = await agent.session({ title: "listed a" });
      await later();
      await agent.session({ title: "listed b" });
      await later();
      await agent.session({ title: "listed c", parentID: first });
      for (const query of ["", "&limit=2", "&roots=true"]) await agent.send(`GET /session?search=listed${query}`);
      await agent.send(`GET /session/${first}/children`);
    },
  })),
  scenario("messages are read page by page", () => ({
    script: byPrompt({}),
    run: async (agent) => {
      const session = await agent.session();
      for (const prompt of ["one", "two"]) await agent.prompt(session, prompt);
      const { body } = await agent.send(`GET /session/${session}/message`);
      const page = await agent.send(`GET /session/${session}/message?limit=3`);
      const cursor = page.headers.get("x-next-cursor") ?? "";
      const read = JSON.parse(Buffer.from(cursor, "base64url").toString()) as Record<string, unknown>;
      agent.note("the cursor names the page's first message", read["id"] === (body as WithInfo)[1]?.info.id);
      agent.note("keys of the cursor", Object.keys(read).sort());
      await agent.send(`GET /session/${session}/message?limit=3&before=${cursor}`);
      await agent.send(`GET /session/${session}/message?limit=4`);
      await agent.send(`GET /session/${session}/message?before=${cursor}`);
      await agent.send(`GET /session/${session}/message?limit=2&before=zzz`);
      await agent.send(`GET /session/${session}/message/${(body as WithInfo)[0]?.info.id}`);
      await agent.send(`GET /session/${session}/message/msg_nope`);
    },
  })),
  scenario("a session is forked, whole and up to a message", () => ({
    script: byPrompt({}),
    run: async (agent) => {
      const session = await agent.session();
      for (const prompt of ["one", "two"]) await agent.prompt(session, prompt);
      const { body } = await agent.send(`GET /session/${session}/message`);
      for (const sent of [{}, { messageID: (body as WithInfo)[2]?.info.id }]) {
        const fork = await agent.send(`POST /session/${session}/fork`, sent);
        await agent.send(`GET /session/${(fork.body as { id: string }).id}/message`);
        await agent.send(`GET /session/${(fork.body as { id: string }).id}`);
      }
      await agent.send(`GET /session/${session}/children`);
    },
  })),
  ...(["plain", "git"] as const).map((place) =>
    scenario(
      `a session is reverted and the revert taken back (${place})`,
      () => ({
        script: byPrompt({}),
        run: async (agent) => {
          const session = await agent.session();
          for (const prompt of ["one", "two"]) await agent.prompt(session, prompt);
          await agent.settled();
          const { body } = await agent.send(`GET /session/${session}/message`);
          const messageID = (body as WithInfo)[2]?.info.id;
          await agent.send(`POST /session/${session}/revert`, { messageID: "msg_nope" });
          await agent.send(`POST /session/${session}/revert`, { messageID });
          await agent.send(`GET /session/${session}/message`);
          await agent.send(`POST /session/${session}/unrevert`);
          await agent.send(`POST /session/${session}/revert`, { messageID });
          await agent.prompt(session, "three");
          await agent.send(`GET /session/${session}/message`);
          await agent.send(`GET /session/${session}`);
        },
      }),
      place,
    ),
  ),
  scenario("a known command runs, and an unknown command is refused", () => ({
    script: byPrompt({}),
    run: async (agent) => {
      const session = await agent.session();
      await agent.send(`POST /session/${session}/command`, { command: "greet", arguments: "Ada Lovelace" });
      await agent.send(`POST /session/${session}/command`, { command: "nosuch", arguments: "" });
      await agent.send(`POST /session/${session}/command`, { command: "greet" });
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("the init route of a session describes the project", () => ({
    script: "described",
    run: async (agent) => {
      const session = await agent.session();
      const body = { messageID: mintId("msg"), providerID: "scripted", modelID: "model" };
      await agent.send(`POST /session/${session}/init`, body);
      await agent.idle(session);
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a shell line runs in a session", () => ({
    script: "never",
    run: async (agent) => {
      const session = await agent.session();
      await agent.send(`POST /session/${session}/shell`, { agent: "build", command: "echo hi" });
      await agent.send(`POST /session/${session}/shell`, { command: "echo hi" });
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("messages and parts are deleted", () => ({
    script: byPrompt({}),
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "one");
      const { body } = await agent.send(`GET /session/${session}/message`);
      const [user, assistant] = body as readonly { info: { id: string }; parts: { id: string }[] }[];
      await agent.send(`DELETE /session/${session}/message/${assistant?.info.id}/part/${assistant?.parts[1]?.id}`);
      await agent.send(`DELETE /session/${session}/message/${assistant?.info.id}/part/prt_nope`);
      await agent.send(`DELETE /session/${session}/message/${user?.info.id}`);
      await agent.send(`DELETE /session/${session}/message/msg_nope`);
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a session without changes has a diff, a todo list and children to read", () => ({
    script: byPrompt({}),
    run: async (agent) => {
      const session = await agent.session();
      await agent.prompt(session, "one");
      await agent.send(`GET /session/${session}/diff`);
      await agent.send("GET /session/ses_nope/diff");
      await agent.send(`GET /session/${session}/todo`);
      await agent.send(`GET /session/${session}/children`);
    },
  })),
];
