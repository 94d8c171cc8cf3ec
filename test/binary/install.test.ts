/** `installBinary` against a release server on this machine: what goes well, and who may do what. */
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { detectPlatform } from "../../src/binary/detect-platform.js";
import { downloadLimits } from "../../src/binary/download/limits.js";
import { makeFolder } from "../../src/binary/download/make-folder.js";
import { install } from "../../src/binary/install.js";
import type { InstallBinaryOptions } from "../../src/binary/install-options.js";
import { installedName, packageNames } from "../../src/binary/platform.js";
import {
  ConfigError,
  type DownloadProgress,
  installBinary,
  listBinaries,
  resolveBinary,
  UnsupportedServerVersionError,
} from "../../src/index.js";
import { agentScript, tarGz, zip } from "../support/archives.js";
import { fakeAgent, printsVersion } from "../support/fake-agent.js";
import { rejection } from "../support/http-server.js";
import { runProgram } from "../support/processes.js";
import { type ReleaseFile, startReleaseServer } from "../support/release-server.js";

const platform = detectPlatform() ?? expect.fail("no agent for this machine");
const [build] = packageNames(platform);
const name = installedName(build, "1.18.33");
const archive = tarGz([{ path: "opencode", content: agentScript() }]);
const release: readonly ReleaseFile[] = [
  { name: `${build}.tar.gz`, content: archive },
  { name: "opencode-desktop-linux.deb", content: Buffer.from("another thing") },
];

let folder: string;
let bin: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "opencode-ts-install-")));
  bin = join(folder, ".opencode", "bin");
});
afterEach(async () => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const env = (more: Record<string, string> = {}): Record<string, string> => ({
  HOME: folder,
  PATH: "/nowhere",
  XDG_STATE_HOME: join(folder, "state"),
  ...more,
});

describe("installBinary", () => {
  it("installBinary installs the pinned release under its own name, and leaves the user's `opencode` alone", async () => {
    await using server = await startReleaseServer(release);
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, "opencode"), "the user's own");
    const found = await installBinary({ downloadUrl: server.url, env: env() });
    expect(found).toEqual({ path: join(bin, name), version: "1.18.33", source: "download" });
    expect((await readdir(bin)).sort()).toEqual(["opencode", name]);
    expect(await readFile(join(bin, "opencode"), "utf8")).toBe("the user's own");
    expect(await readFile(found.path, "utf8")).toBe(agentScript());
    expect((await stat(found.path)).mode & 0o777).toBe(0o755);
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "GET /repos/anomalyco/opencode/releases/tags/v1.18.33",
      `GET /anomalyco/opencode/releases/download/v1.18.33/${build}.tar.gz`,
    ]);
    expect(server.requests[0]?.headers["user-agent"]).toBe("opencode-ts");
  });

  it("installBinary makes no request for an installed release, and resolveBinary finds the release", async () => {
    await using server = await startReleaseServer(release);
    const options = { downloadUrl: server.url, env: env() };
    const first = await installBinary(options);
    expect(await installBinary(options)).toEqual(first);
    expect(await installBinary({ ...options, offline: true })).toEqual(first);
    expect(server.requests).toHaveLength(2);
    vi.spyOn(process, "cwd").mockReturnValue(folder);
    expect(await resolveBinary({ env: env() })).toEqual(first);
  });

  it("installBinary replaces an installed binary that does not run", async () => {
    await using server = await startReleaseServer(release);
    await mkdir(bin, { recursive: true });
    await writeFile(join(bin, name), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
    const { path } = await installBinary({ downloadUrl: server.url, env: env() });
    expect(await readFile(path, "utf8")).toBe(agentScript());
  });

  it("installBinary installs another `version`, written with a `v`, into another `directory`", async () => {
    const content = tarGz([{ path: "./opencode", content: agentScript("1.2.3") }]);
    await using server = await startReleaseServer([{ name: `${build}.tar.gz`, content }], { version: "1.2.3" });
    const directory = join(folder, "else", "where");
    const found = await installBinary({ version: "v1.2.3", directory, downloadUrl: `${server.url}/`, env: env() });
    expect(found).toEqual({
      path: join(directory, installedName(build, "1.2.3")),
      version: "1.2.3",
      source: "download",
    });
  });

  it("installBinary reads OPENCODE_DOWNLOAD_URL, and takes a .zip if the release has no .tar.gz", async () => {
    const content = zip([{ path: "opencode", content: agentScript() }]);
    await using server = await startReleaseServer([{ name: `${build}.zip`, content }]);
    const found = await installBinary({ env: env({ OPENCODE_DOWNLOAD_URL: server.url }) });
    expect(await readFile(found.path, "utf8")).toBe(agentScript());
  });

  it("installBinary fetches the file from a mirror that responds with GitHub's addresses", async () => {
    const url = `https://github.com/anomalyco/opencode/releases/download/v1.18.33/${build}.tar.gz`;
    await using server = await startReleaseServer([{ name: `${build}.tar.gz`, content: archive, url }]);
    await installBinary({ downloadUrl: server.url, env: env() });
    expect(server.fetched()).toHaveLength(1);
  });

  it("installBinary unpacks only the binary of an archive", async () => {
    const content = tarGz([
      { path: "LICENSE", content: "MIT" },
      { path: "doc/", type: "Directory" },
      { path: "doc/opencode", content: "a text" },
      { path: "opencode", content: agentScript() },
    ]);
    await using server = await startReleaseServer([{ name: `${build}.tar.gz`, content }]);
    await installBinary({ downloadUrl: server.url, env: env() });
    expect(await readdir(bin)).toEqual([name]);
  });

  it("onProgress gets bytes, total and rate, and an error thrown by onProgress is ignored", async () => {
    const content = tarGz([{ path: "opencode", content: `${agentScript()}${"# long\n".repeat(100_000)}` }]);
    await using server = await startReleaseServer([{ name: `${build}.tar.gz`, content }]);
    const seen: DownloadProgress[] = [];
    const onProgress = (progress: DownloadProgress): void => {
      seen.push(progress);
      throw new Error("no bar");
    };
    await installBinary({ downloadUrl: server.url, env: env(), onProgress, logLevel: "off" });
    expect(seen[0]).toEqual({ version: "1.18.33", bytes: 0, total: content.length, rate: 0 });
    expect(seen.at(-1)).toMatchObject({ bytes: content.length, total: content.length });
    expect(seen.at(-1)?.rate).toBeGreaterThan(0);
    expect(seen.map(({ bytes }) => bytes)).toEqual(seen.map(({ bytes }) => bytes).sort((a, b) => a - b));
  });
});

