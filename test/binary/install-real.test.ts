/** The real binary out of real archives, and servers that are started with what was downloaded. */
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { build as bundle } from "esbuild";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { detectPlatform } from "../../src/binary/detect-platform.js";
import { installedName, packageNames } from "../../src/binary/platform.js";
import {
  createOpencode,
  createOpencodeServer,
  type DownloadProgress,
  installBinary,
  type StartOptions,
} from "../../src/index.js";
import { createScriptedModel, type ScriptedModel } from "../../src/testing/index.js";
import { tarGz, tarGzOf, zipOf } from "../support/archives.js";
import { fakeAgent } from "../support/fake-agent.js";
import { temporaryFolder, testBinary } from "../support/fixture.js";
import { rejection } from "../support/http-server.js";
import { startReleaseServer } from "../support/release-server.js";
import { scaled, unhurried } from "../support/slowness.js";

const platform = detectPlatform() ?? expect.fail("no agent for this machine");
const [build] = packageNames(platform);
const name = installedName(build, "1.18.33");

let folder: string;
let directory: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  directory = join(folder, "work");
  await mkdir(directory);
  return () => rm(folder, { recursive: true, force: true });
});

/** Nothing is found but what the test has put there. */
const env = (downloadUrl = "http://127.0.0.1:9"): Record<string, string | undefined> => ({
  HOME: folder,
  PATH: "/nowhere",
  OPENCODE_BINARY: undefined,
  OPENCODE_DOWNLOAD_URL: downloadUrl,
  XDG_STATE_HOME: join(folder, "state"),
});

describe("the real binary", () => {
  let archives: string;
  let model: ScriptedModel;
  beforeAll(async () => {
    archives = await temporaryFolder();
    model = await createScriptedModel(() => "here I am");
    await Promise.all([
      tarGzOf(testBinary(), join(archives, `${build}.tar.gz`)),
      zipOf(testBinary(), join(archives, `${build}.zip`)),
    ]);
  });
  afterAll(async () => {
    await model?.close();
    await rm(archives, { recursive: true, force: true });
  });

  it("createOpencode downloads the agent from a .tar.gz, and the agent answers a prompt", async () => {
    const content = await readFile(join(archives, `${build}.tar.gz`));
    await using server = await startReleaseServer([{ name: `${build}.tar.gz`, content }]);
    const seen: DownloadProgress[] = [];
    const options: StartOptions = {
      directory,
      config: model.config,
      isolation: "clean",
      env: env(server.url),
      ...unhurried(),
    };
    await using oc = await createOpencode({ ...options, onProgress: (progress) => void seen.push(progress) });
    expect(oc.server?.binary).toBe(join(folder, ".opencode", "bin", name));
    expect(String(await oc.ask("hello?"))).toBe("here I am");
    expect(seen.at(-1)).toMatchObject({ version: "1.18.33", bytes: content.length, total: content.length });
    expect(seen.length).toBeGreaterThan(1);
    expect(await readdir(join(folder, ".opencode", "bin"))).toEqual([name]);
  });

  it("installBinary unpacks the agent from a .zip byte for byte", async () => {
    const content = await readFile(join(archives, `${build}.zip`));
    await using release = await startReleaseServer([{ name: `${build}.zip`, content }]);
    const { path, version } = await installBinary({ env: env(release.url) });
    expect(version).toBe("1.18.33");
    expect(Buffer.compare(await readFile(path), await readFile(testBinary()))).toBe(0);
  });
});

