/** Sessions: their messages, their records, and what is done with them. */
import { execFileSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { AgentEvent, Message, Opencode, Session, SessionDocument } from "../../../src/index.js";
import type { ModelRequest } from "../../../src/testing/index.js";
import { absent, type Behaviour, behaviour, differs } from "../behaviour.js";
import { refuses } from "../refusal.js";
import type { World } from "../world.js";

const rolesOf = (messages: readonly Message[]): string[] => messages.map(({ info }) => info.role);
const textsOf = (messages: readonly Message[]): string[] =>
  messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === "text" ? [part.text] : [])));

async function idsOf(oc: Opencode, search?: string): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of oc.sessions({ search })) ids.push(id);
  return ids;
}

/** A folder with a git repository and one committed file. */
async function repository({ folder }: World): Promise<string> {
  const directory = await folder();
  const git = (...args: string[]): Buffer =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: directory });
  git("init", "-q");
  await writeFile(join(directory, "file.txt"), "before\n");
  git("add", "-A");
  git("commit", "-qm", "base");
  return directory;
}

const noArchive = absent("2.x archives no session.", async ({ oc }) => {
  await refuses((await oc.createSession()).archive());
});

/** A session of one server that was imported into another one, and the calls of the model until then. */
async function movedSession(world: World): Promise<Session> {
  const { oc, startOwn } = world;
  const session = await oc.createSession({ title: "moves" });
  await session.ask("remember the plum");
  const document = JSON.parse(JSON.stringify(await session.export({ redact: true }))) as SessionDocument;
  const other = await startOwn();
  const moved = await other.oc.importSession(document);
  expect(sentOf(world)).toHaveLength(1);
  expect(moved.directory).toBe(other.directory);
  return moved;
}

/** The messages of each model call of the conversation. A run of another row may call the model late. */
function sentOf({ model }: World): ModelRequest["messages"][] {
  return model.requests
    .map(({ messages }) => messages)
    .filter((messages) => JSON.stringify(messages).includes("remember the plum"));
}

const movedAsText = differs(
  "2.x takes no messages: the model gets the conversation as one text in front of the first prompt.",
  async (world) => {
    const moved = await movedSession(world);
    await moved.ask("and then");
    expect(sentOf(world)).toHaveLength(2);
    expect(JSON.stringify(sentOf(world).at(-1))).toContain("and then");
  },
);

