/** A shell's view of the agent: a home with a configuration and a scripted model, in which commands run from start to end. */
import { mkdir, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createScriptedModel } from "../src/testing/index.js";
import { homeVariables } from "../test/support/home.js";
import { orderedReply } from "./agents.js";
import { root } from "./machine.js";
import { type Cost, runTimed } from "./processes.js";
import { plainOrder, wholeText } from "./programs/text.js";
import type { Setting } from "./question.js";

/** The prompt of all one-shots, and the answer that they must print. */
export const prompt = "What does this project do?";
const text = wholeText(plainOrder.deltas).trim();

/** Commands in one home and one directory. */
export interface Shell extends AsyncDisposable {
  readonly directory: string;
  /** Runs our command. */
  command(...args: string[]): Promise<Cost>;
  /** Runs `opencode`. */
  opencode(...args: string[]): Promise<Cost>;
  /** Runs one of the programs of the bench. */
  program(name: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Cost>;
}

/** Opens a shell with a new home. Nothing of the user's is read, and no request leaves the machine. */
export async function openShell({ binary, programs }: Setting): Promise<Shell> {
  const model = await createScriptedModel(orderedReply);
  const home = await realpath(await mkdtemp(join(tmpdir(), "opencode-ts-bench-")));
  const directory = join(home, "project");
  await mkdir(directory);
  const inherited = Object.entries(process.env).filter(([name]) => !/^(OPENCODE_|XDG_|npm_)/i.test(name));
  const { enabled_providers: _all, ...config } = model.config; // a user's configuration rarely restricts the providers
  const own = { ...homeVariables(home), OPENCODE_BINARY: binary, OPENCODE_CONFIG_CONTENT: JSON.stringify(config) };
  const env: NodeJS.ProcessEnv = { ...Object.fromEntries(inherited), ...own };
  const { bin } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const ours = join(root, bin["opencode-ts"]);
  const run = (file: string, args: readonly string[], more: object = {}): Promise<Cost> =>
    runTimed(file, args, { cwd: directory, env: { ...env, ...more } });
  return {
    directory,
    command: (...args) => run(process.execPath, [ours, ...args]),
    opencode: (...args) => run(binary, args),
    program: (name, args, more) => run(process.execPath, [join(programs, `${name}.js`), ...args], more),
    [Symbol.asyncDispose]: async () => {
      await run(process.execPath, [ours, "stop", "--all"]);
      await model.close();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The times of a one-shot that has printed the answer. */
export function answered({ wall, cpu, output }: Cost): { readonly wall: number; readonly cpu: number } {
  if (!output.includes(text)) throw new Error(`expected the answer ${text}, got ${output.slice(0, 500)}`);
  return { wall, cpu };
}
