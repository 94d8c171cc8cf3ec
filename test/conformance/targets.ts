/** The servers that the behaviours are shown on, and how each is started with a scripted model. */
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { previewBinary } from "../../scripts/agent.js";
import { createOpencode, type Opencode, type OpencodeOptions } from "../../src/index.js";
import type { ScriptedModel } from "../../src/testing/index.js";
import { testBinary } from "../support/fixture.js";
import { unhurried } from "../support/slowness.js";
import { standInBinary } from "../support/stand-in-2x/binary.js";
import type { TargetName } from "./target-names.js";

/** A tool call by the name and the arguments that the tool has on 1.x. */
export interface ToolUse {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** One kind of server. */
export interface Target {
  readonly name: TargetName;
  /** What `opencode.protocol` says. */
  readonly protocol: "v1" | "v2-preview" | "v2";
  /** The same call as the server's model makes it. */
  toolUse(use: ToolUse): ToolUse;
  /** Requests to the server that its protocol does not have; a real server does not tell them. */
  readonly readViolations?: (() => Promise<string>) | undefined;
  /** Starts a server of its own. The caller closes it. */
  start(model: ScriptedModel, directory: string, options?: OpencodeOptions): Promise<Opencode>;
}

/** The target of that name. */
export function targetOf(name: TargetName): Target {
  return targets[name];
}

const targets: Readonly<Record<TargetName, Target>> = {
  "1.18.33": {
    name: "1.18.33",
    protocol: "v1",
    toolUse: (use) => use,
    start: async (model, directory, options) => startWith(testBinary(), model, directory, options),
  },
  preview: {
    name: "preview",
    protocol: "v2-preview",
    toolUse: ({ name, args: { filePath, ...rest } }) => ({
      name,
      args: filePath === undefined ? rest : { path: filePath, ...rest },
    }),
    start: async (model, directory, options) => startWith(await previewBinary(), model, directory, options),
  },
  "stand-in-2.1": {
    name: "stand-in-2.1",
    protocol: "v2",
    toolUse: toolUseOf21,
    readViolations: () => readFile(violations, "utf8").catch(() => ""), // there is no file without one
    start: async (model, directory, options) => startWith(standInBinary(), model, directory, options),
  },
};

/** A tool call of 1.x as the model of 2.1 makes it. */
function toolUseOf21({ name, args }: ToolUse): ToolUse {
  const { filePath, subagent_type: agent, ...rest } = args;
  const renamed = {
    ...rest,
    ...(filePath === undefined ? {} : { path: filePath }),
    ...(agent === undefined ? {} : { agent }),
  };
  return { name: name === "bash" ? "shell" : name === "task" ? "subagent" : name, args: renamed };
}

/** The stand-in writes into it. */
const violations = join(tmpdir(), `violations-${process.pid}.txt`);

const agent = { general: { permission: { bash: { "echo by-the-sub-agent": "ask" } } } } as const;
const command = { greet: { template: "Greet $ARGUMENTS now", description: "Greets." } };

/** The provider has "scripted/other", too, and "scripted/small" with a context of 20,000 tokens. */
function withMoreModels(config: ScriptedModel["config"]): ScriptedModel["config"] {
  const { scripted } = config.provider ?? {};
  const model = scripted?.models?.["model"];
  const small = { ...model, name: "Small", limit: { context: 20_000, output: 1_000 } };
  const models = { ...scripted?.models, other: { ...model, name: "Other" }, small };
  return { ...config, provider: { scripted: { ...scripted, models } } };
}

function startWith(
  binary: string,
  model: ScriptedModel,
  directory: string,
  options: OpencodeOptions = {},
): Promise<Opencode> {
  const env = {
    OPENCODE_MODELS_PATH: process.env["OPENCODE_TEST_MODELS"],
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    STAND_IN_VIOLATIONS: violations,
  };
  const own = {
    directory,
    config: { ...withMoreModels(model.config), command, agent },
    isolation: "clean",
    binary,
    env,
    ...unhurried(),
  } as const;
  return createOpencode({ ...own, ...options } as OpencodeOptions); // the union's two sides
}
