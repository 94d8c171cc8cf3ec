/** Options of the wrong kind, as JavaScript can give them: told in words, before anything is sent. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ask, createOpencode, defineTool } from "../../src/index.js";
import { type Fixture, startFixture } from "../support/fixture.js";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

const configError = (message: RegExp) => ({ name: "ConfigError", message: expect.stringMatching(message) });

describe("an option of a turn", () => {
  test.each([
    [{ maxSteps: Number.NaN }, /^Expected the `maxSteps` option to be a number above 0, got `NaN` \(number\)$/],
    [{ maxTokens: -1 }, /^Expected the `maxTokens` option to be a number above 0, got `-1` \(number\)$/],
    [
      { maxRepairs: Number.POSITIVE_INFINITY },
      /^Expected the `maxRepairs` option to be a whole number from 0 on, got `Infinity` \(number\)$/,
    ],
    [
      { timeout: "5s" },
      /^Expected the `timeout` option to be a number of milliseconds above 0, got `"5s"` \(string\)$/,
    ],
    [{ system: 5 }, /^Expected the `system` option to be a string, got `5` \(number\)$/],
    [{ agent: ["build"] }, /^Expected the `agent` option to be a string, got an array$/],
    [{ variant: false }, /^Expected the `variant` option to be a string, got `false` \(boolean\)$/],
    [{ signal: null }, /^Expected the `signal` option to be an AbortSignal, got `null`$/],
    [{ timeuot: 5 }, /^there is no option "timeuot"; did you mean "timeout"\?$/],
    [{ maxcost: 0.1 }, /^there is no option "maxcost"; did you mean "maxCost"\?$/],
    [null, /^options must be an object; got null$/],
    ["quick", /^options must be an object; got string$/],
    [[], /^options must be an object; got an array$/],
  ])("wrong options of a turn (%o) are a ConfigError before anything is stored", async (options, message) => {
    const given = options as never; // what the types would not let through
    const before = fixture.model.requests.length;
    const session = await fixture.oc.createSession();
    for (const asking of [() => fixture.oc.ask("x", given), () => session.ask("x", given), () => ask("x", given)])
      await expect(asking()).rejects.toMatchObject(configError(message));
    expect(await session.messages()).toEqual([]);
    expect(fixture.model.requests).toHaveLength(before);
  });

  test.each([
    [{ verbosity: 3 }, /^there is no option "verbosity"$/, /^The options of ask\(\) are model, agent, .*messageId/],
    [{ budgt: 1 }, /^there is no option "budgt"; did you mean "maxCost"\?$/, /maxCost/],
    [{ maxTurns: 3 }, /^there is no option "maxTurns"; did you mean "maxSteps"\?$/, /maxSteps/],
    [{ serverTimeout: 3 }, /^"serverTimeout" is no option of ask\(\)$/, /^Give it to createOpencode\(\)/],
    [{ keep: true }, /^"keep" is no option of ask\(\)$/, /^Give it to the function ask\(\)\.$/],
    [{ parentId: "ses_1" }, /^"parentId" is no option of ask\(\)$/, /^Give it to createSession\(\)\.$/],
    [{ reviewer: { model: "a/b", rubric: "x", timout: 5 } }, /did you mean "timeout"/, /^The options of reviewer are/],
    [{ hooks: { preToolUse: { macher: "bash", run: () => {} } } }, /did you mean "matcher"/, /matcher, run/],
  ])("an unknown turn option (%o) is a ConfigError with a hint to valid options", async (options, message, hint) => {
    const wrong = { ...configError(message), hint: expect.stringMatching(hint) };
    const session = await fixture.oc.createSession();
    await expect(fixture.oc.ask("x", options as never)).rejects.toMatchObject(wrong);
    await expect(session.ask("x", options as never)).rejects.toMatchObject(wrong);
  });

  test("an undefined option of a turn counts as not given, even under an unknown name", async () => {
    const options = { maxSteps: 5, verbosity: undefined, detach: false };
    expect(String(await fixture.oc.ask("others", options))).toBe("echo: others");
  });
});

describe("options of createOpencode and createSession", () => {
  const tool = defineTool({ name: "t", description: "d", input: { type: "object" }, execute: () => 1 });

  test.each([
    [
      { tools: tool },
      /^Expected the `tools` option to be a list of tools made by defineTool\(\), for createOpencode\(\), got /,
    ],
    [{ tools: { only: ["read"] } }, /^Expected the `tools` option to be a list of tools/],
    [{ maxcost: 1 }, /did you mean "maxCost"/],
    [{ serverTimout: 1 }, /did you mean "serverTimeout"/],
    [{ messageId: "msg_1" }, /^"messageId" is no option of createOpencode\(\)$/],
    [
      { baseUrl: "http://127.0.0.1:1", isolation: "clean" },
      /^"binary" is no option of createOpencode\(\) with a baseUrl$/,
    ],
    [{ username: "me" }, /^"username" is no option of createOpencode\(\)$/],
    [null, /^options must be an object; got null$/],
  ])("wrong options of createOpencode (%o) are a ConfigError before a server starts", async (options, message) => {
    const given = { binary: "/nowhere/opencode", ...options };
    await expect(createOpencode((options === null ? null : given) as never)).rejects.toMatchObject(
      configError(message),
    );
  });

  test("createSession rejects a misspelled option with the nearest name", async () => {
    const made = fixture.oc.createSession({ permisionMode: "readOnly" } as never);
    await expect(made).rejects.toMatchObject(configError(/did you mean "permissionMode"/));
  });
});
