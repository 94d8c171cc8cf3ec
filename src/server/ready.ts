/** Waits until a started agent serves: it says that it listens, and then a health call with our password is answered. */
import { healthAddress } from "../api/v1/addresses.js";
import { isSupportedVersion, unsupportedVersion } from "../binary/version.js";
import { ServerStartupError } from "../errors/index.js";
import { linkSignals, raceAbort } from "../util/abort.js";
import { delay } from "../util/delay.js";
import { property, stringProperty } from "../util/json.js";
import { type LoopbackResponse, loopbackRequest } from "./loopback-request.js";
import type { AgentProcess } from "./spawn.js";

/** Where the server should be, and as whom it is asked. */
export interface ReadyOptions {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** The binary, for messages. */
  readonly binary: string;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Told of each answer, also of one that is not the right one yet. */
  readonly onAnswer: () => void;
}

/**
 * Waits for the server, and resolves with its version. No request is sent before the server's first line: the server accepts an
 * earlier request and never answers it (1.18.33). Rejects also with the reason of the `signal`. The caller watches for the end of
 * the process.
 * @throws {UnsupportedServerVersionError} for a server that is not 1.x.
 * @throws {ServerStartupError} if the server refuses our password.
 */
export async function untilReady(agent: Pick<AgentProcess, "listening">, options: ReadyOptions): Promise<string> {
  const banner = await raceAbort(agent.listening, options.signal);
  for (;;) {
    const answer = await firstAnswer(options);
    options.onAnswer();
    const version = healthyVersion(answer, banner, options);
    if (version !== undefined) return version;
    await delay(50, options.signal);
  }
}

/** ms after which another request is sent beside those that are open. */
const waitLimit = 5_000;

/** A slow server may take long for each: no request is given up, but another one is sent beside it. */
async function firstAnswer({ url, username, password, signal }: ReadyOptions): Promise<LoopbackResponse> {
  const over = linkSignals(signal);
  const request = { url: healthAddress(url), method: "GET", username, password, signal: over.signal } as const;
  try {
    return await new Promise<LoopbackResponse>((resolve, reject) => {
      const ask = async (): Promise<never> => {
        for (;;) {
          // Nobody there: not yet. The end of the process is watched elsewhere.
          const asked = loopbackRequest(request).then(resolve, () => {});
          await Promise.race([asked, delay(waitLimit, over.signal)]);
          await delay(50, over.signal);
        }
      };
      ask().catch(reject);
    });
  } finally {
    over.release();
    over.abort(); // what is still open
  }
}

/** The version in a health answer; `undefined` when it says "not yet". */
function healthyVersion(answer: LoopbackResponse, banner: string, { url, binary }: ReadyOptions): string | undefined {
  const { status, contentType, body } = answer;
  const refused = status === 401 || status === 403;
  if (refused && /\bopencode server\b/.test(banner)) {
    throw new ServerStartupError(`The server on ${url} refuses the password it was started with (status ${status}).`, {
      status,
      hint: "Another program may listen on that port.",
    });
  }
  // 2.x has no such path: it answers with its web page, or with 401 to our way of logging in. Its banner is shorter, too.
  if (refused || status === 404 || !contentType.includes("application/json"))
    throw unsupportedVersion("2.x or later", binary);
  const health = parse(body);
  const version = stringProperty(health, "version");
  if (property(health, "healthy") !== true || version === undefined) return undefined;
  if (!isSupportedVersion(version)) throw unsupportedVersion(version, binary);
  return version;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // judged as "not healthy"
  }
}
