/**
 * Fetches the agent binaries that the tests, the demo and the generator run, from their npm packages into `.agent/`
 * (ignored by git): the pinned release, and the preview of 2.0 where its checksum is known. Nothing is unpacked before its checksum is right. Does nothing when the binary is there.
 *
 *   tsx scripts/agent.ts [--version X] [--trust-registry]
 *
 * `--version X`: another release than the pinned one, and no preview; its checksum comes from the registry.
 * `--trust-registry`: the same for a platform whose checksum is not in `openapi/release.json`.
 */
import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { detectPlatform } from "../src/binary/detect-platform.js";
import { executableName, packageNames } from "../src/binary/platform.js";
import { probeVersion } from "../src/binary/probe-version.js";
import { withLock } from "./lock.js";
import { npm, run } from "./run.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const store = join(root, ".agent");

/** A release, and by npm package the checksum of its tarball, in the form of Subresource Integrity. */
interface PinnedPackages {
  readonly version: string;
  readonly packages: Readonly<Record<string, { readonly sha512: string }>>;
}

/** What `openapi/release.json` pins. */
export interface Release extends PinnedPackages {
  /** The preview of 2.0. */
  readonly preview: PinnedPackages;
}

/** The pinned release. */
export function pinned(): Release {
  // The file is ours; its shape is checked by use.
  return JSON.parse(readFileSync(join(root, "openapi", "release.json"), "utf8")) as Release;
}

/** How a binary is fetched. */
export interface AgentBinaryOptions {
  /** Accept the checksum that the registry gives where `release.json` has none. Default false. */
  readonly trustRegistry?: boolean;
}

/**
 * Path of the agent's binary, fetched when it is not there yet (180 MB; one line on standard error).
 * @param version default: the pinned release. Another one is checked against the registry's own checksum.
 */
export async function agentBinary(
  version: string = pinned().version,
  options: AgentBinaryOptions = {},
): Promise<string> {
  const platform = detectPlatform();
  if (platform === undefined) throw new Error(`There is no opencode for ${process.platform} ${process.arch}.`);
  const [name] = packageNames(platform);
  const folder = join(store, version, name);
  const binary = join(folder, "bin", executableName(platform.os));
  if (existsSync(binary)) return binary;
  await mkdir(store, { recursive: true });
  await withLock(join(store, `${name}-${version}.lock`), async () => {
    if (existsSync(binary)) return; // another process has fetched it meanwhile
    await fetchPackage(name, version, folder, executableName(platform.os), options);
  });
  return binary;
}

/** Path of the preview of 2.0, fetched when it is not there yet (132 MB). For tests that need a server of 2.x. */
export async function previewBinary(options: AgentBinaryOptions = {}): Promise<string> {
  const platform = detectPlatform();
  if (platform === undefined) throw new Error(`There is no opencode for ${process.platform} ${process.arch}.`);
  const name = previewName(platform);
  const { version } = pinned().preview;
  const folder = join(store, "preview", version, name.replace("/", "-"));
  const file = platform.os === "windows" ? "lildax.exe" : "lildax";
  const binary = join(folder, "bin", file);
  if (existsSync(binary)) return binary;
  await mkdir(store, { recursive: true });
  await withLock(join(store, `preview-${version}.lock`), async () => {
    if (!existsSync(binary)) await fetchPackage(name, version, folder, file, options);
  });
  return binary;
}

/** The platforms of the preview are fewer. */
function isPreviewPinned(): boolean {
  const platform = detectPlatform();
  return platform !== undefined && Object.hasOwn(pinned().preview.packages, previewName(platform));
}

function previewName({ os, arch }: NonNullable<ReturnType<typeof detectPlatform>>): string {
  return `@opencode-ai/cli-${os}-${arch}`;
}

async function fetchPackage(
  name: string,
  version: string,
  folder: string,
  file: string,
  options: AgentBinaryOptions,
): Promise<void> {
  const expected = await expectedChecksum(name, version, options);
  console.error(`Fetching ${name}@${version} into ${folder}`);
  const work = await mkdtemp(join(store, "unpacking-"));
  try {
    await npm(["pack", `${name}@${version}`, "--pack-destination", work], root);
    const [tarball] = (await readdir(work)).filter((entry) => entry.endsWith(".tgz"));
    if (tarball === undefined) throw new Error(`npm pack ${name}@${version} left no tarball.`);
    await verify(join(work, tarball), expected);
    // m: today's times instead of the constant one in every npm package. o: as this user, also for root.
    await run("tar", ["-xmozf", tarball], { cwd: work });
    const unpacked = join(work, "package");
    await checkVersion(join(unpacked, "bin", file), file.startsWith("lildax") ? "2.0.0-preview" : version);
    await put(unpacked, folder, file);
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function expectedChecksum(name: string, version: string, options: AgentBinaryOptions): Promise<string> {
  const { preview, ...stable } = pinned();
  const release = name.startsWith("@") ? preview : stable;
  const known = version === release.version ? release.packages[name]?.sha512 : undefined;
  if (known !== undefined) return known;
  if (version === release.version && options.trustRegistry !== true) {
    throw new Error(
      `openapi/release.json has no checksum of ${name}@${version}. ` +
        "To accept the one that the npm registry gives: npm run agent -- --trust-registry",
    );
  }
  console.error(`No checksum of ${name}@${version} is kept here: taking the npm registry's.`);
  const answer = (await npm(["view", `${name}@${version}`, "dist.integrity"], root)).trim();
  if (!answer.startsWith("sha512-")) throw new Error(`The npm registry gives no sha512 of ${name}@${version}.`);
  return answer;
}

async function checkVersion(binary: string, version: string): Promise<void> {
  const found = await probeVersion(binary, { env: process.env, privateHome: true, timeout: 60_000 });
  if (found.version !== version)
    throw new Error(`${binary} should be ${version}, but: ${found.version ?? found.reason}.`);
}

/** In one step, so that nobody ever sees half a package. */
async function put(unpacked: string, folder: string, file: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  try {
    await rename(unpacked, folder);
  } catch (error) {
    if (existsSync(join(folder, "bin", file))) return; // another process was faster; its package is the same
    await rm(folder, { recursive: true, force: true }); // something without a binary
    await rename(unpacked, folder).catch(() => Promise.reject(error));
  }
}

async function verify(path: string, expected: string): Promise<void> {
  const hash = createHash("sha512");
  await pipeline(createReadStream(path), hash);
  const found = `sha512-${hash.digest("base64")}`;
  if (found === expected) return;
  throw new Error(
    `The checksum of ${path} is wrong; nothing was unpacked.\n  expected ${expected}\n  found    ${found}`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { version: { type: "string" }, "trust-registry": { type: "boolean", default: false } },
  });
  try {
    const options = { trustRegistry: values["trust-registry"] };
    await agentBinary(values.version, options);
    if (values.version === undefined && (options.trustRegistry || isPreviewPinned())) await previewBinary(options);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
