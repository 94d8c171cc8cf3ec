/** The environment of a server that starts: with its list of model providers, if it gets one. */
import { serverEnvironment } from "./environment.js";
import type { ResolvedServerOptions } from "./options.js";
import { type HomeFolders, temporaryIn } from "./private-home.js";
import { writeUsableProviders } from "./usable-providers.js";

/** As `serverEnvironment()`. `folder`: the private folder of the server. */
export function startEnvironment(
  plan: ResolvedServerOptions,
  folder: string,
  home: HomeFolders | undefined,
): Record<string, string> {
  const { env: added, config, password, directory, logger } = plan;
  const temporary = temporaryIn(folder);
  const env = serverEnvironment({ inherited: process.env, added, config, password, home, temporary });
  if (plan.providers === "all") return env;
  const list = writeUsableProviders({ env, directory, folder });
  if (list.path !== undefined) return { ...env, OPENCODE_MODELS_PATH: list.path };
  logger.info(`the server loads all model providers: ${list.reason}`);
  return env;
}
