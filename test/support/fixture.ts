/** A real server with a scripted model, where every test says what the model answers to its own prompts. */
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createOpencode, type Opencode, type OpencodeOptions, type ServerOptions } from "../../src/index.js";
import {
  createScriptedModel,
  type ModelRequest,
  type Reply,
  type ScriptedModel,
  type ScriptedModelOptions,
} from "../../src/testing/index.js";
import { unhurried } from "./slowness.js";

export { eventually } from "./slowness.js";

export interface Fixture extends AsyncDisposable {
  readonly oc: Opencode;
  readonly model: ScriptedModel;
  readonly directory: string;
  /** What the model answers, step by step, when the last user text is `prompt`. The last reply is repeated. */
  answer(prompt: string, ...replies: (Reply | ((request: ModelRequest) => Reply))[]): void;
}

/** The agent's binary, found by the global setup. */
export function testBinary(): string {
  const path = process.env["OPENCODE_TEST_BINARY"];
  if (path === undefined) throw new Error("OPENCODE_TEST_BINARY is not set: the global setup has not run");
  return path;
}

/** A new folder that is its own real path. */
export async function temporaryFolder(): Promise<string> {
  return realpath(await mkdtemp(join(tmpdir(), "opencode-ts-test-")));
}

/** What every server of the tests is started with. */
export function hermetic(model: ScriptedModel, directory: string): OpencodeOptions & { baseUrl?: undefined } {
  return { directory, config: model.config, isolation: "clean", binary: testBinary(), ...unhurried() };
}

/** The same without what only a client can be given. */
export function hermeticServer(model: ScriptedModel, directory: string): ServerOptions {
  const { serverTimeout } = unhurried();
  return { directory, config: model.config, isolation: "clean", binary: testBinary(), serverTimeout };
}

/** A model whose replies are looked up by prompt, after `first` had nothing to say. */
export async function createLookupModel(
  first: (request: ModelRequest) => Reply | undefined = () => undefined,
  options: ScriptedModelOptions = {},
): Promise<{ model: ScriptedModel; answer: Fixture["answer"] }> {
  const scripts = new Map<string, (Reply | ((request: ModelRequest) => Reply))[]>();
  const model = await createScriptedModel((request) => {
    const own = first(request);
    if (own !== undefined) return own;
    const replies = scripts.get(request.lastUserText);
    if (replies === undefined) return `echo: ${request.lastUserText}`;
    const reply = replies[Math.min(request.stepIndex, replies.length - 1)];
    if (reply === undefined) throw new Error(`no reply for ${request.lastUserText}`);
    return typeof reply === "function" ? reply(request) : reply;
  }, options);
  return { model, answer: (prompt, ...replies) => scripts.set(prompt, replies) };
}

/** Starts both. */
export async function startFixture(
  options: Partial<OpencodeOptions> = {},
  ...first: Parameters<typeof createLookupModel>
): Promise<Fixture> {
  const { model, answer } = await createLookupModel(...first);
  const directory = await temporaryFolder();
  const given = hermetic(model, directory);
  const config = { ...given.config, ...("config" in options ? options.config : {}) };
  const oc = await createOpencode({ ...given, ...options, config } as OpencodeOptions); // the union's two sides
  return {
    oc,
    model,
    directory,
    answer,
    [Symbol.asyncDispose]: async () => {
      await oc.close();
      await model.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
