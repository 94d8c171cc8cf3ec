/** Sub-agents below sub-agents, the plan agent and its way out, and the agent's questions. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PermissionRequest, PlanExitHandler, QuestionRequest } from "../../../src/index.js";
import { toolCall } from "../../../src/testing/index.js";
import { type Fixture, startFixture } from "../../support/fixture.js";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture({
    config: {
      subagent_depth: 3,
      agent: { general: { permission: { bash: { "*": "ask", "rm *": "deny" }, task: "allow" } } },
    },
    // Without these the agent has no tool to leave plan mode with (1.18.33).
    env: { OPENCODE_EXPERIMENTAL_PLAN_MODE: "1", OPENCODE_CLIENT: "cli" },
  });
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const task = (prompt: string) => toolCall("task", { description: "d", prompt, subagent_type: "general" });
const bash = (command: string) => toolCall("bash", { command, description: "d" });

describe("a sub-agent of a sub-agent", () => {
  test("a permission request of a nested sub-agent has the whole chain of sessions", async () => {
    fixture.answer("top", task("middle"), "top done");
    fixture.answer("middle", task("bottom"), "middle done");
    fixture.answer("bottom", bash("echo from-below"), ({ toolResults }) => `bottom: ${toolResults[0]?.content.trim()}`);
    const asked: PermissionRequest[] = [];
    const stream = fixture.oc.askStream("top", {
      onPermission: (request) => {
        asked.push(request);
        return "once";
      },
    });
    const parents = new Map<string, string>();
    for await (const event of stream.events)
      if (event.type === "subagent" && event.event === undefined) parents.set(event.sessionId, event.parentId);
    const answer = await stream.answer;
    expect(answer).toMatchObject({ text: "top done", denials: [] });
    expect(asked).toHaveLength(1);
    const [root = "", middle = "", bottom = ""] = asked[0]?.chain ?? [];
    expect(asked[0]).toMatchObject({ permission: "bash", patterns: ["echo from-below"], sessionId: bottom });
    expect(root).toBe(answer.sessionId);
    expect([...parents]).toEqual([
      [middle, root],
      [bottom, middle],
    ]);
    const texts = fixture.model.requests.flatMap(({ toolResults }) => toolResults.map(({ content }) => content));
    expect(texts.some((text) => text.includes("bottom: from-below"))).toBe(true);
    expect(answer.usage.input).toBe(60);
  });

  test("the refusals of a nested sub-agent without a handler are in the denials of the turn", async () => {
    fixture.answer("top two", task("middle two"), "top two done");
    fixture.answer("middle two", task("bottom two"), "middle two done");
    fixture.answer("bottom two", bash("echo x"), bash("rm x"), "bottom two done");
    const answer = await fixture.oc.ask("top two");
    expect(answer.text).toBe("top two done");
    expect(answer.denials).toMatchObject([
      { permission: "bash", patterns: ["echo x"] },
      { permission: "bash", patterns: ["rm x"], reason: expect.stringMatching(/^The user has specified a rule/) },
    ]);
    const sessions = new Set(answer.denials.map(({ sessionId }) => sessionId));
    expect(sessions.size).toBe(1);
    expect(sessions.has(answer.sessionId)).toBe(false);
  });
});

describe("the plan agent", () => {
  test("the plan agent may read a file, its edit is refused, and the turn gives an answer", async () => {
    const path = join(fixture.directory, "plan-target.txt");
    await writeFile(path, "as it was\n");
    fixture.answer(
      "plan a change",
      toolCall("read", { filePath: path }),
      toolCall("edit", { filePath: path, oldString: "as it was", newString: "changed" }),
      "here is the plan",
    );
    const answer = await fixture.oc.ask("plan a change", { agent: "plan" });
    expect(answer.text).toBe("here is the plan");
    expect(answer.toolCalls.map(({ tool, status }) => `${tool} ${status}`)).toEqual(["read completed", "edit error"]);
    expect(answer.denials).toMatchObject([{ permission: "edit" }]);
    expect(await readFile(path, "utf8")).toBe("as it was\n");
  });

  test("the plan agent leaves plan mode when onPlanExit returns true, and the build agent answers", async () => {
    fixture.answer("plan then build", toolCall("plan_exit", {}), "still planning");
    const asked: QuestionRequest[] = [];
    const session = await fixture.oc.createSession();
    const answer = await session.ask("plan then build", {
      agent: "plan",
      onPlanExit: (question) => {
        asked.push(question);
        return true;
      },
    });
    expect(asked).toHaveLength(1);
    expect(asked[0]?.sessionId).toBe(session.id);
    expect(answer.text).toMatch(/^echo: The plan at .* has been approved/);
    const agents = (await session.messages()).map(({ info }) => (info.role === "assistant" ? info.agent : info.role));
    expect(agents).toEqual(["user", "plan", "user", "build"]);
  });

  test("the plan agent leaves plan mode when a reader of the events replies with true", async () => {
    fixture.answer("plan by reply", toolCall("plan_exit", {}), "still planning");
    const session = await fixture.oc.createSession();
    const stream = session.askStream("plan by reply", { agent: "plan" });
    for await (const event of stream.events) if (event.type === "question") await fixture.oc.reply(event.id, true);
    expect((await stream.answer).text).toMatch(/^echo: The plan at .* has been approved/);
  });

  test.each<[string, PlanExitHandler]>([
    ["says no", () => false],
    ["throws", () => Promise.reject(new Error("boom"))],
  ])("the plan agent stays in plan mode when onPlanExit %s", async (what, onPlanExit) => {
    fixture.answer(`plan only ${what}`, toolCall("plan_exit", {}), "still planning");
    const session = await fixture.oc.createSession();
    const answer = await session.ask(`plan only ${what}`, { agent: "plan", onPlanExit });
    expect(answer.toolCalls).toMatchObject([{ tool: "plan_exit" }]);
    const agents = (await session.messages()).map(({ info }) => (info.role === "assistant" ? info.agent : info.role));
    expect(agents).not.toContain("build");
  });
});

describe("a question of the agent", () => {
  const options = ["red", "green", "blue"].map((label) => ({ label, description: label }));
  const questions = [
    { question: "Which colour?", header: "Colour", options },
    { question: "Which ones?", header: "More", options, multiple: true },
  ];
  const ask = (prompt: string): void =>
    fixture.answer(prompt, toolCall("question", { questions }), ({ toolResults }) => toolResults[0]?.content ?? "");

  test("a question of the agent is answered with one label, several labels or free text", async () => {
    ask("two questions");
    const asked: QuestionRequest[] = [];
    const answer = await fixture.oc.ask("two questions", {
      onQuestion: (question) => {
        asked.push(question);
        return [["green"], ["red", "something else"]];
      },
    });
    expect(asked[0]?.questions.map(({ header, multiple }) => [header, multiple])).toEqual([
      ["Colour", false],
      ["More", true],
    ]);
    expect(asked[0]?.questions[0]?.options.map(({ label }) => label)).toEqual(["red", "green", "blue"]);
    expect(answer.text).toContain('"Which colour?"="green"');
    expect(answer.text).toContain('"Which ones?"="red, something else"');
  });

  test("the agent goes on after a question without a handler, or with a handler that throws", async () => {
    ask("nobody there");
    expect((await fixture.oc.ask("nobody there")).text).toMatch(/unanswered/i);
    ask("handler fails");
    const answer = await fixture.oc.ask("handler fails", { onQuestion: () => Promise.reject(new Error("boom")) });
    expect(answer.text).toMatch(/unanswered/i);
  });

  test("a rejected question ends the run without an error", async () => {
    ask("rejected question");
    const answer = await fixture.oc.ask("rejected question", { onQuestion: () => "reject" });
    expect(answer.finishReason).toBe("tool-calls");
    expect(answer.toolCalls).toMatchObject([{ tool: "question", status: "error" }]);
    expect(fixture.model.calls("rejected question")).toBe(1);
  });
});
