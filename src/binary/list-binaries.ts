/** `listBinaries()`: every place where an agent binary may be, and the binary found there. */
import { resolve } from "node:path";
import { APIAbortError } from "../errors/index.js";
import { checkOptions } from "../util/check-options.js";
import { type BinarySource, type Candidate, candidates } from "./candidates.js";
import { detectPlatform } from "./detect-platform.js";
import { inspect, type Search, versionProblem } from "./inspect.js";
import type { ResolveBinaryOptions } from "./resolve.js";

const names = { binary: true, env: true, signal: true } as const;

/** Result for one place. */
export interface BinaryVerdict {
  /** The place. */
  readonly source: BinarySource;
  /** Path of the file; `undefined` if the place does not exist. */
  readonly path: string | undefined;
  /** The release that the binary reports; `undefined` if it does not answer. */
  readonly version: string | undefined;
  /** Why the binary is not usable; `undefined` if it is. */
  readonly problem: string | undefined;
  /** True for the binary that `resolveBinary()` selects with the same options. */
  readonly isUsed: boolean;
}

/** `listBinaries()` of the package. */
export async function listBinaries(
  options: Pick<ResolveBinaryOptions, keyof typeof names> = {},
): Promise<readonly BinaryVerdict[]> {
  checkOptions(options, names, "listBinaries()");
  const { signal, env = process.env } = options;
  const search: Search = { env, platform: detectPlatform(), signal, avoid: undefined };
  const verdicts: BinaryVerdict[] = [];
  try {
    signal?.throwIfAborted();
    for await (const place of allPlaces(options.binary, search)) {
      // A named one is taken or nothing is.
      const isDecided = verdicts.some(({ isUsed, source }) => isUsed || isNamed(source));
      verdicts.push(await decider(place, search, isDecided));
    }
    return verdicts;
  } catch (error) {
    if (!signal?.aborted) throw error;
    throw new APIAbortError("The search for agent binaries was aborted.", { cause: signal.reason });
  }
}

async function* allPlaces(binary: string | undefined, { env, platform }: Search): AsyncGenerator<Candidate> {
  if (binary) yield { source: "option", path: resolve(binary) };
  const variable = env["OPENCODE_BINARY"];
  if (variable) yield { source: "OPENCODE_BINARY", path: resolve(variable) };
  yield* candidates(env, platform);
}

function isNamed(source: BinarySource): boolean {
  return source === "option" || source === "OPENCODE_BINARY";
}

async function decider(
  { source, path, reason }: Candidate,
  search: Search,
  isDecided: boolean,
): Promise<BinaryVerdict> {
  if (path === undefined) return { source, path, version: undefined, problem: reason, isUsed: false };
  const found = await inspect(path, search);
  const version = found.reason === undefined ? found.version : undefined;
  const problem = found.reason ?? versionProblem(found.version);
  const real = found.reason === undefined ? found.path : path;
  return { source, path: real, version, problem, isUsed: problem === undefined && !isDecided };
}
