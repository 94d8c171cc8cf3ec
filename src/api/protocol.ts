/** The first question to a server: is it one, and one that we can talk to? */
import { isSupportedVersion, unsupportedVersion } from "../binary/version.js";
import type { OpencodeClient } from "../client/client.js";
import {
  APIResponseValidationError,
  AuthenticationError,
  isOpencodeError,
  NotFoundError,
  UnsupportedEndpointError,
} from "../errors/index.js";
import { property, stringProperty } from "../util/json.js";

/** Throws `APIResponseValidationError` when what answers is not an opencode server. */
export async function readHealth(client: OpencodeClient): Promise<{ healthy: boolean; version: string }> {
  const { data } = await client.GET("/global/health");
  const healthy = property(data, "healthy");
  const version = stringProperty(data, "version");
  if (typeof healthy !== "boolean" || version === undefined) {
    throw noServer(client);
  }
  return { healthy, version };
}

/**
 * Throws `UnsupportedServerVersionError` for a release with other routes, and `APIResponseValidationError` or `UnsupportedEndpointError` for
 * what is no opencode server.
 * 2.x is asked for only where 1.x does not answer: 1.15 and later have its routes, too.
 */
export async function requireSupported(client: OpencodeClient): Promise<{ version: string }> {
  const { version } = await readHealth(client).catch(async (error: unknown) => {
    if (await isSecond(client, error)) throw unsupportedVersion("2.x");
    throw error instanceof NotFoundError ? noServer(client, error) : error;
  });
  // A build from source calls itself "local" or 0.0.0-…: whoever runs one knows.
  if (!isSupportedVersion(version) && /^[1-9]/.test(version)) throw unsupportedVersion(version);
  return { version };
}

/**
 * Is it a 2.x server? Its preview answers 404 without a body, whatever the password, and has `/api/health`; later ones answer with 401
 * or a web page, and have `/api/info`. Both answer 401 with a `_tag` to a wrong password. (Measured on 2.0 preview 1.18.18; later ones
 * as their documents say.)
 */
async function isSecond(client: OpencodeClient, error: unknown): Promise<boolean> {
  const isPreviews = error instanceof NotFoundError && (error.body === undefined || error.body === "");
  if (!isPreviews && !(error instanceof AuthenticationError || error instanceof UnsupportedEndpointError)) return false;
  try {
    const { data } = await client.request("GET", isPreviews ? "/api/health" : "/api/info");
    return isPreviews ? property(data, "healthy") === true : typeof property(data, "pid") === "number";
  } catch (answer) {
    if (!isOpencodeError(answer)) throw answer;
    const { status, body } = answer;
    if (status === 503 && property(body, "code") === "service_starting") return true;
    return status === 401 && stringProperty(body, "_tag") !== undefined;
  }
}

function noServer({ baseUrl }: OpencodeClient, cause?: unknown): APIResponseValidationError {
  return new APIResponseValidationError(
    `${baseUrl} is not an opencode server: it answers GET /global/health with something else`,
    {
      // What it is instead is not kept: it may be anything, of any size.
      method: "GET",
      path: "/global/health",
      hint: "Check the base URL: `opencode serve` prints it.",
      cause,
    },
  );
}
