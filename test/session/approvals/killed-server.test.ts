/** A server that waits for an approval is killed and started again, while the turn waits: the approval counts for the step that is made again. */
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Opencode, type OpencodeOptions, openApprovals } from "../../../src/index.js";
import { type ScriptedModel, toolCalls } from "../../../src/testing/index.js";
import { targetOf } from "../../conformance/targets.js";
import { createLookupModel, eventually, temporaryFolder } from "../../support/fixture.js";
import { memoryStore } from "../../support/memory-store.js";
import { scaled } from "../../support/slowness.js";

const prompt = "wait for an approval";

describe.each(["1.18.33", "preview", "stand-in-2.1"] as const)("a killed server of %s", (kind) => {
  const target = targetOf(kind);
  const approvalStore = memoryStore();
  let model: ScriptedModel;
  let directory: string;
  let oc: Opencode;
  let log: string;

  beforeAll(async () => {
    directory = await temporaryFolder();
    log = join(directory, "ran.log");
    const args = { command: `echo ran >> ${log}`, description: "d" };
    const call = () => toolCalls([target.toolUse({ name: "bash", args })]);
    ({ model } = await createLookupModel(({ lastUserText, toolResults }) => {
      const hasRun = toolResults.some(({ content }) => !/interrupt|abort/i.test(content));
      if (!lastUserText.startsWith("Continue.") && lastUserText !== prompt) return undefined;
      return hasRun ? "it ran" : call();
    }));
    const given = { restart: true, unresponsiveTimeout: scaled(5_000), logLevel: "error", approvalStore };
    oc = await target.start(model, directory, given as OpencodeOptions);
  }, scaled(240_000));
  afterAll(async () => {
    await oc?.close();
    await model?.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  });

  test(`a request that waits when ${kind} is killed keeps its entry, and its approval lets the call run once`, async () => {
    const session = await oc.createSession({ title: "t" });
    const turn = { permission: { bash: "ask" }, onPermission: "park", parkAfter: 3_600_000 } as const;
    const answer = session.ask(prompt, turn);
    const approvals = openApprovals(approvalStore);
    await eventually("it is listed", async () => (await approvals.list()).length === 1);
    const [first] = await approvals.list();
    process.kill(oc.server?.pid ?? Number.NaN, "SIGKILL");
    await eventually("it was asked again", async () => {
      const [entry] = await approvals.list();
      return entry !== undefined && entry.request.id !== first?.request.id;
    });
    expect(await approvals.list()).toMatchObject([{ id: first?.id, state: "pending" }]);
    await approvals.approve(first?.id ?? "", "anna");
    expect(await answer).toMatchObject({ text: "it ran", interruptions: 1, denials: [] });
    expect(await readFile(log, "utf8")).toBe("ran\n");
    expect(await approvals.list()).toEqual([]);
  });
});
