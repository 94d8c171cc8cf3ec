/** A scripted model, a home and a directory for kept servers; whatever is kept is stopped in the end. */
import { rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { vi } from "vitest";
import { stopAllKept } from "../../src/kept.js";
import type { ScriptedModel } from "../../src/testing/index.js";
import { createLookupModel, type Fixture, temporaryFolder, testBinary } from "./fixture.js";
import { homeVariables } from "./home.js";

export interface DaemonFixture {
  readonly model: ScriptedModel;
  readonly answer: Fixture["answer"];
  readonly home: string;
  readonly directory: string;
  /** What a process needs to see the same registry, agent and model. */
  readonly env: Record<string, string>;
  /** To be called in the end. */
  close(): Promise<void>;
}

/** Makes one, and puts its environment in place. */
export async function keptFixture(): Promise<DaemonFixture> {
  const { model, answer } = await createLookupModel();
  const home = await temporaryFolder();
  const directory = await temporaryFolder();
  const env = {
    ...homeVariables(home),
    OPENCODE_BINARY: testBinary(),
    OPENCODE_CONFIG_CONTENT: JSON.stringify(model.config),
    OPENCODE_LOG: "warn",
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const close = async (): Promise<void> => {
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value); // a test may have ended them
    await stopAllKept();
    vi.unstubAllEnvs();
    await model.close();
    for (const folder of [home, directory]) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  return { model, answer, home, directory, env, close };
}

/**
 * Environment of a kept server that is to tell notices of killed clients: the program for it is a file of the package, here one of the source,
 * which Node reads with tsx.
 */
export const tellerEnvironment: { readonly NODE_OPTIONS: string } = {
  NODE_OPTIONS: `--import ${pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href}`,
};

/** The registry's folder in the home of a fixture. */
export function keptFolderOf({ home }: DaemonFixture): string {
  return join(home, "state", "opencode-ts", "kept");
}
