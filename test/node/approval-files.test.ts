/** The store of approvals in files: one decision wins, also among processes, and nobody else can read the entries. */
import { readdirSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ApprovalPendingError, OpencodeError } from "../../src/errors/index.js";
import { approvalFiles } from "../../src/node/approval-files.js";
import { changeApproval } from "../../src/session/approvals/change.js";
import { listApprovals } from "../../src/session/approvals/decide.js";
import { fingerprintOf, newApproval, storedRequest } from "../../src/session/approvals/entry.js";
import { park } from "../../src/session/approvals/park.js";
import type { Approval, PermissionRequest } from "../../src/types/index.js";
import { eventually, temporaryFolder } from "../support/fixture.js";
import { runProgram } from "../support/processes.js";

let state: string;
let folder: string;
beforeEach(async () => {
  state = await temporaryFolder();
  folder = join(state, "opencode-ts", "approvals");
});
afterEach(() => rm(state, { recursive: true, force: true, maxRetries: 5 }));

const asked: PermissionRequest = {
  id: "per_1",
  sessionId: "ses_1",
  chain: ["ses_1"],
  permission: "bash",
  patterns: ["ls"],
  metadata: { command: "ls" },
  tool: { messageId: "msg_a", callId: "call_1", name: "bash", input: { command: "ls", description: "lists" } },
};

function entry(now?: number, request = asked): Approval {
  return newApproval(storedRequest(request, "msg_1"), "f", undefined, now);
}

test("one of six decisions at the same time wins, and the others are conflicts", async () => {
  const approval = entry();
  await approvalFiles(folder).add(approval);
  const start = join(state, "start");
  const program = new URL("../support/programs/approval-decider.ts", import.meta.url);
  const env = { ...process.env, XDG_STATE_HOME: state };
  const names = ["yes1", "no1", "yes2", "no2", "yes3", "no3"];
  const running = names.map((name) => runProgram(program, [approval.id, name, start], env));
  for (const one of running) await eventually("it is ready", () => one.output().includes("ready"));
  writeFileSync(start, "");
  const outcomes = [];
  for (const one of running) {
    await one.exit;
    outcomes.push(/outcome (\w+)/.exec(one.output())?.[1]);
  }
  expect(outcomes.filter((outcome) => outcome === "ConflictError")).toHaveLength(names.length - 1);
  const stored = await approvalFiles(folder).get(approval.id);
  expect(stored).toMatchObject({ version: 2, decidedBy: names[outcomes.findIndex((one) => one !== "ConflictError")] });
});

