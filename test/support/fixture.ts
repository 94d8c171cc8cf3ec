/** A real server with a scripted model, where every test says what the model answers to its own prompts. */
import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  createOpencode,
  type Opencode,
  type OpencodeOptions,
  type ServerOptions,
  type StartOptions,
} from "../../src/index.js";
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
  return fromSetup("OPENCODE_TEST_BINARY");
}

/** A stand-in for it: servers of a worker's tests are one (`shared-agents.ts`). */
export function sharedBinary(): string {
  return fromSetup("OPENCODE_TEST_SHARED_BINARY");
}

function fromSetup(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: the global setup has not run`);
  return value;
}

/**
 * A new folder that is its own real path. The folder around it is for the configuration of a shared agent.
 * @param beside another one: the agent has the same configuration in both.
 */
export async function temporaryFolder(beside?: string): Promise<string> {
  if (beside !== undefined) return mkdtemp(join(dirname(beside), "work-"));
  const folder = join(await realpath(await mkdtemp(join(tmpdir(), "opencode-ts-folder-"))), "work");
  await mkdir(folder);
  return folder;
}

/** What every server of the tests is started with. */
export function hermetic(model: ScriptedModel, directory: string): StartOptions {
  return { ...hermeticServer(model, directory), ...unhurried() };
}

/** The same without what only a client can be given. */
export function hermeticServer(model: ScriptedModel, directory: string): ServerOptions {
  const { serverTimeout } = unhurried();
  const env = { OPENCODE_MODELS_PATH: fromSetup("OPENCODE_TEST_MODELS") };
  return { directory, config: model.config, isolation: "clean", binary: testBinary(), env, serverTimeout };
}

/**
 * `hermetic()` with the agent that the tests of this worker share. For a directory of `temporaryFolder()`, and for tests
 * that neither look into the process and the home of the server nor end it by force.
 */
export function shared(model: ScriptedModel, directory: string): StartOptions {
  // The stand-in works for nobody: nothing shows whether the agent behind it does.
  return { ...hermetic(model, directory), ...sharedServer(model, directory), unresponsiveTimeout: Infinity };
}

/** `hermeticServer()` with the same agent. */
export function sharedServer(model: ScriptedModel, directory: string): ServerOptions {
  return { ...hermeticServer(model, directory), binary: sharedBinary() };
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

/** Starts a model, and a client on the shared agent (see `shared()`). */
export async function startFixture(
  options: Partial<OpencodeOptions> = {},
  ...first: Parameters<typeof createLookupModel>
): Promise<Fixture> {
  const own = ["env", "isolation", "restart", "unresponsiveTimeout"].filter((name) => name in options);
  if (own.length > 0) throw new Error(`a shared agent has no ${own.join(", ")} of its own: startOwnFixture()`);
  return start(shared, options, ...first);
}

/** Starts a model and an agent of its own, with which a test may do what it likes. */
export function startOwnFixture(
  options: Partial<OpencodeOptions> = {},
  ...first: Parameters<typeof createLookupModel>
): Promise<Fixture> {
  return start(hermetic, options, ...first);
}

async function start(
  agent: typeof hermetic,
  options: Partial<OpencodeOptions>,
  ...first: Parameters<typeof createLookupModel>
): Promise<Fixture> {
  const { model, answer } = await createLookupModel(...first);
  const directory = await temporaryFolder();
  const given = agent(model, directory);
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
