/** The web page on a real agent with a scripted model. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { buildPage } from "../../scripts/build-page.js";
import type { ScriptedModel } from "../../src/testing/index.js";
import { startWeb, type WebOptions, type WebServer } from "../../src/web/server.js";
import { createLookupModel, hermetic, type Stage, temporaryFolder } from "./stage.js";

export interface WebStage extends AsyncDisposable {
  readonly web: WebServer;
  readonly model: ScriptedModel;
  readonly directory: string;
  readonly answer: Stage["answer"];
}

/** A folder with the built page. */
export async function builtPage(): Promise<string> {
  const folder = join(await temporaryFolder(), "page");
  await buildPage(folder);
  return folder;
}

/** Starts everything, on a free port. `page`: a built page, which is yours to remove. */
export async function startWebStage(
  page: string,
  options: { readonly config?: object; readonly baseUrl?: string; readonly onUrl?: WebOptions["onUrl"] } = {},
): Promise<WebStage> {
  const { model, answer } = await createLookupModel();
  const directory = await temporaryFolder();
  const given = hermetic(model, directory);
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
