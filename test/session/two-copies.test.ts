/** Two copies of this package in one process, as an ESM and a CommonJS build are: what matters they have in common. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import * as first from "../../src/index.js";
import { createLookupModel, type Fixture, hermetic, startFixture, temporaryFolder } from "../support/fixture.js";

let fixture: Fixture;
let second: typeof first;
beforeAll(async () => {
  fixture = await startFixture();
  vi.resetModules();
  second = await import("../../src/index.js");
});
afterAll(() => fixture[Symbol.asyncDispose]());

test("prompts of one session queue behind each other, also when two copies of the package send them", async () => {
  expect(second.createOpencode).not.toBe(first.createOpencode);
  const seen: string[] = [];
  let release = (): void => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const begun = new Promise<void>((resolve) => {
    const text = (async function* () {
      resolve();
      await released;
      seen.push("one");
      yield "first";
    })();
    fixture.answer("one", () => ({ text }));
  });
  fixture.answer("two", () => {
    seen.push("two");
    return "second";
  });
  const session = await fixture.oc.createSession();
  const running = session.ask("one");
  await begun;
  const { server, client } = fixture.oc;
  const given = { baseUrl: client.baseUrl, password: server?.password, directory: fixture.directory };
  await using other = await second.createOpencode(given);
  // By this text it is known that the queue says so, and not the server.
  const refused = other.session(session.id).ask("two", { whenBusy: "reject" });
  await expect(refused).rejects.toThrow("another turn of this session is running");
  const waiting = other.session(session.id).ask("two");
  release();
  expect([(await running).text, (await waiting).text]).toEqual(["first", "second"]);
  expect(seen).toEqual(["one", "two"]);
});

test("one-shot asks of two copies of the package share a session, except with different loggers", async () => {
  const { model } = await createLookupModel();
  const options = hermetic(model, await temporaryFolder());
  const kept = await first.ask("a", { ...options, keep: true });
  const shared = await second.ask("b", { ...options, keep: true });
  expect(shared.sessionId).toBe(kept.sessionId);
  class Log {
    error(): void {}
    warn(): void {}
    info(): void {}
    debug(): void {}
  }
  const loggers = [new Log(), new Log()];
  const [one, two] = await Promise.all(
    loggers.map((logger, index) => [first, second][index]?.ask("c", { ...options, logger, keep: false })),
  );
  expect(one?.sessionId).not.toBe(two?.sessionId);
  const last = await second.ask("d", { ...options, keep: false });
  expect(last.sessionId).toBe(kept.sessionId);
  await model.close();
});
