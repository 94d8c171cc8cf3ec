/** A conversation that moves between servers of 1.x and 2.x. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConflictError, type SessionDocument, UnsupportedEndpointError } from "../../../src/index.js";
import { targetOf } from "../../conformance/targets.js";
import { startWorld, type World } from "../../conformance/world.js";

let old: World;
beforeAll(async () => {
  old = await startWorld(targetOf("1.18.33"));
});
afterAll(() => old?.[Symbol.asyncDispose]());

const throughJson = (document: SessionDocument): SessionDocument => JSON.parse(JSON.stringify(document));

/** All that the model was sent with the newest prompt. */
const sent = ({ model }: World): string => JSON.stringify(model.requests.at(-1)?.messages);

describe.each(["preview", "stand-in-2.1"] as const)("a conversation of 1.18.33 and %s", (name) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(targetOf(name));
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  async function documentOf(prompt: string): Promise<SessionDocument> {
    old.answer(prompt, old.bash("echo from the tool"), `did ${prompt}`);
    const session = await old.oc.createSession({ title: "to 2.x" });
    await session.ask(prompt, { permissionMode: "bypass" });
    return throughJson(await session.export());
  }

  test("a session of 1.x goes on with its context as text, in one call of the model, and comes back", async () => {
    const document = await documentOf("count the ships");
    const before = world.model.requests.length;
    const session = await world.oc.importSession(document, { rules: false });
    expect(world.model.requests.length).toBe(before);
    expect(await session.status()).toEqual({ type: "idle" });
    const answer = await session.ask("and the boats");
    expect(answer.text).toContain("and the boats");
    expect(world.model.requests.length).toBe(before + 1);
    for (const text of ["count the ships", "from the tool", "did count the ships"]) expect(sent(world)).toContain(text);
    await session.ask("once more");
    expect(world.model.requests.length).toBe(before + 2);
    expect(sent(world)).toContain("did count the ships");
    const back = await old.oc.importSession(throughJson(await session.export()), { rules: false });
    await back.ask("home again");
    for (const text of ["did count the ships", "and the boats", "once more"]) expect(sent(old)).toContain(text);
  });

  test("a session is not exported as an empty document between its import and its first prompt", async () => {
    const session = await world.oc.importSession(await documentOf("keep me"), { rules: false });
    const error = await session.export().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConflictError);
    expect(error).toMatchObject({ sessionId: session.id, message: expect.stringContaining("before its first prompt") });
    await session.ask("now it can be read");
    expect(JSON.stringify((await session.export()).messages)).toContain("did keep me");
  });

  test("a session's own agent moves with it, and runs the turns of every client there", async () => {
    const created = await old.oc.createSession({ title: "agents", agent: "plan" });
    await created.ask("one", { agent: "build" });
    const moved = await world.oc.importSession(throughJson(await created.export()), { rules: false });
    await (await world.connect()).session(moved.id).ask("two");
    const document = throughJson(await moved.export());
    expect([document.session.agent, document.session.metadata]).toEqual(["plan", undefined]);
    const back = await old.oc.importSession(document, { rules: false });
    const session = (await old.connect()).session(back.id);
    await session.ask("three");
    const last = (await session.messages()).at(-1)?.info;
    expect(last).toMatchObject({ role: "assistant", mode: "plan" });
  });

  test("a prompt with the same id runs once in an imported session, also from another client", async () => {
    const session = await world.oc.importSession(await documentOf("load"), { rules: false });
    const messageId = `msg_${crypto.randomUUID().replaceAll("-", "")}`;
    const before = world.model.requests.length;
    await session.ask("unload", { messageId });
    const other = await world.connect();
    expect((await other.session(session.id).ask("unload", { messageId })).text).toContain("unload");
    expect(world.model.requests.length).toBe(before + 1);
  });

  test("an empty session and its directory can be moved", async () => {
    const empty = throughJson(await (await old.oc.createSession()).export());
    const directory = await world.folder();
    const session = await world.oc.importSession(empty, { directory });
    expect(session.directory).toBe(directory);
    expect((await session.ask("first")).text).toContain("first");
  });
});

test("a document with denials is refused by the preview, whose sessions have no rules, and nothing is made", async () => {
  await using preview = await startWorld(targetOf("preview"));
  const session = await old.oc.createSession({ permission: { bash: "deny" } });
  await session.ask("with rules");
  const importing = preview.oc.importSession(throughJson(await session.export()));
  await expect(importing).rejects.toThrow(UnsupportedEndpointError);
  await expect(importing).rejects.toThrow(/rules: false/);
  const sessions: string[] = [];
  for await (const { id } of preview.oc.sessions()) sessions.push(id);
  expect(sessions).toEqual([]);
});
