/** The clock in the agent's ids begins again every 795 days: what is older than its last beginning has greater ids. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Message, Session } from "../../../src/index.js";
import { toolCall } from "../../../src/testing/index.js";
import { type Fixture, startFixture } from "../../support/fixture.js";

let fixture: Fixture;
let session: Session;
/** Ids of the prompts: every other one as if it had been asked before the clock began again. */
const prompts: string[] = [];
beforeAll(async () => {
  fixture = await startFixture({}, ({ lastUserText, stepIndex }) => {
    const [command, name] = lastUserText.split(" ");
    if (command !== "write") return undefined;
    return stepIndex > 0
      ? "written"
      : toolCall("write", { filePath: join(fixture.directory, name ?? ""), content: "x" });
  });
  const git = (...args: string[]): unknown =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: fixture.directory });
  git("init", "-q");
  git("commit", "-q", "--allow-empty", "-m", "first");
  session = await fixture.oc.createSession({ title: "t" });
  const old = (n: number): string => `msg_fffffffffff${n}00AAAAAAAAAAAAAA`;
  for (const [index, messageId] of [old(0), undefined, old(1), undefined].entries()) {
    prompts.push((await session.ask(`write ${index}.txt`, { messageId })).messageId);
  }
});
afterAll(() => fixture[Symbol.asyncDispose]());

const asked = (messages: readonly Message[]): (string | undefined)[] =>
  messages.filter(({ info }) => info.role === "user").map(({ info }) => info.id);

describe("a session whose message ids wrap around", () => {
  test("messages(), history() and context() keep the order of time over the wrap of the id clock", async () => {
    const backwards: Message[] = [];
    for await (const message of session.history()) backwards.unshift(message);
    expect(asked(await session.messages())).toEqual(prompts);
    expect(asked(backwards)).toEqual(prompts);
    expect(asked(await session.context())).toEqual(prompts);
    expect(asked(await session.messages({ before: prompts[2], limit: 100 }))).toEqual(prompts.slice(0, 2));
    expect(asked(await session.messages({ before: prompts[1], limit: 100 }))).toEqual(prompts.slice(0, 1));
  });

  test("fork() copies the prompts before a message on both sides of the wrap of the id clock", async () => {
    const counts = await Promise.all(
      prompts.map(async (messageId) => asked(await (await session.fork({ messageId })).messages()).length),
    );
    expect(counts).toEqual([0, 1, 2, 3]);
  });

  test("revert() takes back a prompt and all later ones on both sides of the wrap of the id clock", async () => {
    const files = (): boolean[] => [0, 1, 2, 3].map((n) => existsSync(join(fixture.directory, `${n}.txt`)));
    await session.revert(prompts[2] ?? "");
    expect(files()).toEqual([true, true, false, false]);
    await session.unrevert();
    expect(files()).toEqual([true, true, true, true]);
    await session.revert(prompts[1] ?? "");
    expect(files()).toEqual([true, false, false, false]);
    expect((await session.ask("and now?")).text).toBe("echo: and now?");
    expect(asked(await session.messages())).toHaveLength(2);
  });
});
