/** Asks the releases API what a release has. */
import { BinaryDownloadError } from "../../errors/index.js";
import { isRecord, numberProperty, parseJson, property, stringProperty } from "../../util/json.js";
import type { LevelLogger } from "../../util/logger.js";
import type { ReleaseAsset } from "./assets.js";
import type { Http, HttpAnswer } from "./http.js";
import { statusFailure } from "./http-failure.js";
import type { DownloadLimits } from "./limits.js";
import { withTries } from "./retry.js";

/** The repository of the agent's releases. */
const repository = "anomalyco/opencode";

/** Where GitHub answers about releases. */
export const githubApi = "https://api.github.com";

/** What asking needs. */
export interface ReleaseParts {
  readonly http: Http;
  /** GitHub's API or what stands for it, without a slash at the end. */
  readonly base: string;
  readonly limits: DownloadLimits;
  readonly logger: LevelLogger;
  readonly signal: AbortSignal;
}

/**
 * The files of a release.
 * @throws {BinaryDownloadError} `no-release`, `rate-limit`, `http`, `invalid-answer`, `connection`, `timeout`.
 */
export async function releaseAssets(version: string, parts: ReleaseParts): Promise<readonly ReleaseAsset[]> {
  const url = new URL(`${parts.base}/repos/${repository}/releases/tags/v${version}`);
  const text = await withTries(parts, () => read(url, version, parts));
  const assets = property(parsed(text, url), "assets");
  if (!Array.isArray(assets)) throw invalid(url, "is no release: it has no list of assets");
  return assets.flatMap((asset: unknown) => parseAsset(asset, url, parts.base) ?? []);
}

async function read(url: URL, version: string, parts: ReleaseParts): Promise<string> {
  const { http, limits, logger } = parts;
  const headers = { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" };
  let answer = await http.get(url, { headers });
  if (isRefusedToken(answer)) {
    // An expired token must not keep anybody from what is public.
    logger.warn(`${answer.from} refuses GITHUB_TOKEN (${answer.status}): asking without it`);
    answer.close();
    answer = await http.get(url, { headers, anonymous: true });
  }
  try {
    const text = await bodyText(answer, limits.answer);
    if (answer.status === 200) return text;
    if (answer.status === 404) throw noRelease(version, answer);
    throw statusFailure(answer, text);
  } finally {
    answer.close();
  }
}

function isRefusedToken(answer: HttpAnswer): boolean {
  if (answer.status === 401) return true;
  return answer.status === 403 && answer.header("x-github-sso") !== undefined;
}

async function bodyText(answer: HttpAnswer, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    size += chunk.length;
    if (size > limit) {
      throw new BinaryDownloadError(`${answer.from} answers with more than ${limit} bytes.`, {
        reason: "invalid-answer",
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function noRelease(version: string, { from }: HttpAnswer): BinaryDownloadError {
  return new BinaryDownloadError(`There is no release ${version} of opencode (404 from ${from}).`, {
    reason: "no-release",
    status: 404,
    hint: "Is the version right? A mirror must answer this path as api.github.com does.",
  });
}

function parsed(text: string, url: URL): unknown {
  try {
    return parseJson(text);
  } catch {
    throw invalid(url, "is no JSON");
  }
}

function invalid(url: URL, what: string): BinaryDownloadError {
  return new BinaryDownloadError(`The answer of ${url.host}${url.pathname} ${what}.`, {
    reason: "invalid-answer",
    hint: "A mirror must answer this path as api.github.com does; a login page in between does not.",
  });
}

/** `undefined` for what is no file that can be fetched: one whose upload has not ended, or an entry of another shape. */
function parseAsset(asset: unknown, url: URL, base: string): ReleaseAsset | undefined {
  if (!isRecord(asset)) return undefined;
  const name = stringProperty(asset, "name");
  const address = stringProperty(asset, "browser_download_url");
  const state = stringProperty(asset, "state") ?? "uploaded";
  if (name === undefined || address === undefined || state !== "uploaded" || !URL.canParse(address, url)) {
    return undefined;
  }
  const size = numberProperty(asset, "size");
  const digest = /^sha256:([0-9a-f]{64})$/i.exec(stringProperty(asset, "digest") ?? "")?.[1];
  return {
    name,
    size: size !== undefined && Number.isSafeInteger(size) && size >= 0 ? size : undefined,
    sha256: digest?.toLowerCase(),
    url: throughMirror(new URL(address, url), base),
  };
}

/** A mirror that hands GitHub's answer on names GitHub's own address in it; it stands for that host, too. */
function throughMirror(address: URL, base: string): URL {
  return base !== githubApi && address.hostname === "github.com" ? new URL(`${base}${address.pathname}`) : address;
}
