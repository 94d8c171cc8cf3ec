/**
 * The setup of every example: a model and a working directory. By default the model is a script on this machine, so that no
 * key and no network are needed. `--model provider/model` uses a real model with your own logins.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { StartOptions } from "opencode-ts";
import { createScriptedModel, type Script, type ScriptedModel } from "opencode-ts/testing";

export interface Setup extends AsyncDisposable {
  /** Pass these to `ask`, `createOpencode` or `createOpencodeServer`. */
  readonly options: StartOptions;
  /** `undefined` with a real model: its exact words cannot be checked. */
  readonly scripted: ScriptedModel | undefined;
}

export interface SetupOptions {
  /** `"provider/model"`; `undefined` for the scripted one. */
  readonly model?: string | undefined;
}

/** `script` defines the replies of the scripted model. Disposing of the result removes the temporary directory. */
export async function setUp(script: Script, { model }: SetupOptions = commandLine()): Promise<Setup> {
  const directory = await mkdtemp(join(tmpdir(), "opencode-ts-example-"));
  const scripted = model === undefined ? await createScriptedModel(script) : undefined;
  return {
    // "clean" gives the server its own home: the configuration of this machine does not apply.
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
