/** Intents on the disk: they outlive a loss of power, and nobody finds half of one. */
import { readdirSync } from "node:fs";
import { realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { intentFiles, orphanedIntents } from "../../src/daemon/intent-files.js";
import type { NoticeIntent } from "../../src/session/settled/intent.js";
import { noticeOf } from "../../src/session/settled/notice.js";
import { temporaryFolder } from "../support/fixture.js";
import { recordSyncs } from "../support/synced.js";

let folder: string;
beforeEach(async () => {
  folder = await realpath(await temporaryFolder());
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

const intent: NoticeIntent = {
  target: { command: ["true"] },
  sessionId: "ses_1",
  directory: undefined,
  messageIds: ["msg_1"],
  startedAt: 1,
};
const notice = noticeOf({ sessionId: "ses_1", messageId: "msg_1", startedAt: 1, result: { error: new Error("x") } });

test("an intent is on the disk with its folder when it is written, when it has the notice, and when it is left", async () => {
  const notices = join(folder, "notices");
  using syncs = await recordSyncs(() => readdirSync(notices).find((name) => name.endsWith(".json")));
  const note = intentFiles({ folder }).note();
  const durable = [expect.stringContaining(`${notices}/new-`), notices];
  await note.write(intent);
  expect(syncs.all.splice(0).map(({ path }) => path)).toEqual([folder, ...durable]);
  await note.settled(notice);
  expect(syncs.all.splice(0).map(({ path }) => path)).toEqual(durable);
  await note.handOver();
  expect(syncs.all.splice(0).map(({ path }) => path)).toEqual(durable);
  expect(await orphanedIntents({ folder })).toMatchObject([{ messageIds: ["msg_1"], notice: { id: notice.id } }]);
  note.remove();
  expect(readdirSync(notices)).toEqual([]);
});

test("an intent that another process has removed is not written again by its notice or its hand-over", async () => {
  const note = intentFiles({ folder }).note();
  await note.write(intent);
  for (const { name } of readdirSync(join(folder, "notices"), { withFileTypes: true }))
    await rm(join(folder, "notices", name));
  await note.settled(notice);
  await note.handOver();
  expect(readdirSync(join(folder, "notices"))).toEqual([]);
});
