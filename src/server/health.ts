/** The first question to a server: is it one, and one that we can talk to? */
import { isSupportedVersion, unsupportedVersion } from "../binary/version.js";
import type { OpencodeClient } from "../client/client.js";
import { APIResponseValidationError } from "../errors.js";
import { property, stringProperty } from "../internal/json.js";

/** Throws `APIResponseValidationError` when what answers is not an opencode server. */
export async function readHealth(client: OpencodeClient): Promise<{ healthy: boolean; version: string }> {
  const { data } = await client.GET("/global/health");
  const healthy = property(data, "healthy");
  const version = stringProperty(data, "version");
  if (typeof healthy !== "boolean" || version === undefined) {
    throw new APIResponseValidationError(
      `${client.baseUrl} is not an opencode server: it answers GET /global/health with something else`,
      {
        // What it is instead is not kept: it may be anything, of any size.
        method: "GET",
        path: "/global/health",
        hint: "Check the base URL: `opencode serve` prints it.",
      },
    );
  }
  return { healthy, version };
}

/** Throws `UnsupportedServerVersionError` for a release with other routes. */
export async function requireSupported(client: OpencodeClient): Promise<{ version: string }> {
  const { version } = await readHealth(client);
  // A build from source calls itself "local" or 0.0.0-…: whoever runs one knows.
  if (!isSupportedVersion(version) && /^[1-9]/.test(version)) throw unsupportedVersion(version);
  return { version };
}
