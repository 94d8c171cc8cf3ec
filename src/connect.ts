/** Connecting to a running server: the part of `createOpencode` that needs no Node. */
import { createOpencodeClient } from "./client/client.js";
import { ConfigError } from "./errors.js";
import { Opencode, type OpencodeSeed } from "./opencode.js";
import { requireSupported } from "./server/health.js";
import { parseModel } from "./session/prompt.js";
import { resolveTurnOptions, type TurnDefaults } from "./session/turn-options.js";
import { type ConnectOptions, defaults } from "./types/options.js";

const turnOptionNames = [
  "model",
  "agent",
  "system",
  "variant",
  "timeout",
  "whenBusy",
  "onPermission",
  "onQuestion",
  "onPlanExit",
  "callbackTimeout",
] as const satisfies readonly (keyof TurnDefaults)[];

/** What `createOpencode` of this entry takes. */
export type OpencodeOptions = ConnectOptions & TurnDefaults;

/** Connects to a running server; `close()` never ends it. Throws as {@link OpencodeClient} calls do, and for a release it cannot talk to. */
export function createOpencode(options: OpencodeOptions): Promise<Opencode> {
  return connectOpencode(options);
}

/** Connects, checks health and release. `close()` of the result never ends the server. */
export async function connectOpencode(
  options: ConnectOptions & TurnDefaults,
  parts: Pick<OpencodeSeed, "configFiles"> = {},
): Promise<Opencode> {
  if (typeof options.baseUrl !== "string") {
    throw new ConfigError(
      'baseUrl is missing: expected the address of a running server, for example "http://127.0.0.1:4096"',
    );
  }
  const { reconnectTimeout = defaults.reconnectTimeout, requestTimeout, ...rest } = options;
  const turnDefaults = seedDefaults(options);
  const client = createOpencodeClient({
    ...pickClientOptions(rest),
    baseUrl: options.baseUrl,
    timeout: requestTimeout,
  });
  await requireSupported(client);
  return new Opencode({ client, server: undefined, defaults: turnDefaults, reconnectTimeout, ...parts });
}

function pickClientOptions({
  directory,
  workspace,
  username,
  password,
  token,
  headers,
  fetch,
  maxRetries,
  logger,
  logLevel,
}: ConnectOptions) {
  return { directory, workspace, username, password, token, headers, fetch, maxRetries, logger, logLevel };
}

/** The turn options among others, checked. */
export function seedDefaults(options: TurnDefaults): TurnDefaults {
  const given = turnOptionNames.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]);
  const picked: TurnDefaults = Object.fromEntries(given);
  if (picked.model !== undefined) parseModel(picked.model);
  resolveTurnOptions({}, picked);
  return picked;
}