describe("server start with a download", () => {
  /** A small program that serves, as an archive. */
  async function served(): Promise<Buffer> {
    const agent = await fakeAgent(join(folder, "fake"));
    return tarGz([{ path: "opencode", content: await readFile(agent.path, "utf8") }]);
  }

  it("the time of a download does not count against `serverTimeout`", async () => {
    // Shorter than the 30 s of silence that a download may have.
    const serverTimeout = Math.min(scaled(1_000), 15_000);
    const content = await served();
    await using release = await startReleaseServer([{ name: `${build}.tar.gz`, content }], {
      file: (_request, _response, _count, serve) => void setTimeout(serve, 1.2 * serverTimeout),
    });
    await using server = await createOpencodeServer({ directory, env: env(release.url), serverTimeout });
    expect(server.binary).toBe(join(folder, ".opencode", "bin", name));
  });

  it("createOpencodeServer with `download: false` fails without a request", async () => {
    await using release = await startReleaseServer([]);
    const error = await rejection(createOpencodeServer({ directory, env: env(release.url), download: false }));
    expect(error).toMatchObject({ name: "BinaryNotFoundError", hint: expect.stringContaining("download: true") });
    expect(release.requests).toEqual([]);
  });

  it("an abort during the download rejects createOpencodeServer, and no file stays", async () => {
    const controller = new AbortController();
    await using release = await startReleaseServer([], { api: () => controller.abort() });
    const options = { directory, env: env(release.url), signal: controller.signal };
    expect(await rejection(createOpencodeServer(options))).toMatchObject({ name: "APIAbortError" });
    expect(await readdir(join(folder, ".opencode", "bin"))).toEqual([]);
  });

  it("a failed download rejects createOpencodeServer with a BinaryDownloadError", async () => {
    const error = await rejection(createOpencodeServer({ directory, env: env("http://127.0.0.1:9") }));
    expect(error).toMatchObject({ name: "BinaryDownloadError", reason: "connection" });
  });
});

describe("binaries that die of SIGILL", () => {
  const dying = { serve: 'process.kill(process.pid, "SIGILL"); setInterval(() => {}, 1000);' };
  const PATH = (): string => join(folder, "path");
  const options = (): StartOptions => ({ directory, env: { ...env(), PATH: PATH() }, logLevel: "off" });

  it("a binary that dies of SIGILL at `serve` is replaced by another binary after one try", async () => {
    const first = await fakeAgent(join(PATH(), "opencode"), dying);
    const second = await fakeAgent(join(folder, ".opencode", "bin", name));
    await using server = await createOpencodeServer(options());
    expect(server.binary).toBe(second.path);
    expect((await first.calls()).filter(([word]) => word === "serve")).toHaveLength(1);
  });

  it("a SIGILL at `serve` is a ServerStartupError if the binary was named or no other binary exists", async () => {
    const { path } = await fakeAgent(join(PATH(), "opencode"), dying);
    const failure = { name: "ServerStartupError", signal: "SIGILL", hint: expect.stringContaining("-baseline") };
    expect(await rejection(createOpencodeServer({ ...options(), download: false }))).toMatchObject(failure);
    await fakeAgent(join(folder, ".opencode", "bin", name));
    expect(await rejection(createOpencodeServer({ ...options(), binary: path }))).toMatchObject(failure);
  });
});

it("the package's entry imports https-proxy-agent, yauzl and tar only on demand", async () => {
  const { metafile } = await bundle({
    entryPoints: ["src/index.ts"],
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    packages: "external",
    outdir: "nowhere",
  });
  const imports = Object.values(metafile.inputs).flatMap((input) => input.imports);
  for (const library of ["https-proxy-agent", "yauzl", "tar"]) {
    const kinds = imports.filter(({ path }) => path === library).map(({ kind }) => kind);
    expect(kinds.length).toBeGreaterThan(0);
    const chunks = Object.values(metafile.outputs).filter((output) =>
      output.imports.some(({ path, kind }) => path === library && kind === "import-statement"),
    );
    const entry = Object.entries(metafile.outputs).find(([, output]) => output.entryPoint === "src/index.ts");
    expect(
      chunks.some((chunk) => reaches(metafile.outputs, entry?.[0] ?? "", chunk)),
      library,
    ).toBe(false);
  }
});

/** True when `from` loads `target` at once. */
function reaches(
  outputs: Record<string, { imports: { path: string; kind: string }[] }>,
  from: string,
  target: object,
): boolean {
  const seen = new Set([from]);
  for (const path of seen) {
    for (const one of outputs[path]?.imports ?? []) if (one.kind === "import-statement") seen.add(one.path);
  }
  return [...seen].some((path) => outputs[path] === target);
}
