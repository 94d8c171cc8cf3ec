/** A compaction that makes no summary, on a real agent. */
import { expect, test } from "vitest";
import { AgentError, createOpencode, ProviderAuthError } from "../../../src/index.js";
import { createScriptedModel, type Reply } from "../../../src/testing/index.js";
import { shared, temporaryFolder } from "../../support/fixture.js";

test.each<[string, Reply, typeof AgentError, RegExp]>([
  ["a provider that refuses", { status: 401, message: "bad key" }, ProviderAuthError, /bad key/],
  ["a model that writes nothing", {}, AgentError, /no summary/],
])("compact() rejects with the error of %s, and leaves the session as it was", async (_case, summary, kind, text) => {
  const model = await createScriptedModel(({ lastUserText }) => `echo: ${lastUserText}`, { summary });
  const oc = await createOpencode(shared(model, await temporaryFolder()));
  try {
    const session = await oc.createSession({ title: "t" });
    await session.ask("one");
    const before = await session.messages();
    const error = await session.compact().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject({ message: expect.stringMatching(text), sessionId: session.id });
    expect(await session.messages()).toEqual(before);
    expect((await session.ask("two")).text).toBe("echo: two");
  } finally {
    await oc.close();
    await model.close();
  }
});
