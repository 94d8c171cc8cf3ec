/** Brings a file of a release here, piece by piece if need be, and checks that it is that file. */
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { BinaryDownloadError } from "../../errors/index.js";
import type { LevelLogger } from "../../util/logger.js";
import type { ReleaseAsset } from "./assets.js";
import type { Http, HttpAnswer } from "./http.js";
import { statusFailure } from "./http-failure.js";
import type { DownloadLimits } from "./limits.js";
import type { ProgressMeter } from "./progress.js";
import { withTries } from "./retry.js";

export interface FetchParts {
  readonly http: Http;
  readonly asset: ReleaseAsset;
  /** Where it goes. What is in this file already is taken for the beginning of it. */
  readonly path: string;
  readonly meter: ProgressMeter;
  readonly limits: DownloadLimits;
  readonly logger: LevelLogger;
  readonly signal: AbortSignal;
}

/**
 * Fetches the file. A broken transfer goes on where it was cut, if the host can do that. One that was put together from
 * pieces and is wrong is fetched once more as a whole: a piece may have been of something else.
 * @throws {BinaryDownloadError} `checksum`, `size`, `truncated`, `timeout`, `connection`, `http`, `rate-limit`.
 */
export async function fetchAsset(parts: FetchParts): Promise<void> {
  const { asset, limits, logger } = parts;
  if ((asset.size ?? 0) > limits.archive) throw tooLarge(asset, limits);
  const file = await open(parts.path, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const transfer: Transfer = { file, at: (await file.stat()).size, isPieced: false, etag: undefined };
    transfer.isPieced = transfer.at > 0;
    await complete(parts, transfer);
    const problem = await mismatch(file, asset, parts.signal);
    if (problem === undefined) return;
    if (!transfer.isPieced) throw problem;
    logger.debug(`fetching ${asset.name} as a whole: ${problem.message}`);
    await restart(transfer);
    await complete(parts, transfer);
    const still = await mismatch(file, asset, parts.signal);
    if (still !== undefined) throw still;
  } finally {
    await file.close();
  }
}

interface Transfer {
  readonly file: FileHandle;
  /** Bytes that are here. */
  at: number;
  /** It did not come in one. */
  isPieced: boolean;
  /** Of the answer before; another one means another content. */
  etag: string | undefined;
}

async function complete(parts: FetchParts, transfer: Transfer): Promise<void> {
  const { asset, meter } = parts;
  if (asset.size !== undefined && transfer.at > asset.size) await restart(transfer);
  meter.at(transfer.at);
  await withTries(
    parts,
    () => (transfer.at > 0 && transfer.at === asset.size ? Promise.resolve() : fetchRest(parts, transfer)),
    () => transfer.at,
  );
  meter.at(transfer.at, true);
}

async function restart(transfer: Transfer): Promise<void> {
  await transfer.file.truncate(0);
  Object.assign(transfer, { at: 0, isPieced: false, etag: undefined });
}

async function fetchRest(parts: FetchParts, transfer: Transfer): Promise<void> {
  const { http, asset } = parts;
  if (transfer.at > 0) transfer.isPieced = true;
  const from = transfer.at;
  const ifSame = transfer.etag === undefined ? {} : { "if-range": transfer.etag };
  const headers = { accept: "application/octet-stream", ...(from > 0 ? { range: `bytes=${from}-`, ...ifSame } : {}) };
  const answer = await http.get(asset.url, { headers });
  try {
    if (answer.status === 416 || (answer.status === 206 && startOf(answer) !== from)) {
      await restart(transfer);
      throw new BinaryDownloadError(`${answer.from} cannot go on at byte ${from}.`, { reason: "truncated" });
    }
    if (answer.status !== 200 && answer.status !== 206) throw statusFailure(answer, await beginning(answer));
    if (answer.status === 200 && from > 0) await restart(transfer); // it does not know ranges, or has another content
    await store(answer, parts, transfer);
  } finally {
    answer.close();
  }
}

function startOf(answer: HttpAnswer): number | undefined {
  const start = /^bytes (\d+)-/.exec(answer.header("content-range") ?? "")?.[1];
  return start === undefined ? undefined : Number(start);
}

async function store(answer: HttpAnswer, parts: FetchParts, transfer: Transfer): Promise<void> {
  const { asset, limits, meter } = parts;
  const announced = announcedEnd(answer, transfer.at);
  const end = asset.size ?? announced;
  if (announced !== undefined && announced !== end) throw wrongSize(asset, announced);
  if ((end ?? 0) > limits.archive) throw tooLarge(asset, limits);
  const etag = answer.header("etag");
  transfer.etag = etag?.startsWith('"') === true ? etag : undefined; // RFC 9110: a weak one is of no use here
  for await (const chunk of answer.body) {
    if (transfer.at + chunk.length > Math.min(end ?? limits.archive, limits.archive)) {
      throw end === undefined ? tooLarge(asset, limits) : wrongSize(asset, undefined);
    }
    await write(transfer, chunk);
    meter.at(transfer.at);
  }
  if (end === undefined || transfer.at === end) return;
  throw new BinaryDownloadError(`${answer.from} was cut after ${transfer.at} of ${end} bytes.`, {
    reason: "truncated",
  });
}

/** How long the file is by this answer; `undefined` when it does not say. */
function announcedEnd(answer: HttpAnswer, at: number): number | undefined {
  const length = answer.header("content-length");
  return length !== undefined && /^\d{1,15}$/.test(length) ? at + Number(length) : undefined;
}

async function write(transfer: Transfer, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.length; ) {
    const { bytesWritten } = await transfer.file.write(chunk, done, chunk.length - done, transfer.at);
    done += bytesWritten;
    transfer.at += bytesWritten;
  }
}

async function beginning(answer: HttpAnswer): Promise<string> {
  let text = "";
  for await (const chunk of answer.body) {
    text += Buffer.from(chunk).toString("latin1");
    if (text.length > 4_096) break;
  }
  return text;
}

async function mismatch(
  file: FileHandle,
  asset: ReleaseAsset,
  signal: AbortSignal,
): Promise<BinaryDownloadError | undefined> {
  if (asset.sha256 === undefined) return undefined; // whether that will do was decided before
  const hash = createHash("sha256");
  const buffer = Buffer.alloc(1_048_576);
  for (let position = 0; ; ) {
    signal.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) break;
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
  const found = hash.digest("hex");
  if (found === asset.sha256) return undefined;
  return new BinaryDownloadError(
    `The SHA-256 of ${asset.name} is ${found}, the release says ${asset.sha256}. Nothing was unpacked.`,
    { reason: "checksum", hint: "Something on the way has changed it: a proxy, a mirror, or an attacker." },
  );
}

function wrongSize(asset: ReleaseAsset, found: number | undefined): BinaryDownloadError {
  const long = found === undefined ? "longer" : `${found} bytes long`;
  const expected = asset.size === undefined ? "than announced" : `and not of the ${asset.size} bytes of the release`;
  return new BinaryDownloadError(`${asset.name} is ${long} ${expected}.`, { reason: "size" });
}

function tooLarge(asset: ReleaseAsset, limits: DownloadLimits): BinaryDownloadError {
  return new BinaryDownloadError(`${asset.name} has more than the ${limits.archive} bytes that are accepted.`, {
    reason: "size",
  });
}
