/** Steers on servers of 2.x, for clients that have not sent them. */
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ApprovalPendingError } from "../../../src/index.js";
import { hold } from "../../../src/testing/index.js";
import { targetOf } from "../../conformance/targets.js";
import { startWorld, type World } from "../../conformance/world.js";
import { memoryStore } from "../../support/memory-store.js";

const mintId = (): string => `msg_${crypto.randomUUID().replaceAll("-", "")}`;

describe.each(["preview", "stand-in-2.1"] as const)("another client of %s", (name) => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld(targetOf(name));
  });
  afterAll(() => world?.[Symbol.asyncDispose]());

  /** A turn whose first step runs a command for a while, and that is steered meanwhile. */
  async function steered(oc: World["oc"], prompt: string, messageId: string) {
    const session = await oc.createSession({ title: prompt });
    const stream = session.askStream(prompt, { messageId });
    stream.answer.catch(() => {}); // awaited by the caller
    let steer: ReturnType<typeof stream.steer> | undefined;
    const follow = async (): Promise<void> => {
      for await (const { type } of stream.events) if (type === "tool-call") steer ??= stream.steer(`steer: ${prompt}`);
    };
    await follow().catch(() => {}); // told by `answer`, too
    return { session, stream, steer };
  }

  test("a steered turn that is asked again under its id by another client has the same answer", async () => {
    world.answer("count", world.bash("sleep 2"), "counted");
    world.answer("steer: count", "counted as steered");
    const messageId = mintId();
    const { session, steer } = await steered(world.oc, "count", messageId);
    expect(await steer).toEqual({ absorbed: "running" });
    const before = world.model.requests.length;
    const other = (await world.connect()).session(session.id);
    expect((await other.ask("count", { messageId })).text).toBe("counted as steered");
    expect(world.model.requests.length).toBe(before);
  });

  test("a steered run that was parked goes on for another client, and its approved call runs", async () => {
    const options = { onPermission: "park", approvalStore: memoryStore() } as const;
    const permission = { bash: { "*": "allow", "echo asked*": "ask" } } as const;
    world.answer("release", world.bash("sleep 2"));
    world.answer("steer: release", world.bash("echo asked"), "released as steered");
    const messageId = mintId();
    const first = await world.connect({ ...options, permission });
    const { session, stream } = await steered(first, "release", messageId);
    const error = await stream.answer.catch((reason: unknown) => reason);
    if (!(error instanceof ApprovalPendingError)) throw error;
    await first.close();
    const second = await world.connect({ ...options, permission });
    await second.approvals.approve(error.approvalId);
    const answer = await second.session(session.id).ask("release", { messageId });
    expect([answer.text, answer.toolCalls.at(-1)?.output?.trim()]).toEqual(["released as steered", "asked"]);
  });

  test("a steer that came too late for a turn is no part of the turn's answer for another client", async () => {
    const rest = hold(" and the end");
    world.answer("report", { text: ["the beginning", rest] });
    world.answer("too late", "a report of its own");
    const messageId = mintId();
    const session = await world.oc.createSession({ title: "late" });
    const stream = session.askStream("report", { messageId });
    let steer: ReturnType<typeof stream.steer> | undefined;
    for await (const { type } of stream.events) {
      if (type !== "text-delta" || steer !== undefined) continue;
      steer = stream.steer("too late");
      await delay(500); // the server has it
      rest.release();
    }
    const { absorbed, answer } = (await steer) ?? {};
    expect([absorbed, (await answer)?.text]).toEqual(["next", "a report of its own"]);
    const other = (await world.connect()).session(session.id);
    expect((await other.ask("report", { messageId })).text).toBe("the beginning and the end");
  });
});
