/** The option `config` takes both shapes of the agent's configuration without a cast: the types are checked with the tests. */
import { expect, expectTypeOf, test } from "vitest";
import type { AnyConfig, Config, ServerOptions, StartOptions } from "../../src/index.js";

const ofV1 = {
  model: "scripted/model",
  provider: { scripted: { npm: "@ai-sdk/openai-compatible", options: { baseURL: "http://127.0.0.1:1/v1" } } },
  permission: { bash: { "*": "ask" } },
} satisfies Config;

const ofV2 = {
  model: "fake/echo",
  share: "disabled",
  providers: {
    fake: {
      name: "Fake",
      api: {
        type: "aisdk",
        package: "@ai-sdk/openai-compatible",
        url: "http://127.0.0.1:1/v1",
        settings: { apiKey: "x" },
      },
      models: { echo: { name: "Echo", limit: { context: 100_000, output: 4_000 } } },
    },
  },
  permissions: [{ action: "bash", resource: "*", effect: "ask" }],
  agents: { rev: { system: "Review.", mode: "primary", steps: 2 } },
  commands: { hey: { template: "Hey $ARGUMENTS" } },
} satisfies AnyConfig;

test("the option config takes the shape of 1.x and the shape of 2.x without a cast", () => {
  const both: readonly ServerOptions[] = [{ config: ofV1 }, { config: ofV2 }];
  expect(both).toHaveLength(2);
  expectTypeOf<Config>().toExtend<NonNullable<StartOptions["config"]>>();
  // @ts-expect-error: no effect has this name
  const wrong: AnyConfig = { permissions: [{ action: "bash", resource: "*", effect: "maybe" }] };
  expect(wrong).toBeDefined();
});
