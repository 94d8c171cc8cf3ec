/** The polite half of the end of a server. */
import { property } from "../util/json.js";
import { generationOf } from "./generations.js";
import { type LoopbackRequest, type LoopbackResponse, loopbackRequest } from "./loopback-request.js";

/** ms for ending the running turns. */
const limit = 3_000;

/** A server that answers. */
interface EndingServer extends Pick<LoopbackRequest, "username" | "password"> {
  readonly url: string;
  readonly version: string;
}

/**
 * Ends the runs of all directories, and with them their tools: these run in process groups of their own, which a signal to the
 * server leaves running (observed on 1.18.33). Rejects when the server does not answer in time.
 */
export async function disposeTurns({ url, version, username, password }: EndingServer): Promise<void> {
  const { end } = generationOf(version);
  const until = Date.now() + limit;
  const ask = (method: LoopbackRequest["method"], address: string): Promise<LoopbackResponse> =>
    loopbackRequest({ url: address, method, username, password, timeout: Math.max(1, until - Date.now()) });
  if ("all" in end) {
    await ask("POST", end.all(url));
    return;
  }
  const { body } = await ask("GET", end.list(url));
  const running = Object.keys(property(JSON.parse(body), "data") ?? {});
  await Promise.all(running.map((sessionId) => ask("POST", end.one(url, sessionId))));
}
