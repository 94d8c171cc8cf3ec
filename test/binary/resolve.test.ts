import { existsSync } from "node:fs";
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { agentBinary } from "../../scripts/agent.js";
import { detectPlatform } from "../../src/binary/detect-platform.js";
import { listBinaries } from "../../src/binary/list-binaries.js";
import { launcherInWrapper } from "../../src/binary/npm-package.js";
import { executableName, packageNames } from "../../src/binary/platform.js";
import { type ResolveBinaryOptions, resolveBinary } from "../../src/binary/resolve.js";
import {
  compareVersions,
  isSupportedVersion,
  parseVersion,
  protocolOf,
  unsupportedVersion,
  versionLine,
} from "../../src/binary/version.js";
import { BinaryNotFoundError, ConfigError, UnsupportedServerVersionError } from "../../src/errors/index.js";
import { type FakeAgent, fakeAgent, fakePackage, printsVersion } from "../support/fake-agent.js";
import { isAlive, runProgram, waitUntil } from "../support/processes.js";

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "opencode-ts-binary-")));
});
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

/** An environment in which nothing is found but what the test puts into `folder`. */
function environment(more: Record<string, string | undefined> = {}): Record<string, string | undefined> {
  return { HOME: join(folder, "home"), PATH: join(folder, "path"), XDG_STATE_HOME: join(folder, "state"), ...more };
}

/** Resolves as if the current directory were `folder`. */
function resolveHere(options: ResolveBinaryOptions = {}): ReturnType<typeof resolveBinary> {
  vi.spyOn(process, "cwd").mockReturnValue(folder);
  return resolveBinary({ env: environment(), ...options });
}

