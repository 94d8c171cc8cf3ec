/**
 * Many processes that start a server on the same fresh home at the same moment: all of them make its tables, and all of
 * them write. `OPENCODE_TEST_PROCESSES=20 npx vitest run test/daemon/many-processes.test.ts` tries it with more.
 */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createOpencodeServer } from "../../src/index.js";
import { temporaryFolder, testBinary } from "../support/fixture.js";
import { homeVariables } from "../support/home.js";
import { isAlive, runProgram } from "../support/processes.js";

const count = Number(process.env["OPENCODE_TEST_PROCESSES"] ?? 5);
const prompts = 2;
/** ms for each: a start alone takes one to five seconds of a processor. */
const patience = 60_000 + count * 30_000;

let home: string;
beforeEach(async () => {
  home = await temporaryFolder();
});
afterEach(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));

it(
  `${count} processes at once share a fresh home, and each gets its answers`,
  async () => {
    const directory = join(home, "work");
    await mkdir(directory);
    const env = { ...process.env, ...homeVariables(home) };
    const path = new URL("../support/programs/one-of-many.ts", import.meta.url);
    const names = Array.from({ length: count }, (_, index) => `process ${index}`);
    const programs = names.map((name) => runProgram(path, [testBinary(), directory, name, String(prompts)], env));
    const reports = await Promise.all(programs.map(({ report }) => report));
    await Promise.all(programs.map(({ exit }) => exit));
    const expected = names.map((name) => ({
      answers: Array.from({ length: prompts }, (_, index) => `answer to ${name} ${index + 1}`),
      sessionId: expect.any(String),
      calls: prompts,
    }));
    expect(reports, programs.map(({ output }) => output()).join("\n")).toEqual(expected);
    // What they wrote is all there for the next one.
    await using server = await createOpencodeServer({ binary: testBinary(), directory, env: homeVariables(home) });
    const authorization = `Basic ${Buffer.from(`${server.username}:${server.password}`).toString("base64")}`;
    const answer = await fetch(`${server.url}/session?limit=1000`, { headers: { authorization } });
    const titles = ((await answer.json()) as { title: string }[]).map(({ title }) => title); // as the server declares it
    expect(titles.sort()).toEqual([...names].sort());
    await server.close();
    expect(isAlive(server.pid)).toBe(false);
  },
  patience,
);
