/** Directories whose names 1.x changes. */
import { ConfigError } from "../../errors/index.js";

/**
 * The server decodes a session's directory once more when it runs a turn (1.18.33): in a directory named `a%41b` the agent
 * would work in `aAb`. A `%` that is not an escape is harmless.
 * @throws {ConfigError} for such a directory.
 */
export function requireExact(directory: string | undefined): void {
  if (directory === undefined || !/%[0-9a-f]{2}/i.test(directory)) return;
  try {
    if (decodeURIComponent(directory) === directory) return;
  } catch {
    return; // no valid escapes: the server leaves it as it is
  }
  throw new ConfigError(
    `directory ${JSON.stringify(directory)}: opencode would run its turns in ${JSON.stringify(decodeURIComponent(directory))}`,
    {
      hint: "Use a path without percent escapes, for example a symbolic link to it.",
    },
  );
}
