/** The web page on a real agent with a scripted model. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { buildWholePage } from "../../scripts/build-page.js";
import { type Config, createOpencodeServer, type OpencodeServer } from "../../src/index.js";
import type { ScriptedModel } from "../../src/testing/index.js";
import { startWeb, type WebOptions, type WebServer } from "../../src/web/server.js";
import { createLookupModel, type Fixture, hermeticServer, temporaryFolder } from "./fixture.js";

export interface WebFixture extends AsyncDisposable {
  readonly web: WebServer;
  readonly model: ScriptedModel;
  readonly directory: string;
  readonly answer: Fixture["answer"];
}

/** A folder with the built page. */
export async function builtPage(): Promise<string> {
  const folder = join(await temporaryFolder(), "page");
  await buildWholePage(folder);
  return folder;
}

/** An agent that many pages use, one after the other: each in a directory of its own, which keeps their sessions apart. */
export interface SharedAgent extends AsyncDisposable {
  readonly server: OpencodeServer;
  readonly model: ScriptedModel;
  readonly answer: Fixture["answer"];
}

/** What is put over the configuration of the scripted model; a function is given that. */
export type ConfigChange = object | ((config: Config) => object);

/** Starts one. */
export async function startSharedAgent(change: ConfigChange = {}): Promise<SharedAgent> {
  const { model, answer } = await createLookupModel();
  const directory = await temporaryFolder();
  const given = hermeticServer(model, directory);
  const config = typeof change === "function" ? change(model.config) : change;
  const server = await createOpencodeServer({ ...given, config: { ...given.config, ...config } });
  return {
    server,
    model,
    answer,
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await model.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Starts a page on an agent that runs. */
export async function startPageOn(
  { server, model, answer }: SharedAgent,
  page: string,
  options: Pick<WebOptions, "fallbackModels"> = {},
): Promise<WebFixture> {
  const directory = await temporaryFolder();
  const { url: baseUrl, password } = server;
  const web = await startWeb({ baseUrl, password, directory, page, port: 0, ...options });
  return {
    web,
    model,
    directory,
    answer,
    [Symbol.asyncDispose]: async () => {
      await web.close();
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Starts everything, on a free port. `page`: a built page, which is yours to remove. */
export async function startWebFixture(
  page: string,
  options: { readonly config?: object; readonly baseUrl?: string; readonly onUrl?: WebOptions["onUrl"] } = {},
): Promise<WebFixture> {
  const { model, answer } = await createLookupModel();
  const directory = await temporaryFolder();
  const given = hermeticServer(model, directory);
  const config = { ...given.config, ...options.config };
  const web = await startWeb({ ...given, config, page, port: 0, onUrl: options.onUrl });
  return {
    web,
    model,
    directory,
    answer,
    [Symbol.asyncDispose]: async () => {
      await web.close();
      await model.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
