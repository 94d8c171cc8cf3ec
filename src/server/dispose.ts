/** The polite half of the end of a server. */
import { disposeAddress } from "../api/v1/addresses.js";
import { loopbackRequest } from "./loopback-request.js";

/** ms for ending the running turns. */
const limit = 3_000;

/**
 * Aborts the running turns of all directories, and with them their tools: these run in process groups of their own, which a
 * signal to the server leaves running (observed on 1.18.33). Rejects when the server does not answer in time.
 */
export async function disposeTurns({
  url,
  username,
  password,
}: {
  readonly url: string;
  readonly username: string;
  readonly password: string;
}): Promise<void> {
  await loopbackRequest({ url: disposeAddress(url), method: "POST", username, password, timeout: limit });
}
