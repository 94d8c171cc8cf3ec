/** The lock between processes: one holder at a time, in whatever way the holders end. */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeLock } from "../../src/process/file-lock.js";
import { linuxStartTime } from "../../src/process/process-identity.js";
import { temporaryFolder } from "../support/fixture.js";
import { runProgram, waitUntil } from "../support/processes.js";

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

test("a lock has one holder at a time, and every waiter gets the lock", async () => {
  let holders = 0;
  const seen: number[] = [];
  const work = async (name: number): Promise<void> => {
    const release = await takeLock(folder);
    holders += 1;
    expect(holders).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    seen.push(name);
    holders -= 1;
    release();
    release(); // the second time it may be somebody else's
  };
  await Promise.all(Array.from({ length: 40 }, (_, name) => work(name)));
  expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, name) => name));
  expect(readdirSync(folder)).toHaveLength(1); // of each holding only the last is left
});

test("a lock has one holder at a time among four processes", async () => {
  const path = new URL("../support/programs/lock-user.ts", import.meta.url);
  const log = join(folder, "log");
  const programs = Array.from({ length: 4 }, () => runProgram(path, [join(folder, "lock"), log, "25"]));
  for (const program of programs) expect(await program.exit, program.output()).toMatchObject({ exitCode: 0 });
  const lines = readFileSync(log, "utf8").trim().split("\n");
  expect(lines).toHaveLength(200);
  for (let at = 0; at < lines.length; at += 2) expect(lines[at + 1]).toBe(lines[at]?.replace("takes", "gives"));
});

test("a lock of a dead process or of a reused process id is taken over", async () => {
  const child = spawn("sleep", ["300"], { stdio: "ignore" });
  const start = linuxStartTime(child.pid ?? 0);
  writeFileSync(join(folder, "7"), `${child.pid} ${start} abcdef\n`);
  const waited: number[] = [];
  const taking = takeLock(folder, { onWait: (holder) => waited.push(holder) });
  await waitUntil(() => waited.length === 1);
  expect(waited).toEqual([child.pid]);
  child.kill("SIGKILL");
  (await taking)();
  // Our own number, with another start.
  writeFileSync(join(folder, "20"), `${process.pid} 1 abcdef\n`);
  (await takeLock(folder))();
});

test("a signal ends the wait for a lock", async () => {
  const release = await takeLock(folder);
  await expect(takeLock(folder, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ name: "TimeoutError" });
  release();
  (await takeLock(folder))();
});
