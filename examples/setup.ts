/**
 * What every example needs and none is about: a model and a directory to work in. By default the model is a script on this
 * machine, so that no key and no network are needed; `--model provider/model` takes a real one, with your own logins.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { StartOptions } from "opencode-ts";
import { createScriptedModel, type Script, type ScriptedModel } from "opencode-ts/testing";

export interface Setup extends AsyncDisposable {
  /** Give them to `ask`, `createOpencode` or `createOpencodeServer`. */
  readonly options: StartOptions;
  /** `undefined` with a real model: what it says cannot be checked word by word. */
  readonly scripted: ScriptedModel | undefined;
}

export interface SetupOptions {
  /** `"provider/model"`; `undefined` for the scripted one. */
  readonly model?: string | undefined;
}

/** `script` says what the scripted model answers. The temporary directory goes when the result is disposed of. */
export async function setUp(script: Script, { model }: SetupOptions = commandLine()): Promise<Setup> {
  const directory = await mkdtemp(join(tmpdir(), "opencode-ts-example-"));
  const scripted = model === undefined ? await createScriptedModel(script) : undefined;
  return {
    // "clean" gives the server a home of its own: what is configured on this machine does not count.
    options: scripted === undefined ? { directory, model } : { directory, config: scripted.config, isolation: "clean" },
    scripted,
    [Symbol.asyncDispose]: async () => {
      await scripted?.close();
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function commandLine(): SetupOptions {
  return parseArgs({ options: { model: { type: "string" } } }).values;
}
