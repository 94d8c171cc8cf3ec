/**
 * The server dies while it makes room in a session, and makes up for it in front of the next prompt (1.18.33, as
 * `test/fidelity` shows).
 */
import { afterEach, describe, expect, test } from "vitest";
import { AgentError, createOpencode, type PermissionRequest, type Session } from "../../../src/client.js";
import {
  createMemoryAgent,
  type MemoryAgent,
  type ModelRequest,
  type Reply,
  toolCall,
} from "../../../src/testing/index.js";

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** A session whose first summary does not come to its end; resolves when it has begun, and the agent is dead and back. */
async function cutWhileMakingRoom(
  script: (request: ModelRequest) => Reply,
  first: readonly string[],
): Promise<{ agent: MemoryAgent; session: Session; asked: string[] }> {
  let summaries = 0;
  let begun = (): void => {};
  const hasBegun = new Promise<void>((resolve) => {
    begun = resolve;
  });
  async function* text(): AsyncGenerator<string> {
    summaries += 1;
    if (summaries === 1) {
      begun();
      await new Promise(() => {});
    }
    yield "the summary";
  }
  const agent = createMemoryAgent(script, {
    model: { limit: { context: 10_000, output: 1_000 } },
    summary: { text: { [Symbol.asyncIterator]: text } },
    config: { permission: { bash: "ask" } },
  });
  open.push(agent);
  const asked: string[] = [];
  const onPermission = ({ patterns }: PermissionRequest) => {
    asked.push(...patterns);
    return "once" as const;
  };
  const oc = await createOpencode({ baseUrl: agent.baseUrl, fetch: agent.fetch, onPermission });
  open.push(oc);
  const session = await oc.createSession({ title: "t" });
  for (const prompt of first.slice(0, -1)) await session.ask(prompt);
  const cut = session.ask(first.at(-1) ?? "").catch((error: Error) => error.message);
  await hasBegun;
  agent.crash();
  expect(await cut).toMatch(/interrupted/);
  return { agent, session, asked };
}

function tooLongOnce(reply: (request: ModelRequest) => Reply): (request: ModelRequest) => Reply {
  let refused = false;
  return (request) => {
    if (request.lastUserText !== "long" || refused) return reply(request);
    refused = true;
    return { status: 400, message: "maximum context length is 10000 tokens" };
  };
}

describe("a compaction that the server's death has cut", () => {
  test("the prompt after an interrupted compaction is answered when the server's Continue follows it", async () => {
    const { session } = await cutWhileMakingRoom(
      tooLongOnce(({ lastUserText, messages }) => {
        const prompts = JSON.stringify(messages.filter(({ role }) => role === "user"));
        return /Continue if you have next steps/.test(lastUserText) && prompts.includes("second") ? "of second" : "?";
      }),
      ["long"],
    );
    expect((await session.ask("second")).text).toBe("of second");
  });

  test("the prompt after an interrupted compaction rejects when the server answers the earlier prompt", async () => {
    const { session, asked } = await cutWhileMakingRoom(
      tooLongOnce(({ lastUserText, stepIndex }) => {
        if (lastUserText !== "long" || stepIndex > 0) return `of ${lastUserText}`;
        return toolCall("bash", { command: "echo long", description: "d" });
      }),
      ["first", "long"],
    );
    const stream = session.askStream("second");
    const texts: string[] = [];
    const reading = (async () => {
      for await (const event of stream.events) if (event.type === "text-delta") texts.push(event.text);
    })();
    await expect(reading).rejects.toThrow(AgentError);
    const error: unknown = await stream.answer.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AgentError);
    expect(String(error)).toMatch(/did not answer this one/);
    expect(texts).toEqual([]);
    expect(asked).toEqual(["echo long"]); // of the run before, which nobody else is there for
    expect((await session.ask("third")).text).toBe("of third");
  });
});
