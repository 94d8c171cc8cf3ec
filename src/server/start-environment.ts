/** Prepares a start: the environment of the server, and what it takes by files: its password, its configuration, its list of model providers. */
import type { JsonRecord } from "../util/json.js";
import { checkConfigForm } from "./config-check.js";
import { writeConfigFolder } from "./config-folder.js";
import { checkCounterparts, inOneShape, withPlanDenial } from "./config-shape.js";
import { configOf, serverEnvironment } from "./environment.js";
import { type Generation, generationOf } from "./generations.js";
import type { ResolvedServerOptions } from "./options.js";
import { ensurePassword, passwordPath } from "./password-file.js";
import { type HomeFolders, homeOf, temporaryIn } from "./private-home.js";
import { projectConfig, requireNoProjectConfig } from "./project-config.js";
import { writeUsableProviders } from "./usable-providers.js";

/** The configuration of a server that is found to be of this generation. */
export type ConfigOf = (generation: Generation) => JsonRecord | undefined;

/** What a start is prepared for. */
export interface StartPlace {
  /** Of the binary. */
  readonly version: string;
  /** Private folder of the server. */
  readonly folder: string;
  /** Replaces the option `config`. @default that option */
  readonly configFor?: ConfigOf | undefined;
}

/** What a server is started with. */
export interface PreparedStart {
  /** With the password that the server has: the user's own, where there is one. */
  readonly plan: ResolvedServerOptions;
  readonly generation: Generation;
  /** As the binary says it, for a server that does not. */
  readonly binaryVersion: string;
  readonly env: Readonly<Record<string, string>>;
  /** Its own, when it gets one. */
  readonly home: HomeFolders | undefined;
}

/**
 * Makes the home, the environment and the files of a server.
 * @throws {ConfigError} also for a configuration that the server would drop without a word, and for a directory with a
 * configuration that it cannot be kept from.
 */
export async function prepareStart(given: ResolvedServerOptions, place: StartPlace): Promise<PreparedStart> {
  const { version: binaryVersion, folder, configFor } = place;
  const generation = generationOf(binaryVersion);
  const home = await homeOf(given.isolation, folder);
  const plan = configFor === undefined ? given : { ...given, config: { ...configFor(generation) } };
  const { env: added, config, directory } = plan;
  if (home !== undefined && generation.withoutProject === undefined) requireNoProjectConfig(directory, generation.name);
  const temporary = temporaryIn(folder);
  const parts = { inherited: process.env, added, config, password: plan.password, home, temporary, generation };
  const variables = serverEnvironment(parts);
  const env = { ...variables, ...configFolder(variables, configOf(parts), given, { generation, folder }) };
  const password =
    "file" in generation.password
      ? ensurePassword(passwordPath(env, generation.password.file), plan.password, plan.hasOwnPassword)
      : plan.password;
  const all = { ...env, ...usableProviders(env, plan, { generation, folder }) };
  return { plan: { ...plan, password }, generation, binaryVersion, env: all, home };
}

/** A server that is being prepared. */
interface Prepared {
  readonly generation: Generation;
  readonly folder: string;
}

/** None for a server that takes the configuration from a variable, and none without a configuration: the user's own folder counts. */
function configFolder(
  env: Readonly<Record<string, string>>,
  given: JsonRecord,
  { directory, config: ours, logger }: ResolvedServerOptions,
  { generation, folder }: Prepared,
): Record<string, string> {
  checkCounterparts(given, generation.idleConfig, generation.name);
  if (!("folder" in generation.config) || Object.keys(given).length === 0) return {};
  checkConfigForm(given);
  const projects = Object.keys(ours).length === 0 ? undefined : projectConfig(directory);
  if (projects !== undefined) logger.warn(`${projects} comes after the option config on ${generation.name}, and wins`);
  const config = withPlanDenial(inOneShape(given));
  const variable = generation.config.folder;
  return { [variable]: writeConfigFolder({ env, variable, config, directory, folder }) };
}

function usableProviders(
  env: Readonly<Record<string, string>>,
  { providers, directory, logger }: ResolvedServerOptions,
  { generation, folder }: Prepared,
): Record<string, string> {
  if (providers === "all") return {};
  const list = generation.hasFileLogins
    ? writeUsableProviders({ env, directory, folder })
    : { reason: `${generation.name} keeps its logins in a database` };
  if (list.path !== undefined) return { OPENCODE_MODELS_PATH: list.path };
  logger.info(`the server loads all model providers: ${list.reason}`);
  return {};
}