describe("builds that the CPU cannot run", () => {
  const x64 = { os: "linux", arch: "x64", musl: false, avx2: true } as const;
  const dying = "#!/bin/sh\nkill -ILL $$\n";
  const file = (named: string, content: string): ReleaseFile => ({
    name: `${named}.tar.gz`,
    content: tarGz([{ path: "opencode", content }]),
  });

  it("a downloaded or installed build that dies of SIGILL is replaced by the baseline build", async () => {
    const files = [file("opencode-linux-x64", dying), file("opencode-linux-x64-baseline", agentScript())];
    await using server = await startReleaseServer(files);
    const options: InstallBinaryOptions = { downloadUrl: server.url, env: env() };
    const setting = { platform: x64, limits: downloadLimits };
    const expected = join(bin, installedName("opencode-linux-x64-baseline", "1.18.33"));
    expect(await install(options, setting)).toMatchObject({ path: expected });
    expect(server.fetched()).toHaveLength(2);
    expect(await readdir(bin)).toHaveLength(1);
    await rm(expected);
    await writeFile(join(bin, installedName("opencode-linux-x64", "1.18.33")), dying, { mode: 0o755 });
    expect(await install(options, setting)).toMatchObject({ path: expected });
    expect(server.fetched()).toHaveLength(3);
  });

  it("an installation whose baseline build also dies of SIGILL fails and leaves no file", async () => {
    const files = [file("opencode-linux-x64", dying), file("opencode-linux-x64-baseline", dying)];
    await using server = await startReleaseServer(files);
    const error = await rejection(
      install({ downloadUrl: server.url, env: env() }, { platform: x64, limits: downloadLimits }),
    );
    expect(error).toMatchObject({ name: "BinaryDownloadError", reason: "not-executable" });
    expect(String(error)).toContain("SIGILL");
    expect(await readdir(bin)).toEqual([]);
  });
});