test("the files of approvals are readable by their owner only, and a broken file is left out", async () => {
  const store = approvalFiles(folder);
  expect(await store.list({})).toEqual([]);
  const approval = entry();
  await store.add(approval);
  writeFileSync(join(folder, "apr_broken.json"), "{");
  writeFileSync(join(folder, "apr_other.json"), "{}");
  writeFileSync(join(folder, "apr_half.json"), JSON.stringify({ ...approval, request: { chain: ["ses_1"] } }));
  expect(await store.list({})).toEqual([approval]);
  expect(await store.get("apr_broken")).toBeUndefined();
  expect(await store.get("apr_../x")).toBeUndefined();
  if (process.platform !== "win32") {
    expect(statSync(join(folder, `${approval.id}.json`)).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
  }
  await store.delete(approval.id);
  await store.delete(approval.id);
  expect(await store.list({})).toEqual([]);
  expect(readdirSync(folder).filter((name) => name.startsWith("new-"))).toEqual([]);
});

test("a store that cannot be read rejects with an error of the package, which says why", async () => {
  writeFileSync(join(state, "no folder"), "");
  const failed = approvalFiles(join(state, "no folder"));
  await expect(failed.list({})).rejects.toThrow(OpencodeError);
  await expect(failed.get("apr_1")).rejects.toThrow("the approvals cannot be read: ENOTDIR");
});

test("a change of another version is refused, and a change that was overtaken is made again", async () => {
  const store = approvalFiles(folder);
  const approval = entry();
  await store.add(approval);
  expect(await store.replace({ ...approval, version: 9 }, 8)).toBe(false);
  expect(await store.replace(entry(), 1)).toBe(false);
  const changes = Array.from({ length: 20 }, () => changeApproval(store, approval.id, (stored) => stored));
  await Promise.all(changes);
  expect(await store.get(approval.id)).toEqual({ ...approval, version: 21 });
});

test("a list removes entries that have been over for 30 days, and keeps those that wait", async () => {
  const store = approvalFiles(folder);
  const long = Date.now() - 31 * 24 * 3_600_000;
  const waiting = entry(long);
  const withdrawn = { ...entry(long), state: "withdrawn" } as const;
  for (const one of [waiting, withdrawn]) await store.add(one);
  expect(await listApprovals(store, { all: true })).toEqual([waiting]);
  expect(await store.get(withdrawn.id)).toBeUndefined();
});

test("a list removes a decision that nobody has used for 30 days, and keeps a newer one of an old request", async () => {
  const store = approvalFiles(folder);
  const long = Date.now() - 31 * 24 * 3_600_000;
  const old = { ...entry(long), state: "approved", decidedAt: new Date(long).toISOString() } as const;
  const decided = { ...entry(long), state: "approved", decidedAt: new Date().toISOString() } as const;
  for (const one of [decided, old]) await store.add(one);
  expect(await listApprovals(store, { all: true })).toEqual([decided]);
});

test("a new entry sweeps the folder once an hour: old entries go, and files of writers that were killed", async () => {
  const store = approvalFiles(folder);
  const long = Date.now() - 31 * 24 * 3_600_000;
  const used = { ...entry(long), state: "denied", usedAt: new Date(long).toISOString() } as const;
  const waiting = entry(long);
  for (const one of [waiting, used]) await store.add(one);
  for (const name of ["new-1-aa", "new-2-bb"]) writeFileSync(join(folder, name), "{");
  utimesSync(join(folder, "new-1-aa"), 1, 1);
  await store.add(entry());
  expect(await store.get(used.id)).toEqual(used);
  utimesSync(join(folder, "swept"), 1, 1);
  await store.add(entry());
  expect(await store.get(used.id)).toBeUndefined();
  expect(await store.get(waiting.id)).toEqual(waiting);
  expect(readdirSync(folder).filter((name) => name.startsWith("new-"))).toEqual(["new-2-bb"]);
});

test("a request of which more is known the second time has one entry", async () => {
  const store = approvalFiles(folder);
  const { tool: _unknown, ...less } = asked;
  const ids: unknown[] = [];
  for (const request of [less, asked]) {
    const stop = new AbortController();
    const parking = {
      messageId: "msg_1",
      isVoid: () => false,
      park: (error: Error) => {
        ids.push(error instanceof ApprovalPendingError && error.approvalId);
        stop.abort();
      },
      close: () => {},
    };
    const context = { signal: stop.signal, replied: new Promise(() => {}), passed: async () => {}, parking };
    const turn = {
      store,
      api: {} as never,
      parkAfter: 0,
      approvalTimeout: undefined,
      remember: () => {},
      past: undefined,
    };
    await expect(park(turn, request, context)).rejects.toThrow();
  }
  const [entry] = await store.list({});
  expect(ids).toEqual([entry?.id, entry?.id]);
  expect(await store.list({})).toHaveLength(1);
});

test("an entry has no credential of a header, and the rest of the request", () => {
  const command = "curl -H 'Authorization: Bearer abcdef123456' https://example.org";
  const { tool, patterns, messageId } = storedRequest(
    {
      ...asked,
      patterns: [command],
      tool: { ...asked.tool, messageId: "m", callId: "c", input: { command, headers: { authorization: "x-secret" } } },
    },
    "msg_1",
  );
  expect(JSON.stringify([tool, patterns])).not.toMatch(/abcdef123456|x-secret/);
  expect(patterns[0]).toContain("curl -H");
  expect(messageId).toBe("msg_1");
});

test("the fingerprint of a request ignores ids, the order of arguments and the description of a command", async () => {
  const first = await fingerprintOf(asked);
  const tool = { messageId: "msg_b", callId: "call_2", name: "bash", input: { description: "other", command: "ls" } };
  expect(await fingerprintOf({ ...asked, id: "per_2", sessionId: "ses_2", tool })).toBe(first);
  expect(await fingerprintOf({ ...asked, tool: { ...tool, input: { command: "ls -a" } } })).not.toBe(first);
  expect(await fingerprintOf({ ...asked, permission: "external_directory" })).not.toBe(first);
});
