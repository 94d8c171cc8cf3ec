/** Limits of sub-agents on a server of 2.x: the stand-in of 2.1. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { createOpencode, type Opencode } from "../../../src/index.js";
import { type Reply, toolCall } from "../../../src/testing/index.js";
import { type Stage, startStage } from "../../api/v2/stand-in/stage.js";

let stage: Stage;
let oc: Opencode;
beforeAll(async () => {
  stage = await startStage();
  const { url, password } = stage.standIn;
  oc = await createOpencode({ baseUrl: url, password, directory: stage.directory });
  stage.answer("be brief", "brief");
});
afterAll(async () => {
  await oc?.close();
  expect(stage?.standIn.readViolations()).toEqual([]);
  await stage?.[Symbol.asyncDispose]();
});

const call = (more: object = {}): Reply =>
  toolCall("subagent", { agent: "general", description: "d", prompt: "be brief", ...more });

test("a call on 2.1 that is allowed and fails before its sub-agent begins takes nothing of maxSubagents", async () => {
  stage.answer("call an unknown one", call({ sessionID: "ses_nobody" }), call(), call(), "was told");
  const stream = oc.askStream("call an unknown one", { maxSubagents: 1 });
  const { text, toolCalls, denials } = await stream.answer;
  expect(text).toBe("was told");
  expect(toolCalls.map(({ status }) => status)).toEqual(["error", "completed", "error"]);
  expect(stream.subagents()).toMatchObject([{ status: "completed" }]);
  expect(denials).toMatchObject([{ permission: "task", by: "maxSubagents" }]);
});