describe("concurrent installations", () => {
  it("ten processes that install at once download the archive once", async () => {
    const many = 10;
    let ready = 0;
    let begin: () => void = () => {};
    const all = new Promise<void>((resolve) => {
      begin = resolve;
    });
    await using server = await startReleaseServer(release, {
      file: (_request, _response, _count, serve) => void all.then(serve),
      api: ({ url }, response, serve) => {
        if (url !== "/ready") return serve();
        response.end();
        ready += 1;
        if (ready === many) begin();
      },
    });
    const program = new URL("../support/programs/install.ts", import.meta.url);
    const args = [JSON.stringify({ downloadUrl: server.url }), `${server.url}/ready`];
    const processes = Array.from({ length: many }, () => runProgram(program, args, { ...process.env, ...env() }));
    const reports = await Promise.all(processes.map(({ report }) => report));
    expect(reports).toEqual(reports.map(() => ({ path: join(bin, name), version: "1.18.33", source: "download" })));
    expect(server.fetched()).toHaveLength(1);
    expect(await readdir(bin)).toEqual([name]);
  });

  it("three installBinary calls in one process download the archive once", async () => {
    await using server = await startReleaseServer(release);
    const options = { downloadUrl: server.url, env: env() };
    const all = await Promise.all([1, 2, 3].map(() => installBinary(options)));
    expect(new Set(all.map(({ path }) => path)).size).toBe(1);
    expect(server.fetched()).toHaveLength(1);
  });
});

describe("the folder of an installation", () => {
  it("makeFolder succeeds while a concurrent loop removes the folder again and again", async () => {
    const work = join(folder, ".opencode-ts");
    let isOver = false;
    const remove = async () => {
      while (!isOver) await rmdir(work).catch(() => {}); // gone
    };
    const remover = remove();
    try {
      for (let round = 0; round < 300; round += 1) await makeFolder(work);
    } finally {
      isOver = true;
      await remover;
    }
  });
});

describe("options of installBinary", () => {
  it.each([
    [{ version: "latest" }, /`version` option to be a release/],
    [{ version: "1.2.3/../../x" }, /`version`/],
    [
      { downloadUrl: "ftp://x" },
      /Expected the `downloadUrl` option to be an http or https address .*, got a value of type string/,
    ],
    [{ downloadUrl: "http://mirror.example" }, /is not encrypted \(mirror\.example\)/],
    [{ downloadUrl: "https://me:secret-word@mirror.example/?x" }, /`downloadUrl`/],
    [{ env: { OPENCODE_DOWNLOAD_URL: "no address" } }, /variable OPENCODE_DOWNLOAD_URL/],
    [{ directory: "" }, /`directory`/],
    [{ timeout: 0 }, /`timeout`/],
    [{ offline: "yes" }, /`offline` option to be true or false/],
    [{ onProgress: 5 }, /`onProgress` option to be a function/],
  ])("installBinary refuses the options %o before it writes a file", async (options, message) => {
    const error = await rejection(installBinary({ env: env(), ...options } as InstallBinaryOptions));
    expect(error).toBeInstanceOf(ConfigError);
    expect(String(error)).toMatch(message);
    expect(String(error)).not.toContain("secret-word");
    expect(await readdir(folder)).toEqual([]);
  });

  it("installBinary refuses release 2.x with an UnsupportedServerVersionError", async () => {
    const error = await rejection(installBinary({ version: "2.0.1", env: env() }));
    expect(error).toBeInstanceOf(UnsupportedServerVersionError);
    expect(error).toMatchObject({ message: expect.stringContaining("releases of 1.x only") });
  });

  it("an invalid HTTPS_PROXY is a ConfigError without the proxy's password", async () => {
    const settings = env({ HTTPS_PROXY: "http://me:secret-word@:x" });
    const error = await rejection(installBinary({ env: settings }));
    expect(error).toBeInstanceOf(ConfigError);
    expect(JSON.stringify(error)).not.toContain("secret-word");
  });
});

