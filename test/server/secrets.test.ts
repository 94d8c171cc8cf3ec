/** The password of a server that we start: nobody sees it who is not told, and nobody else's gets in its way. */
import { readdirSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { inspect } from "node:util";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createOpencode, ServerExitedError } from "../../src/index.js";
import { createLookupModel, hermetic, temporaryFolder } from "../support/fixture.js";

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** All that a program could show of a value without asking for a password. */
const shown = (value: unknown): string =>
  [
    inspect(value, { depth: 20, showHidden: true, maxStringLength: null }),
    JSON.stringify(value),
    String(value),
    value instanceof Error ? `${value.message}\n${value.stack}` : "",
  ].join("\n");

/** Command lines of all processes, as everybody on the machine can read them. */
const commandLines = (): string[] =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "latin1");
      } catch {
        return ""; // it has just ended
      }
    });

it("server passwords, own or inherited, are in no command line, log line, printed value or error", async () => {
  vi.stubEnv("OPENCODE_SERVER_PASSWORD", "the-password-of-another-server");
  vi.stubEnv("OPENCODE_SERVER_USERNAME", "another-user");
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const logger = { debug: log, info: log, warn: log, error: log };
  const { model, answer } = await createLookupModel();
  const oc = await createOpencode({ ...hermetic(model, folder), logger, logLevel: "debug" });
  const { server } = oc;
  if (server === undefined) return expect.fail("there is no server");
  const { password, username } = server;
  expect([username, password]).toEqual(["opencode", expect.stringMatching(/^\w{33}$/)]);
  const session = await oc.createSession({ title: "t" });
  expect((await session.ask("hello")).text).toBe("echo: hello"); // it lets us in
  const values: unknown[] = [oc, server, oc.client, session, await session.messages()];
  values.push(
    await oc
      .session("ses_none")
      .messages()
      .catch((error: unknown) => error),
  );
  if (process.platform === "linux") values.push(commandLines());
  answer("never ends", { text: ["x"], end: "hang" });
  const stream = session.askStream("never ends");
  await stream[Symbol.asyncIterator]().next();
  values.push(stream, server.outputTail());
  process.kill(server.pid, "SIGKILL");
  const error = await stream.answer.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ServerExitedError);
  values.push(error, lines);
  await oc.close();
  await model.close();
  expect(lines.length).toBeGreaterThan(5);
  const secrets = [
    password,
    Buffer.from(`${username}:${password}`).toString("base64"),
    "the-password-of-another-server",
  ];
  for (const value of values) {
    for (const secret of secrets) expect(shown(value)).not.toContain(secret);
  }
});