async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => expect.fail(`resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  );
}

const platform = detectPlatform() ?? expect.fail("no agent for this machine");
const [packageName] = packageNames(platform);

describe("the npm package of a platform", () => {
  const linux = { os: "linux", arch: "x64", musl: false, avx2: true } as const;
  it.each([
    [linux, ["opencode-linux-x64", "opencode-linux-x64-baseline"]],
    [{ ...linux, avx2: false }, ["opencode-linux-x64-baseline", "opencode-linux-x64"]],
    [{ ...linux, musl: true }, ["opencode-linux-x64-musl", "opencode-linux-x64-baseline-musl"]],
    [{ ...linux, arch: "arm64" } as const, ["opencode-linux-arm64"]],
    [{ ...linux, arch: "arm64", musl: true } as const, ["opencode-linux-arm64-musl"]],
    [{ ...linux, os: "darwin", arch: "arm64" } as const, ["opencode-darwin-arm64"]],
    [{ ...linux, os: "darwin", avx2: false } as const, ["opencode-darwin-x64-baseline", "opencode-darwin-x64"]],
    [{ ...linux, os: "windows" } as const, ["opencode-windows-x64", "opencode-windows-x64-baseline"]],
    [{ ...linux, os: "windows", arch: "arm64" } as const, ["opencode-windows-arm64"]],
  ])("the npm packages for %o are %o", (facts, names) => {
    expect(packageNames(facts)).toEqual(names);
  });

  it("executableName is opencode.exe on Windows and opencode on Linux", () => {
    expect([executableName("windows"), executableName("linux")]).toEqual(["opencode.exe", "opencode"]);
  });
});

describe("versions", () => {
  it("parseVersion reads the version out of a program's output", () => {
    const texts = ["1.18.33\n", "v1.18.33", "opencode 1.18.33 (linux)", "warning\n1.2.3-beta.1\n", "none", ""];
    expect(texts.map(parseVersion)).toEqual(["1.18.33", "1.18.33", "1.18.33", "1.2.3-beta.1", undefined, undefined]);
  });

  it("versionLine accepts a version only if the version stands alone on a line", () => {
    const texts = ["1.18.33\n", "v1.18.33", "mise: x\r\n1.2.3-beta.1\r\n", "frobnicate version 1.6.0", "1.6.0 (x)", ""];
    const none = [undefined, undefined, undefined];
    expect(texts.map(versionLine)).toEqual(["1.18.33", "1.18.33", "1.2.3-beta.1", ...none]);
  });

  it("versions from 1.1.0 to below 3.0.0 are supported, pre-releases of 3.0.0 are not", () => {
    const supported = ["1.1.0", "1.1.65", "1.18.33", "1.99.0-dev", "2.0.0", "2.0.0-beta.1", "2.1.3"];
    const not = ["1.0.185", "0.15.31", "3.0.0", "3.0.0-beta.1", "10.1.0", "latest", ""];
    expect(supported.filter(isSupportedVersion)).toEqual(supported);
    expect(not.filter(isSupportedVersion)).toEqual([]);
  });

  it("protocolOf gives v1 for 1.x, v2 for 2.x, and nothing for other texts", () => {
    expect(["1.18.33", "2.0.0-preview", "2.1.3", "3.0.0", "1.0.185", "local"].map(protocolOf)).toEqual([
      ...["v1", "v2", "v2"],
      ...[undefined, undefined, undefined],
    ]);
  });

  it("versions are ordered by number, not by text", () => {
    expect(["1.9.0", "1.18.2", "1.18.10"].sort(compareVersions)).toEqual(["1.9.0", "1.18.2", "1.18.10"]);
  });

  it("an unsupported version is an error with the found version, the supported range and the path", () => {
    const error = unsupportedVersion("3.0.1", "/opt/opencode");
    expect(error).toMatchObject({ found: "3.0.1", supported: ">=1.1.0 <3.0.0", path: "/opt/opencode" });
    expect(error.message).toMatch(/3\.0\.1.*>=1\.1\.0 <3\.0\.0/);
  });
});

describe("named binaries", () => {
  it("the `binary` option comes before OPENCODE_BINARY", async () => {
    const { path } = await fakeAgent(join(folder, "named", "agent"));
    const env = environment({ OPENCODE_BINARY: "/nowhere" });
    expect(await resolveBinary({ binary: path, env })).toEqual({ path, version: "1.18.33", source: "option" });
  });

  it("OPENCODE_BINARY comes before PATH", async () => {
    await fakeAgent(join(folder, "path", "opencode"));
    const { path } = await fakeAgent(join(folder, "variable"), { version: printsVersion("1.2.0") });
    const found = await resolveHere({ env: environment({ OPENCODE_BINARY: path }) });
    expect(found).toEqual({ path, version: "1.2.0", source: "OPENCODE_BINARY" });
  });

  it("a binary's path may contain spaces, quotes and non-ASCII characters", async () => {
    const { path } = await fakeAgent(join(folder, "a b", "ö ' $x", "opencode"));
    expect((await resolveBinary({ binary: path, env: environment() })).path).toBe(path);
  });

  it("a missing bare name as the binary fails with a hint about the search on PATH", async () => {
    await fakeAgent(join(folder, "path", "opencode"));
    for (const options of [{ binary: "opencode-0" }, { env: environment({ OPENCODE_BINARY: "opencode-0" }) }]) {
      expect(await rejection(resolveHere(options))).toMatchObject({
        hint: expect.stringContaining("PATH is searched"),
      });
    }
  });

  it("an empty `binary` option is a ConfigError", async () => {
    expect(await rejection(resolveBinary({ binary: "" }))).toBeInstanceOf(ConfigError);
  });

  it("a named binary that is missing, a directory or not executable fails without a search on PATH", async () => {
    await fakeAgent(join(folder, "path", "opencode"));
    await writeFile(join(folder, "plain"), "text");
    const wrong = { missing: "no such file", path: "a directory", plain: "not executable", "plain/x": "no such file" };
    for (const [name, reason] of Object.entries(wrong)) {
      const binary = join(folder, name);
      const error = await rejection(resolveHere({ binary }));
      expect(error).toBeInstanceOf(BinaryNotFoundError);
      expect(error).toMatchObject({
        message: expect.stringContaining(binary),
        tried: [expect.stringContaining(reason)],
      });
      const byVariable = await rejection(resolveHere({ env: environment({ OPENCODE_BINARY: binary }) }));
      expect(byVariable).toMatchObject({ message: expect.stringContaining("OPENCODE_BINARY") });
    }
  });

  it("a named binary of an unsupported release is an UnsupportedServerVersionError", async () => {
    const { path } = await fakeAgent(join(folder, "two"), { version: printsVersion("3.0.1") });
    for (const options of [{ binary: path }, { env: environment({ OPENCODE_BINARY: path }) }]) {
      const error = await rejection(resolveHere(options));
      expect(error).toBeInstanceOf(UnsupportedServerVersionError);
      expect(error).toMatchObject({ found: "3.0.1", path });
    }
  });

  it.each([
    ["fails", "process.exit(3)", "exit code 3"],
    ["prints no version", 'console.log("hello")', "printed no version number"],
    ["is another program's", 'console.log("frobnicate version 1.6.0")', "frobnicate version 1.6.0"],
    [
      "is stopped by an illegal instruction",
      'process.kill(process.pid, "SIGILL"); setInterval(() => {}, 1000)',
      "baseline",
    ],
  ])("a binary whose --version %s is a BinaryNotFoundError with that reason", async (_case, version, reason) => {
    const { path } = await fakeAgent(join(folder, "broken"), { version });
    const error = await rejection(resolveBinary({ binary: path, env: environment() }));
    expect(error).toBeInstanceOf(BinaryNotFoundError);
    expect(error).toMatchObject({ message: expect.stringContaining(reason) });
  });

  it("a binary's --version runs without NODE_OPTIONS and BUN_INSPECT", async () => {
    const version = 'console.log(process.env.NODE_OPTIONS || process.env.BUN_INSPECT ? "none" : "1.5.0")';
    const { path } = await fakeAgent(join(folder, "debugged"), { version });
    const env = environment({ NODE_OPTIONS: "--no-warnings", BUN_INSPECT: "127.0.0.1:9229" });
    expect((await resolveBinary({ binary: path, env })).version).toBe("1.5.0");
  });
});

describe("the search for a binary", () => {
  it("the search on PATH passes over relative folders and unsupported releases", async () => {
    await fakeAgent(join(folder, "relative", "opencode"));
    await fakeAgent(join(folder, "two", "opencode"), { version: printsVersion("3.0.1") });
    const { path } = await fakeAgent(join(folder, "three", "opencode"));
    const PATH = ["relative", "", join(folder, "none"), join(folder, "two"), join(folder, "three")].join(delimiter);
    const lines: string[] = [];
    const log = (text: string): void => void lines.push(text);
    const logger = { debug: log, info: log, warn: log, error: log };
    const found = await resolveHere({ env: environment({ PATH }), logger, logLevel: "debug" });
    expect(found).toEqual({ path, version: "1.18.33", source: "PATH" });
    expect(lines.join("\n")).toMatch(/passing over .*two.*3\.0\.1 is not supported/);
  });

  it("the search takes a binary of 1.x before one of 2.x, and of 2.x when there is no other or the protocol is v2", async () => {
    const two = await fakeAgent(join(folder, "two", "opencode"), { version: printsVersion("2.1.3") });
    const one = await fakeAgent(join(folder, "one", "opencode"));
    const both = environment({ PATH: [join(folder, "two"), join(folder, "one")].join(delimiter) });
    const alone = environment({ PATH: join(folder, "two") });
    const second = { path: two.path, version: "2.1.3", source: "PATH" };
    expect(await resolveHere({ env: both })).toMatchObject({ path: one.path });
    expect(await resolveHere({ env: both, protocol: "v2" })).toEqual(second);
    expect(await resolveHere({ env: alone, download: true })).toEqual(second);
    expect((await listBinaries({ env: both })).filter(({ isUsed }) => isUsed)).toMatchObject([{ path: one.path }]);
    expect((await listBinaries({ env: alone })).filter(({ isUsed }) => isUsed)).toMatchObject([{ path: two.path }]);
    expect(await rejection(resolveHere({ env: alone, protocol: "v1" }))).toMatchObject({
      name: "BinaryNotFoundError",
      tried: expect.arrayContaining([expect.stringContaining('2.1.3 is not of the protocol "v1"')]),
    });
    const noSecond = await rejection(
      resolveHere({ env: environment({ PATH: join(folder, "one") }), protocol: "v2", download: true }),
    );
    expect(noSecond).toMatchObject({
      name: "BinaryNotFoundError",
      message: expect.stringContaining("of 2.x was found"),
    });
    for (const [binary, protocol] of [
      [two.path, "v1"],
      [one.path, "v2"],
    ] as const) {
      expect(await rejection(resolveHere({ binary, protocol }))).toBeInstanceOf(UnsupportedServerVersionError);
    }
    expect(await rejection(resolveHere({ protocol: "v3" as "v2" }))).toMatchObject({ name: "ConfigError" });
  });

  it("the search on PATH reports another program named opencode, and a PATH without absolute folders", async () => {
    await fakeAgent(join(folder, "path", "opencode"), { version: 'console.log("frobnicate version 1.6.0")' });
    const other = await rejection(resolveHere());
    expect(other).toMatchObject({ tried: expect.arrayContaining([expect.stringContaining("frobnicate")]) });
    for (const PATH of ["", "relative", undefined]) {
      const error = await rejection(resolveHere({ env: environment({ PATH }) }));
      expect(error).toMatchObject({ tried: expect.arrayContaining([expect.stringMatching(/^PATH: .*no absolute/)]) });
    }
  });

  it("the search finds the platform's npm package from the current directory", async () => {
    const { path } = await fakePackage(folder, packageName);
    expect(await resolveHere()).toEqual({ path, version: "1.18.33", source: "npm" });
  });

  it("the search finds the npm package that opencode-ai depends on without running opencode-ai's script", async () => {
    const launcher = await fakePackage(folder, "opencode-ai");
    const { path } = await fakePackage(join(folder, "node_modules", "opencode-ai"), packageName);
    expect(await resolveHere()).toEqual({ path, version: "1.18.33", source: "npm" });
    expect(await launcher.calls()).toEqual([]);
  });

  it("the download folder gives its `opencode`, or else its newest supported version", async () => {
    const downloads = join(folder, "home", ".opencode", "bin");
    for (const version of ["1.9.0", "1.18.2", "2.1.0"]) {
      await fakeAgent(join(downloads, `opencode-${version}`), { version: printsVersion(version) });
    }
    const path = join(downloads, "opencode-1.18.2");
    expect(await resolveHere()).toEqual({ path, version: "1.18.2", source: "download" });
    const installed = await fakeAgent(join(downloads, "opencode"), { version: printsVersion("1.3.0") });
    expect(await resolveHere()).toMatchObject({ path: installed.path, version: "1.3.0" });
  });

  it("a failed search names every place that was tried, each with its reason", async () => {
    await fakeAgent(join(folder, "path", "opencode"), { version: printsVersion("3.0.1") });
    const error = await rejection(resolveHere());
    expect(error).toBeInstanceOf(BinaryNotFoundError);
    const tried = error instanceof BinaryNotFoundError ? error.tried : [];
    expect(tried).toEqual([
      `PATH: ${join(folder, "path", "opencode")}: opencode 3.0.1 is not supported (>=1.1.0 <3.0.0 is)`,
      expect.stringMatching(/^npm: neither opencode-ai nor a package for this platform/),
      `download: ${join(folder, "home", ".opencode", "bin", "opencode")}: no such file`,
    ]);
  });
});

describe("the script of opencode-ai", () => {
  /** An installed opencode-ai with its platform package: `<folder>/lib/node_modules/…`. */
  async function installed(): Promise<{ launcher: FakeAgent; binary: FakeAgent }> {
    const lib = join(folder, "lib");
    return { launcher: await fakePackage(lib, "opencode-ai"), binary: await fakePackage(lib, packageName) };
  }

  it("the opencode-ai script on PATH resolves to the platform's binary without being run", async () => {
    const { launcher, binary } = await installed();
    await mkdir(join(folder, "path"));
    await symlink(launcher.path, join(folder, "path", "opencode"));
    expect(await resolveHere()).toMatchObject({ path: binary.path, source: "PATH" });
    expect(await launcher.calls()).toEqual([]);
  });

  it("a named shell wrapper of the opencode-ai script resolves to the platform's binary", async () => {
    const { binary } = await installed();
    const wrapper = join(folder, "lib", "node_modules", ".bin", "opencode");
    await mkdir(join(wrapper, ".."), { recursive: true });
    await writeFile(wrapper, '#!/bin/sh\nexec node  "$basedir/../opencode-ai/bin/opencode" "$@"\n');
    await chmod(wrapper, 0o755);
    expect(await resolveHere({ binary: wrapper })).toMatchObject({ path: binary.path, source: "option" });
  });

  it("the opencode-ai script is refused if the npm package of the platform is not installed", async () => {
    const launcher = await fakePackage(join(folder, "lib"), "opencode-ai");
    const error = await rejection(resolveHere({ binary: launcher.path }));
    expect(error).toMatchObject({
      message: expect.stringContaining("the npm package of this platform is not installed"),
    });
  });

  it.each([
    [
      "npm's .cmd",
      '"%_prog%"  "%dp0%\\node_modules\\opencode-ai\\bin\\opencode" %*',
      "node_modules/opencode-ai/bin/opencode",
    ],
    ["pnpm's .cmd", '@node "%~dp0\\..\\opencode-ai\\bin\\opencode" %*', "../opencode-ai/bin/opencode"],
    [
      "pnpm's sh",
      'exec node "$basedir/global/5/node_modules/opencode-ai/bin/opencode" "$@"',
      "global/5/node_modules/opencode-ai/bin/opencode",
    ],
    ["another program's", 'exec node "$basedir/../other/bin/cli.js" "$@"', undefined],
  ])("launcherInWrapper finds the opencode-ai script, if any, in %s wrapper", (_name, text, target) => {
    expect(launcherInWrapper(text)).toBe(target);
  });
});

describe("hanging binaries", () => {
  const pidIn = (name: string): Promise<number> => readFile(join(folder, name), "utf8").then(Number, () => 0);
  /** Hangs, and so does what it has started. */
  const hangs = (file: string): string => `
    const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
    fs.writeFileSync(${JSON.stringify(file)}, String(child.pid));
    setInterval(() => {}, 1000);`;

  it("a hanging binary and its child are killed when the search is aborted, and no temporary file stays", async () => {
    const file = join(folder, "pid");
    const { path } = await fakeAgent(join(folder, "agent"), { version: hangs(file) });
    await mkdir(join(folder, "tmp"));
    vi.stubEnv("TMPDIR", join(folder, "tmp"));
    const controller = new AbortController();
    const failed = rejection(resolveBinary({ binary: path, env: environment(), signal: controller.signal }));
    await waitUntil(async () => (await pidIn("pid")) > 0);
    controller.abort("enough");
    expect(await failed).toMatchObject({ name: "APIAbortError", cause: "enough" });
    await waitUntil(async () => !isAlive(await pidIn("pid")));
    expect(await readdir(join(folder, "tmp"))).toEqual([]);
  });

  it("a shared --version process is killed only when all of its callers have aborted", async () => {
    const [go, pid] = [join(folder, "go"), join(folder, "pid")];
    const { path, calls } = await fakeAgent(join(folder, "script"), {
      version: `
        fs.writeFileSync(${JSON.stringify(pid)}, String(process.pid));
        setInterval(() => { if (fs.existsSync(${JSON.stringify(go)})) { console.log("1.5.0"); process.exit(); } }, 20);`,
    });
    // No script as far as its first bytes tell, and only those are run anew each time; the system gives it to a shell.
    const binary = join(folder, "opencode");
    await writeFile(binary, `exec '${path}' "$@"\n`);
    await chmod(binary, 0o755);
    const ask = (signal?: AbortSignal): Promise<unknown> => resolveBinary({ binary, env: environment(), signal });
    const [one, two] = [new AbortController(), new AbortController()];
    const aborted = [one, two].map(({ signal }) => rejection(ask(signal)));
    await waitUntil(async () => isAlive(await pidIn("pid")));
    const first = await pidIn("pid");
    one.abort();
    expect(await aborted[0]).toMatchObject({ name: "APIAbortError" });
    expect(isAlive(first)).toBe(true);
    two.abort();
    expect(await aborted[1]).toMatchObject({ name: "APIAbortError" });
    expect(isAlive(first)).toBe(false);
    const late = new AbortController();
    const lateAborted = rejection(ask(late.signal));
    const answered = ask();
    await waitUntil(async () => (await calls()).length === 2);
    late.abort();
    expect(await lateAborted).toMatchObject({ name: "APIAbortError" });
    await writeFile(go, "");
    expect(await answered).toMatchObject({ version: "1.5.0" });
    expect(await calls()).toHaveLength(2);
  });
});

describe("the real binary", () => {
  let agent: string;
  beforeAll(async () => {
    agent = await agentBinary();
  });

  it("the real binary reports a supported version and leaves no file in the home", async () => {
    await mkdir(join(folder, "home"));
    const { version } = await resolveBinary({ binary: agent, env: environment() });
    expect(isSupportedVersion(version)).toBe(true);
    expect(await readdir(join(folder, "home"))).toEqual([]);
  });

  it("a stored version serves other processes until the binary changes or the store is broken", async () => {
    const copy = join(folder, "opencode");
    await copyFile(agent, copy);
    const env = environment();
    const [first, second] = await Promise.all([1, 2].map(() => resolveBinary({ binary: copy, env })));
    expect(second).toEqual(first);
    const store = join(folder, "state", "opencode-ts", "versions.json");
    const stored = await readFile(store, "utf8");
    // A version that only the store can have.
    await writeFile(store, stored.replace(first?.version ?? "?", "1.77.0"));
    const program = new URL("../support/programs/resolve.ts", import.meta.url);
    const inAnotherProcess = (): Promise<unknown> => runProgram(program, [copy], { ...process.env, ...env }).report;
    expect(await inAnotherProcess()).toMatchObject({ version: "1.77.0" });
    await utimes(copy, new Date(), new Date());
    expect(await inAnotherProcess()).toMatchObject({ version: first?.version });
    await writeFile(store, "{ broken");
    expect(await inAnotherProcess()).toMatchObject({ version: first?.version });
    expect(JSON.parse(await readFile(store, "utf8"))).toMatchObject({ [copy]: { version: first?.version } });
    expect(await readdir(join(folder, "state", "opencode-ts"))).toEqual(["versions.json"]);
  });

  it("a relative XDG_STATE_HOME is ignored, and the version is stored below HOME", async () => {
    const copy = join(folder, "opencode");
    await copyFile(agent, copy);
    const relative = `opencode-ts-relative-${process.pid}`;
    await resolveBinary({ binary: copy, env: environment({ XDG_STATE_HOME: relative }) });
    expect(existsSync(relative)).toBe(false);
    expect(existsSync(join(folder, "home", ".local", "state", "opencode-ts", "versions.json"))).toBe(true);
  });

  it("a binary is found even if its version cannot be stored", async () => {
    await writeFile(join(folder, "file"), "");
    const copy = join(folder, "opencode");
    await copyFile(agent, copy);
    const env = environment({ XDG_STATE_HOME: join(folder, "file") });
    expect(await resolveBinary({ binary: copy, env })).toMatchObject({ path: copy, source: "option" });
    expect(existsSync(join(folder, "file", "opencode-ts"))).toBe(false);
  });
});
