/** The web page on a real agent with a scripted model. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { buildWholePage } from "../../scripts/build-page.js";
import { createOpencodeServer, type OpencodeServer } from "../../src/index.js";
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

/** Starts one. */
export async function startSharedAgent(config: object = {}): Promise<SharedAgent> {
  const { model, answer } = await createLookupModel();
  const directory = await temporaryFolder();
  const given = hermeticServer(model, directory);
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
export async function startPageOn({ server, model, answer }: SharedAgent, page: string): Promise<WebFixture> {
  const directory = await temporaryFolder();
  const web = await startWeb({ baseUrl: server.url, password: server.password, directory, page, port: 0 });
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
