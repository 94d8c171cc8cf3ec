/** Keys of model providers: given to the server, which stores them with its logins. */
import type { AgentApi } from "./api/agent-api.js";
import { ProviderAuthError, SessionBusyError } from "./errors/index.js";
import { environment } from "./util/logger.js";

/** An API key, or the name of the environment variable that has it. */
export type ProviderKey =
  | {
      /** The API key. */
      readonly key: string;
    }
  | {
      /** Name of an environment variable of this process. */
      readonly env: string;
    };

/**
 * Gives the server a key, and makes it reload its providers.
 *
 * @throws ProviderAuthError for an empty key or a variable that is not set; SessionBusyError while a turn runs.
 */
export async function setProviderKey(api: AgentApi, providerId: string, key: ProviderKey): Promise<void> {
  const value = "env" in key ? environment(key.env) : key.key;
  if (value === undefined || value === "") {
    const source = "env" in key ? `the environment variable ${key.env} is not set` : "the key is empty";
    throw new ProviderAuthError(`no key for the provider "${providerId}": ${source}`, {
      hint: "env" in key ? `Set ${key.env}, or log in with \`opencode auth login\`.` : "Give the provider's API key.",
    });
  }
  const running = await api.sessions.statuses();
  const [sessionId] = Object.entries(running).find(([, { type }]) => type !== "idle") ?? [];
  if (sessionId !== undefined) {
    throw new SessionBusyError("a key cannot be set while a turn is running: it would be aborted", {
      status: 409,
      sessionId,
      hint: "Set keys before the first turn, or wait: session(id).waitUntilIdle().",
    });
  }
  await api.server.setProviderKey(providerId, value);
  // Providers are loaded once per directory (1.18.33): without this the key would count from the next start on.
  if (api.capabilities.reloadsForKeys) await api.server.disposeDirectory();
}
