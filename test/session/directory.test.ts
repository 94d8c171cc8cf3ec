/** Directories of sessions: missing, relative and foreign ones, on a real agent. */
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConfigError, createOpencode, type Opencode } from "../../src/index.js";
import { type Fixture, startFixture, temporaryFolder } from "../support/fixture.js";

let fixture: Fixture;
let connected: Opencode;
let base: string;
beforeAll(async () => {
  fixture = await startFixture();
  base = await temporaryFolder();
  await mkdir(join(base, "sub"));
  await writeFile(join(base, "file"), "");
  const { url: baseUrl, password } = fixture.oc.server ?? {};
  connected = await createOpencode({ baseUrl: baseUrl ?? "", password, directory: fixture.directory });
});
afterAll(async () => {
  await connected?.close();
  await fixture[Symbol.asyncDispose]();
});

test("createSession rejects a directory that does not exist or is a file, also on a connected server", async () => {
  for (const oc of [fixture.oc, connected]) {
    for (const directory of [join(base, "nope"), join(base, "file")]) {
      await expect(oc.createSession({ directory })).rejects.toBeInstanceOf(ConfigError);
    }
    const session = await oc.createSession({ directory: join(base, "sub") });
    expect((await session.info()).directory).toBe(join(base, "sub"));
  }
});

test("a relative directory counts from the process's directory, and a connected client rejects it", async () => {
  const directory = relative(process.cwd(), join(base, "sub"));
  const session = await fixture.oc.createSession({ title: "relative", directory });
  expect((await session.info()).directory).toBe(join(base, "sub"));
  const found: string[] = [];
  for await (const { id } of fixture.oc.sessions({ directory })) found.push(id);
  expect(found).toContain(session.id);
  expect((await fixture.oc.session(session.id, { directory }).info()).id).toBe(session.id);
  await expect(connected.createSession({ directory })).rejects.toThrow(/absolute/);
  expect(() => connected.session(session.id, { directory })).toThrow(/absolute/);
});

test("a turn in a directory that is not the session's rejects, and the error names the session's", async () => {
  const { id } = await fixture.oc.createSession({ title: "here" });
  for (const oc of [fixture.oc, connected]) {
    const session = oc.session(id, { directory: join(base, "sub") });
    const error = await session.ask("x").catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ sessionId: id, message: expect.stringContaining(fixture.directory) });
    expect((await oc.session(id, { directory: fixture.directory }).ask("x")).text).toBe("echo: x");
  }
});
