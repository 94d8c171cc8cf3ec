/** The connection to a running server: the part of `createOpencode()` that needs no Node. */
import { selectApi } from "./api/select-api.js";
import { createOpencodeClient } from "./client/client.js";
import type { OpencodeSeed } from "./connection-seed.js";
import { ConfigError } from "./errors/index.js";
import { Opencode } from "./opencode.js";
import { loadOperations } from "./session/load-operations.js";
import { parseModel } from "./session/turn/prompt.js";
import { checkApprovalStore, checkBudget, checkTurnOptions } from "./session/turn-option-checks.js";
import type { TurnDefaults } from "./session/turn-options.js";
import { isToolList, toolsNeedNode } from "./tools/tool-list.js";
import { optionNames, placesOfOptions } from "./types/option-names.js";
import { type ConnectOptions, defaults } from "./types/options.js";
import { checkOptions, requireOptions } from "./util/check-options.js";
import { invalidOption } from "./util/invalid-option.js";
import { property } from "./util/json.js";

export type { TurnDefaults };

/** Options of `createOpencode()` of this entry. */
export type OpencodeOptions = ConnectOptions & TurnDefaults;

/**
 * Connects to a running server, which `close()` never ends. Rejects also as a request of {@link OpencodeClient}.
 * @throws {ConfigError} for a wrong option.
 * @throws {UnsupportedServerVersionError} for a server of an unsupported release.
 */
export function createOpencode(options: OpencodeOptions): Promise<Opencode> {
  if (isToolList(property(options, "tools"))) {
    return Promise.reject(toolsNeedNode());
  }
  return connectOpencode(options);
}

/** Connects, checks health and release. `close()` of the result never ends the server. */
export async function connectOpencode(
  options: ConnectOptions & TurnDefaults,
  parts: Pick<OpencodeSeed, "configFiles" | "permissionContext" | "hostTools" | "ended"> = {},
): Promise<Opencode> {
  requireOptions(options);
  if (typeof options.baseUrl !== "string") {
    throw new ConfigError(
      'baseUrl is missing: expected the address of a running server, for example "http://127.0.0.1:4096"',
    );
  }
  checkOptions(options, optionNames.connect, "createOpencode() with a baseUrl", {
    "a createOpencode() that starts the server, without `baseUrl`": optionNames.start,
    ...placesOfOptions,
  });
  const { reconnectTimeout = defaults.reconnectTimeout, requestTimeout, protocol, ...rest } = options;
  const turnDefaults = seedDefaults(options);
  const client = createOpencodeClient({
    ...pickClientOptions(rest),
    baseUrl: options.baseUrl,
    timeout: requestTimeout,
  });
  loadOperations();
  const selected = await selectApi(client, protocol);
  const seed = { client, server: undefined, ...selected, defaults: turnDefaults, reconnectTimeout };
  return new Opencode({ ...seed, budget: options.budget, approvalStore: options.approvalStore, ...parts });
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

/** The turn options among others, checked, with the options of the connection that every server has. */
export function seedDefaults(
  options: TurnDefaults & Pick<ConnectOptions, "reconnectTimeout" | "budget" | "approvalStore">,
): TurnDefaults {
  const entries = Object.entries(options).filter(
    ([name, value]) => value !== undefined && isDefault(name) && !(name === "tools" && isToolList(value)),
  );
  const picked: TurnDefaults = Object.fromEntries(entries);
  if (picked.model !== undefined) parseModel(picked.model);
  checkTurnOptions(picked);
  checkBudget(options.budget);
  checkApprovalStore(options.approvalStore);
  const { reconnectTimeout = 0 } = options;
  if (typeof reconnectTimeout !== "number" || !(reconnectTimeout >= 0)) {
    throw invalidOption("reconnectTimeout", "a number of milliseconds", reconnectTimeout);
  }
  return picked;
}

/** What makes sense for one turn only is no default. */
function isDefault(name: string): boolean {
  return Object.hasOwn(optionNames.turn, name) && !["signal", "schema", "files", "tools"].includes(name);
}
