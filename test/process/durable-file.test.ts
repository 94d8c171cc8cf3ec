/** Files that outlive a loss of power: the file is on the disk before it has its name, and the name before the promise resolves. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { chmod, mkdir, realpath, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { approvalFiles } from "../../src/node/approval-files.js";
import { writeDurably } from "../../src/process/durable-file.js";
import { newApproval } from "../../src/session/approvals/entry.js";
import { temporaryFolder } from "../support/fixture.js";
import { recordSyncs } from "../support/synced.js";

let folder: string;
beforeEach(async () => {
  folder = await realpath(await temporaryFolder());
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

test("a durable file is synced before it has its name, and its folder afterwards", async () => {
  const path = join(folder, "file.json");
  using syncs = await recordSyncs(() => path);
  await writeDurably(path, "one\n");
  expect(syncs.all).toEqual([
    { path: expect.stringMatching(/\/new-\d+-[0-9a-f]+$/), isNamed: false },
    { path: folder, isNamed: true },
  ]);
  await writeDurably(path, "two\n");
  expect(readFileSync(path, "utf8")).toBe("two\n");
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(["file.json"]);
});

test("the folders that a durable file makes are for this user only, and those above them are synced", async () => {
  const path = join(folder, "a", "b", "file.json");
  using syncs = await recordSyncs(() => path);
  await writeDurably(path, "one\n");
  expect(syncs.all.filter(({ isNamed }) => !isNamed).map((one) => one.path)).toEqual([
    join(folder, "a"),
    folder,
    expect.stringContaining("/new-"),
  ]);
  expect(syncs.all.at(-1)).toEqual({ path: dirname(path), isNamed: true });
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
});

test("a durable file that is not wanted any more, or cannot be named, leaves nothing behind", async () => {
  const path = join(folder, "file.json");
  await writeDurably(path, "one\n", () => false);
  expect(readdirSync(folder)).toEqual([]);
  await mkdir(path);
  await writeFile(join(path, "inside"), "");
  await expect(writeDurably(path, "two\n")).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(["file.json"]);
  const closed = join(folder, "closed");
  await writeFile(closed, "");
  await chmod(closed, 0o400);
  await expect(writeDurably(join(closed, "file.json"), "three\n")).rejects.toThrow();
  expect(existsSync(join(closed, "file.json"))).toBe(false);
});

test("an entry of the store of approvals is synced with its folder", async () => {
  const place = join(folder, "approvals");
  const request = {
    id: "per_1",
    sessionId: "ses_1",
    chain: ["ses_1"],
    permission: "bash",
    patterns: ["ls"],
    metadata: {},
  };
  const approval = newApproval({ ...request, always: [] } as never, "f", undefined);
  using syncs = await recordSyncs(() => join(place, `${approval.id}.json`));
  await approvalFiles(place).add(approval);
  expect(syncs.all.at(-1)).toEqual({ path: place, isNamed: true });
});
