/** `listBinaries()`: every place where an agent binary may be, and the binary found there. */
import { resolve } from "node:path";
import { APIAbortError } from "../errors/index.js";
import { checkOptions } from "../util/check-options.js";
import { type BinarySource, type Candidate, candidates } from "./candidates.js";
import { detectPlatform } from "./detect-platform.js";
import { inspect, type Search } from "./inspect.js";
import type { ResolveBinaryOptions } from "./resolve.js";
import { protocolOf, protocolProblem } from "./version.js";

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
    for await (const place of allPlaces(options.binary, search)) verdicts.push(await verdictOn(place, search));
    const used = usedOf(verdicts);
    return verdicts.map((verdict) => ({ ...verdict, isUsed: verdict === used }));
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

/** As `resolveBinary()`: a named one is taken or nothing is; otherwise the first of 1.x, or else the first of 2.x. */
function usedOf(verdicts: readonly BinaryVerdict[]): BinaryVerdict | undefined {
  const named = verdicts.find(({ source }) => isNamed(source));
  if (named !== undefined) return named.problem === undefined ? named : undefined;
  const usable = verdicts.filter(({ problem }) => problem === undefined);
  return usable.find(({ version = "" }) => protocolOf(version) === "v1") ?? usable[0];
}

async function verdictOn({ source, path, reason }: Candidate, search: Search): Promise<BinaryVerdict> {
  if (path === undefined) return { source, path, version: undefined, problem: reason, isUsed: false };
  const found = await inspect(path, search);
  const version = found.reason === undefined ? found.version : undefined;
  const problem = found.reason ?? protocolProblem(found.version, "auto");
  return { source, path: found.reason === undefined ? found.path : path, version, problem, isUsed: false };
}