describe("resolveBinary", () => {
  beforeEach(() => {
    vi.spyOn(process, "cwd").mockReturnValue(folder);
  });

  it("resolveBinary with `download: true` downloads a missing binary and reports progress", async () => {
    await using server = await startReleaseServer(release);
    const onProgress = vi.fn();
    const settings = env({ OPENCODE_DOWNLOAD_URL: server.url });
    const found = await resolveBinary({ env: settings, download: true, onProgress });
    expect(found).toEqual({ path: join(bin, name), version: "1.18.33", source: "download" });
    expect(onProgress).toHaveBeenCalled();
  });

  it("resolveBinary without `download: true` does not download, and its error names the option", async () => {
    const error = await rejection(resolveBinary({ env: env({ OPENCODE_DOWNLOAD_URL: "http://127.0.0.1:9" }) }));
    expect(error).toMatchObject({ name: "BinaryNotFoundError", hint: expect.stringMatching(/download: true/) });
  });

  it("a failed download of resolveBinary lists the places that were searched before", async () => {
    await using server = await startReleaseServer([]);
    const settings = env({ OPENCODE_DOWNLOAD_URL: server.url });
    const error = await rejection(resolveBinary({ env: settings, download: true }));
    expect(error).toMatchObject({
      name: "BinaryDownloadError",
      reason: "no-asset",
      assets: [],
      tried: expect.arrayContaining([expect.stringMatching(/^PATH: /)]),
      hint: expect.stringContaining("npm install opencode-ai@1.18.33"),
    });
  });

  it("resolveBinary downloads nothing in place of a missing named binary", async () => {
    await using server = await startReleaseServer(release);
    const settings = env({ OPENCODE_DOWNLOAD_URL: server.url });
    const error = await rejection(resolveBinary({ binary: join(folder, "none"), env: settings, download: true }));
    expect(error).toMatchObject({ name: "BinaryNotFoundError" });
    expect(server.requests).toEqual([]);
  });

  it("resolveBinary takes the best build of the newest release in the download folder for this platform", async () => {
    const builds = ["1.18.33-linux-x64-baseline", "1.18.33-linux-x64", "1.17.0-linux-x64", "1.18.33-darwin-arm64"];
    for (const one of builds) {
      const version = one.split("-", 1)[0] ?? "";
      await fakeAgent(join(bin, `opencode-${one}`), { version: printsVersion(version) });
    }
    expect(await resolveBinary({ env: env() })).toMatchObject({ path: join(bin, name) });
    const verdicts = await listBinaries({ env: env() });
    expect(verdicts.find(({ problem }) => problem?.includes("darwin-arm64"))?.problem).toMatch(/another platform$/);
  });
});

describe("listBinaries", () => {
  it("listBinaries gives path, version and problem for each place, and marks the binary in use", async () => {
    vi.spyOn(process, "cwd").mockReturnValue(folder);
    const two = await fakeAgent(join(folder, "two", "opencode"), { version: printsVersion("3.0.1") });
    const one = await fakeAgent(join(folder, "one", "opencode"));
    const installed = await fakeAgent(join(bin, name));
    const PATH = `${join(folder, "two")}:${join(folder, "one")}`;
    const verdicts = await listBinaries({ env: env({ PATH }) });
    const problem = "opencode 3.0.1 is not supported (>=1.1.0 <3.0.0 is)";
    expect(verdicts).toEqual([
      { source: "PATH", path: two.path, version: "3.0.1", problem, isUsed: false },
      { source: "PATH", path: one.path, version: "1.18.33", problem: undefined, isUsed: true },
      expect.objectContaining({ source: "npm", path: undefined, isUsed: false }),
      { source: "download", path: join(bin, "opencode"), version: undefined, problem: "no such file", isUsed: false },
      { source: "download", path: installed.path, version: "1.18.33", problem: undefined, isUsed: false },
    ]);
    const named = await listBinaries({ binary: join(folder, "none"), env: env({ PATH }) });
    expect(named[0]).toMatchObject({ source: "option", problem: "no such file" });
    expect(named.filter(({ isUsed }) => isUsed)).toEqual([]);
  });
});
