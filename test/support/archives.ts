/** Archives as the releases have them, and such as no release has. */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { constants, crc32, createDeflateRaw, createGzip, deflateRawSync, gzipSync } from "node:zlib";
import { Header } from "tar";

/** One entry. */
export interface ArchiveEntry {
  readonly path: string;
  readonly content?: string | Buffer;
  /** Default: a regular file. */
  readonly type?: "SymbolicLink" | "Link" | "Directory" | "CharacterDevice";
  readonly target?: string;
  /** Of a zip: the size that it says it has, which is not the one that it has. */
  readonly claimedSize?: number;
}

/** A program that answers `--version`, as far as an installation looks. */
export const agentScript = (version = "1.18.33"): string => `#!/bin/sh\necho ${version}\n`;

function tarHeader(path: string, size: number, entry: Partial<ArchiveEntry> = {}): Buffer {
  const header = new Header({ path, size, mode: 0o755, mtime: new Date(0), type: entry.type ?? "File" });
  if (entry.target !== undefined) header.linkpath = entry.target;
  const block = Buffer.alloc(512);
  header.encode(block, 0);
  return block;
}

const padding = (size: number): Buffer => Buffer.alloc((512 - (size % 512)) % 512);

/** A `.tar.gz`. */
export function tarGz(entries: readonly ArchiveEntry[]): Buffer {
  const blocks = entries.flatMap((entry) => {
    const content = Buffer.from(entry.content ?? "");
    return [tarHeader(entry.path, content.length, entry), content, padding(content.length)];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1_024)]), { level: 1 });
}

const modes = {
  SymbolicLink: 0o120777,
  Directory: 0o040755,
  Link: 0o100755,
  CharacterDevice: 0o020644,
  File: 0o100755,
};

function zipRecord(
  entry: ArchiveEntry,
  facts: { crc: number; packed: number; size: number },
  offset: number,
): Buffer[] {
  const name = Buffer.from(entry.path);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0); // needs version 2.0
  common.writeUInt16LE(8, 4); // deflated
  common.writeUInt32LE(facts.crc, 10);
  common.writeUInt32LE(facts.packed, 14);
  common.writeUInt32LE(entry.claimedSize ?? facts.size, 18);
  common.writeUInt16LE(name.length, 22);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE((modes[entry.type ?? "File"] << 16) >>> 0, 6);
  tail.writeUInt32LE(offset, 10);
  const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, name]);
  // made by: Unix
  const central = Buffer.concat([Buffer.from("PK\x01\x02\x14\x03", "latin1"), common, tail, name]);
  return [local, central];
}

function zipEnd(central: readonly Buffer[], offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(
    central.reduce((sum, { length }) => sum + length, 0),
    12,
  );
  end.writeUInt32LE(offset, 16);
  return end;
}

/** A `.zip`. */
export function zip(entries: readonly ArchiveEntry[]): Buffer {
  const parts: Buffer[] = [];
  const centrals: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const content = Buffer.from(entry.content ?? entry.target ?? "");
    const packed = deflateRawSync(content, { level: 1 });
    const facts = { crc: crc32(content), packed: packed.length, size: content.length };
    const [local = Buffer.of(), central = Buffer.of()] = zipRecord(entry, facts, offset);
    parts.push(local, packed);
    centrals.push(central);
    offset += local.length + packed.length;
  }
  return Buffer.concat([...parts, ...centrals, zipEnd(centrals, offset)]);
}

/** The real binary as a release has it on Linux, but stored: to compress 180 MB costs the tests more than all that reads them. */
export async function tarGzOf(binary: string, path: string): Promise<void> {
  const { size } = await stat(binary);
  async function* blocks(): AsyncGenerator<Buffer> {
    yield tarHeader("opencode", size);
    for await (const chunk of createReadStream(binary)) yield chunk as Buffer; // a stream without encoding
    yield padding(size);
    yield Buffer.alloc(1_024);
  }
  await pipeline(Readable.from(blocks()), createGzip({ level: constants.Z_NO_COMPRESSION }), createWriteStream(path));
}

/** The real binary as a release has it on macOS and Windows, but stored. */
export async function zipOf(binary: string, path: string): Promise<void> {
  let crc = 0;
  const packed: Buffer[] = [];
  const deflate = createReadStream(binary).on("data", (chunk) => {
    crc = crc32(chunk, crc);
  });
  for await (const chunk of deflate.pipe(createDeflateRaw({ level: constants.Z_NO_COMPRESSION }))) packed.push(chunk);
  const length = packed.reduce((sum, chunk) => sum + chunk.length, 0);
  const facts = { crc, packed: length, size: (await stat(binary)).size };
  const [local = Buffer.of(), central = Buffer.of()] = zipRecord({ path: "opencode" }, facts, 0);
  const end = zipEnd([central], local.length + length);
  await pipeline(Readable.from([local, ...packed, central, end]), createWriteStream(path));
}

/** In the form of the releases API. */
export function digestOf(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