/** In the order of the table. */
export const sessions: readonly Behaviour[] = [
  behaviour("messages of a session have the public types, oldest first", async ({ oc, answer, bash }) => {
    answer("tell a story", bash("echo told"), "the story");
    const session = await oc.createSession({ title: "messages" });
    const { messageId } = await session.ask("tell a story");
    const messages = await session.messages();
    expect(rolesOf(messages)).toEqual(["user", "assistant", "assistant"]);
    expect(messages[0]).toMatchObject({
      info: { id: messageId, sessionID: session.id },
      parts: [{ type: "text", text: "tell a story" }],
    });
    expect(messages[1]?.info).toMatchObject({
      role: "assistant",
      parentID: messageId,
      providerID: "scripted",
      modelID: "model",
    });
    expect(messages[1]?.parts.find(({ type }) => type === "tool")).toMatchObject({
      tool: "bash",
      state: { status: "completed" },
    });
    expect(textsOf(messages)).toEqual(["tell a story", "the story"]);
  }),

  behaviour("a history of more than one page is read in both orders", async ({ oc }) => {
    const session = await oc.createSession({ title: "pages" });
    for (let index = 0; index < 4; index += 1) await session.ask(`page ${index}`);
    const read = async (order: "newest" | "oldest"): Promise<string[]> => {
      const messages: Message[] = [];
      for await (const message of session.history({ order })) messages.push(message);
      return textsOf(messages).filter((text) => text.startsWith("page"));
    };
    expect(await read("oldest")).toEqual(["page 0", "page 1", "page 2", "page 3"]);
    expect(await read("newest")).toEqual(["page 3", "page 2", "page 1", "page 0"]);
    expect(textsOf(await session.messages({ limit: 2 }))).toEqual(["page 3", "echo: page 3"]);
  }),

  behaviour("a session that was made is in the list of its directory", async ({ connect, folder }) => {
    const [oc, other] = [await connect({ directory: await folder() }), await connect({ directory: await folder() })];
    const session = await oc.createSession({ title: "listed" });
    await session.ask("be listed");
    expect(await idsOf(oc)).toContain(session.id);
    expect(await idsOf(other)).not.toContain(session.id);
  }),

  behaviour(
    "a directory with blanks, umlauts and signs is used as it is named",
    async ({ connect, folder, answer, bash }) => {
      const directory = join(await folder(), "a b ä q?x#y +&");
      await mkdir(directory);
      const oc = await connect({ directory });
      answer("where am I", bash("pwd"), ({ toolResults }) => toolResults[0]?.content ?? "");
      expect((await oc.ask("where am I")).text).toContain(directory);
    },
  ),

  behaviour(
    "a session is renamed, and found by its title",
    async ({ oc }) => {
      const session = await oc.createSession({ title: "old name" });
      await session.rename("a name like no other");
      expect(await session.info()).toMatchObject({ title: "a name like no other" });
      expect(await idsOf(oc, "like no other")).toEqual([session.id]);
    },
    {
      preview: absent("Sessions of the preview have no title that can be set.", async ({ oc }) => {
        await refuses((await oc.createSession()).rename("another name"));
      }),
    },
  ),

  behaviour(
    "a session is deleted",
    async ({ oc }) => {
      const session = await oc.createSession({ title: "to delete" });
      await session.delete();
      await expect(oc.session(session.id).info()).rejects.toMatchObject({ name: "SessionNotFoundError" });
    },
    {
      preview: absent("The preview deletes no session.", async ({ oc }) => {
        await refuses((await oc.createSession()).delete());
      }),
    },
  ),

  behaviour(
    "an archived session is in the list of archived sessions only",
    async ({ oc }) => {
      const session = await oc.createSession({ title: "archived one" });
      await session.archive();
      expect(await idsOf(oc, "archived one")).toEqual([]);
      await session.unarchive();
      expect(await idsOf(oc, "archived one")).toEqual([session.id]);
    },
    {
      preview: noArchive,
      "stand-in-2.1": noArchive,
    },
  ),

  behaviour(
    "a fork has the messages before the given one and goes on by itself",
    async ({ oc }) => {
      const session = await oc.createSession({ title: "to fork" });
      await session.ask("before the fork");
      const { messageId } = await session.ask("behind the fork");
      const fork = await session.fork({ messageId });
      await fork.ask("in the fork");
      expect(textsOf(await fork.messages())).toEqual([
        "before the fork",
        "echo: before the fork",
        "in the fork",
        "echo: in the fork",
      ]);
      expect(textsOf(await session.messages())).not.toContain("in the fork");
    },
    {
      preview: absent("The preview forks no session.", async ({ oc }) => {
        await refuses((await oc.createSession()).fork());
      }),
    },
  ),

  behaviour(
    "a compaction on request leaves a summary that the model sees instead of the messages",
    async ({ oc }) => {
      const session = await oc.createSession({ title: "to compact" });
      await session.ask("before the compaction");
      await session.compact();
      expect(await session.ask("behind the compaction")).toMatchObject({ text: "echo: behind the compaction" });
      expect(textsOf(await session.context()).join()).not.toContain("echo: before the compaction");
    },
    {
      preview: absent("The preview compacts by itself only.", async ({ oc }) => {
        const session = await oc.createSession();
        await session.ask("nothing to compact");
        await refuses(session.compact());
      }),
    },
  ),

  behaviour("a command of the configuration runs with its arguments", async ({ oc, answer }) => {
    answer("Greet", ({ lastUserText }) => `said: ${lastUserText}`);
    const session = await oc.createSession({ title: "command" });
    expect((await session.command("greet", "Ada and Bob")).text).toContain("Greet Ada and Bob now");
  }),

  behaviour(
    "a shell line runs without a model, and its output is in the session",
    async ({ oc }) => {
      const session = await oc.createSession({ title: "shell" });
      const got = await session.shell("echo by-the-shell");
      expect(JSON.stringify(got.parts)).toContain("by-the-shell");
    },
    {
      preview: absent("The preview runs no shell line for a session.", async ({ oc }) => {
        await refuses((await oc.createSession()).shell("echo no"));
      }),
    },
  ),

  behaviour(
    "the changes of a prompt are listed, file by file",
    async (world) => {
      const directory = await repository(world);
      const oc = await world.connect({ directory });
      world.answer("change the file", world.bash("echo after > file.txt"), "changed");
      const session = await oc.createSession({ title: "diff" });
      const { messageId } = await session.ask("change the file");
      expect(await session.diff({ messageId })).toMatchObject([{ file: "file.txt", additions: 1, deletions: 1 }]);
    },
    {
      preview: absent("The preview tells no changes of files.", async (world) => {
        const oc = await world.connect({ directory: await repository(world) });
        const session = await oc.createSession();
        const { messageId } = await session.ask("nothing changes");
        await refuses(session.diff({ messageId }));
      }),
    },
  ),

  behaviour("a reverted prompt has its files restored and its messages gone", async (world) => {
    const directory = await repository(world);
    const oc = await world.connect({ directory });
    world.answer("change it to revert", world.bash("echo after > file.txt"), "changed");
    const session = await oc.createSession({ title: "revert" });
    await session.ask("stay here");
    const { messageId } = await session.ask("change it to revert");
    await session.revert(messageId, { force: true });
    expect(await readFile(join(directory, "file.txt"), "utf8")).toBe("before\n");
    await session.ask("behind the revert");
    expect(textsOf(await session.messages())).not.toContain("change it to revert");
  }),

  behaviour(
    "the todo list of the agent is an event, and can be read",
    async ({ oc, answer, calls }) => {
      const todos = [{ content: "write rows", status: "pending", priority: "high" }];
      answer("make a list", calls({ name: "todowrite", args: { todos } }), "listed");
      const stream = oc.askStream("make a list", { permission: { todowrite: "allow" } });
      const seen: unknown[] = [];
      for await (const event of stream.events) if (event.type === "todo") seen.push(...event.todos);
      expect(seen).toMatchObject([{ content: "write rows" }]);
      const { sessionId } = await stream.answer;
      expect(await oc.session(sessionId).todo()).toMatchObject([{ content: "write rows" }]);
    },
    {
      "stand-in-2.1": absent("2.1 has no todo list.", async ({ oc }) => {
        await refuses((await oc.createSession()).todo());
      }),
    },
  ),

  behaviour(
    "a session keeps the data and the parent that it was made with",
    async ({ oc }) => {
      const parent = await oc.createSession({ title: "parent" });
      const child = await oc.createSession({ title: "child", parentId: parent.id, metadata: { ticket: 7 } });
      expect((await parent.children()).map(({ id }) => id)).toEqual([child.id]);
    },
    {
      preview: absent("Sessions of the preview keep neither data nor a parent.", async ({ oc }) => {
        await refuses(oc.createSession({ metadata: { ticket: 7 } }));
        await refuses(oc.createSession({ parentId: (await oc.createSession()).id }));
      }),
    },
  ),

  behaviour(
    "a context that passes contextWarning is an event, and contextUsage() tells how full it is",
    async (world) => {
      world.answer("fill it", { text: "full", usage: { input: 900, output: 100 } });
      const session = await world.oc.createSession({ title: "context" });
      const events: AgentEvent[] = [];
      const stream = session.askStream("fill it", { contextWarning: 0.001 });
      for await (const event of stream.events) if (event.type === "context") events.push(event);
      const { used, limit, share } = await session.contextUsage();
      expect({ used, share }).toEqual({ used: 1_000, share: 1_000 / (limit ?? 0) });
      expect(events).toEqual([{ type: "context", sessionId: session.id, used, limit }]);
    },
  ),

  behaviour("the usage of a session is the sum of its turns", async ({ oc, answer }) => {
    answer("count me", { text: "counted", usage: { input: 100, output: 10 } });
    const session = await oc.createSession({ title: "usage" });
    await session.ask("count me");
    await session.ask("count me");
    expect(await session.usage()).toMatchObject({ input: 200, output: 20 });
  }),

  behaviour("a session says whether it is busy, and when it is idle", async ({ oc, answer }) => {
    answer("stay busy", { silent: true });
    const session = await oc.createSession({ title: "status" });
    const stream = session.askStream("stay busy");
    for await (const event of stream.events) if (event.type === "start") break;
    await stream.answer.catch(() => undefined);
    await session.waitUntilIdle();
    expect(await session.status()).toEqual({ type: "idle" });
  }),

  behaviour(
    "an exported session goes on on another server with the same messages",
    async (world) => {
      const moved = await movedSession(world);
      expect(rolesOf(await moved.messages())).toEqual(["user", "assistant"]);
      await moved.ask("and then");
      const sent = sentOf(world);
      expect(sent).toHaveLength(2);
      const roles = sent
        .at(-1)
        ?.map(({ role }) => role)
        .filter((role) => role !== "system");
      expect(roles).toEqual(["user", "assistant", "user"]);
    },
    { preview: movedAsText, "stand-in-2.1": movedAsText },
  ),
];
