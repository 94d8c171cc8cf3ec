/** A home for agents of the tests that outlives one server: nothing of the user's, and no request that leaves the machine. */
import { join } from "node:path";

/** The variables that put a home, its folders and the switches of an offline agent in place. */
export function homeVariables(home: string): Record<string, string> {
  const models = process.env["OPENCODE_TEST_MODELS"]; // not where a script uses this
  return {
    ...(models === undefined ? {} : { OPENCODE_MODELS_PATH: models }),
    HOME: home,
    USERPROFILE: home,
    XDG_DATA_HOME: join(home, "data"),
    XDG_CONFIG_HOME: join(home, "config"),
    XDG_STATE_HOME: join(home, "state"),
    XDG_CACHE_HOME: join(home, "cache"),
    npm_config_registry: "http://127.0.0.1:9", // a closed port: the agent looks for a plugin package otherwise
    OPENCODE_DISABLE_MODELS_FETCH: "1",
    OPENCODE_DISABLE_AUTOUPDATE: "1",
    OPENCODE_DISABLE_LSP_DOWNLOAD: "1",
  };
}
