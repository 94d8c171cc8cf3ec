/** Waits until a started agent serves: it says that it listens, and then a health call with our password is answered. */
import { protocolOf, unsupportedVersion } from "../binary/version.js";
import { ServerStartupError } from "../errors/index.js";
import { linkSignals, raceAbort } from "../util/abort.js";
import { delay } from "../util/delay.js";
import { property, stringProperty } from "../util/json.js";
import type { Generation } from "./generations.js";
import { type LoopbackResponse, loopbackRequest } from "./loopback-request.js";
import type { AgentProcess } from "./spawn.js";

/** Where the server should be, and as whom it is asked. */
export interface ReadyOptions {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** The binary, for messages. */
  readonly binary: string;
  readonly generation: Generation;
  /** As the binary says it. */
  readonly binaryVersion: string;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  /** Told of each answer, also of one that is not the right one yet. */
  readonly onAnswer: () => void;
}

/**
 * Waits for the server, and resolves with its version. No request is sent before the server's first line: the server accepts an
 * earlier request and never answers it (1.18.33). Rejects also with the reason of the `signal`. The caller watches for the end of
 * the process.
 * @throws {UnsupportedServerVersionError} for a server of another generation than its binary.
 * @throws {ServerStartupError} if the server refuses our password.
 */
export async function untilReady(agent: Pick<AgentProcess, "listening">, options: ReadyOptions): Promise<string> {
  const banner = await raceAbort(agent.listening, options.signal);
  for (;;) {
    const answer = await firstAnswer(options);
    options.onAnswer();
    const version = healthyVersion(answer, banner, options);
    if (version !== undefined && (await hasBooted(options))) return version;
    await delay(50, options.signal);
  }
}

/** A server that has just begun answers its health at once, and everything else with 503. */
async function hasBooted({ url, username, password, generation, signal }: ReadyOptions): Promise<boolean> {
  const address = generation.boot?.(url);
  if (address === undefined) return true;
  const { status } = await loopbackRequest({ url: address, method: "GET", username, password, signal });
  return status !== 503;
}

/** ms after which another request is sent beside those that are open. */
const waitLimit = 5_000;

/** A slow server may take long for each: no request is given up, but another one is sent beside it. */
async function firstAnswer(options: ReadyOptions): Promise<LoopbackResponse> {
  const over = linkSignals(options.signal);
  const asked = { ...options, signal: over.signal };
  try {
    return await new Promise<LoopbackResponse>((resolve, reject) => {
      const ask = async (): Promise<never> => {
        for (;;) {
          // Nobody there: not yet. The end of the process is watched elsewhere.
          const answer = healthAnswer(asked).then(resolve, () => {});
          await Promise.race([answer, delay(waitLimit, over.signal)]);
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

/** Of the first address that exists, or of the last one. */
async function healthAnswer({ url, username, password, generation, signal }: ReadyOptions): Promise<LoopbackResponse> {
  const [first, ...others] = generation.health.map((addressOf) => addressOf(url));
  const ask = (address: string): Promise<LoopbackResponse> =>
    loopbackRequest({ url: address, method: "GET", username, password, signal });
  let answer = await ask(first ?? url);
  for (const address of others) {
    if (answer.status !== 404 && isJson(answer)) break;
    answer = await ask(address);
  }
  return answer;
}

/** The version in a health answer; `undefined` when it says "not yet". */
function healthyVersion(answer: LoopbackResponse, banner: string, options: ReadyOptions): string | undefined {
  const { url, binary, generation, binaryVersion } = options;
  const { status, body } = answer;
  const refused = status === 401 || status === 403;
  // A server of 1.x that answers so is none: its banner is longer.
  if (refused && (protocolOf(binaryVersion) === "v2" || /\bopencode server\b/.test(banner))) {
    throw new ServerStartupError(`The server on ${url} refuses the password it was started with (status ${status}).`, {
      status,
      hint: "Another program may listen on that port.",
    });
  }
  // 2.x has no path of 1.x: it answers with its web page, or with 401 to our way of logging in.
  if (refused || status === 404 || !isJson(answer)) {
    throw unsupportedVersion(protocolOf(binaryVersion) === "v2" ? "unknown" : "2.x or later", binary);
  }
  const health = parse(body);
  const isHealthy = property(health, "healthy") === true || (status === 200 && property(health, "pid") !== undefined);
  const version = stringProperty(health, "version") ?? (generation.reportsVersion ? undefined : binaryVersion);
  if (!isHealthy || version === undefined) return undefined;
  if (protocolOf(version) !== protocolOf(binaryVersion)) throw unsupportedVersion(version, binary);
  return version;
}

function isJson({ contentType }: LoopbackResponse): boolean {
  return contentType.includes("application/json");
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // judged as "not healthy"
  }
}
