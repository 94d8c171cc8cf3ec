/** Which build is for which machine: a table, against the names that are published. */
import { describe, expect, it } from "vitest";
import { detectPlatform, type Machine } from "../../src/binary/detect-platform.js";
import { assetFor } from "../../src/binary/download/assets.js";
import {
  archiveNames,
  installedName,
  type Platform,
  packageNames,
  parseInstalledName,
} from "../../src/binary/platform.js";

/** What `opencode-ai` 1.18.33 lists as its optional dependencies: `npm view opencode-ai@1.18.33 optionalDependencies`. */
const published = [
  "opencode-linux-x64",
  "opencode-linux-x64-baseline",
  "opencode-linux-x64-musl",
  "opencode-linux-x64-baseline-musl",
  "opencode-linux-arm64",
  "opencode-linux-arm64-musl",
  "opencode-darwin-x64",
  "opencode-darwin-x64-baseline",
  "opencode-darwin-arm64",
  "opencode-windows-x64",
  "opencode-windows-x64-baseline",
  "opencode-windows-arm64",
];

const linux = { os: "linux", arch: "x64", musl: false, avx2: true } as const;
const table: readonly [Platform, string, string][] = [
  [linux, "opencode-linux-x64", "tar.gz"],
  [{ ...linux, avx2: false }, "opencode-linux-x64-baseline", "tar.gz"],
  [{ ...linux, musl: true }, "opencode-linux-x64-musl", "tar.gz"],
  [{ ...linux, musl: true, avx2: false }, "opencode-linux-x64-baseline-musl", "tar.gz"],
  [{ ...linux, arch: "arm64", avx2: false }, "opencode-linux-arm64", "tar.gz"],
  [{ ...linux, arch: "arm64", avx2: false, musl: true }, "opencode-linux-arm64-musl", "tar.gz"],
  [{ ...linux, os: "darwin" }, "opencode-darwin-x64", "zip"],
  [{ ...linux, os: "darwin", avx2: false }, "opencode-darwin-x64-baseline", "zip"],
  [{ ...linux, os: "darwin", arch: "arm64", avx2: false }, "opencode-darwin-arm64", "zip"],
  [{ ...linux, os: "windows" }, "opencode-windows-x64", "zip"],
  [{ ...linux, os: "windows", avx2: false }, "opencode-windows-x64-baseline", "zip"],
  [{ ...linux, os: "windows", arch: "arm64", avx2: false }, "opencode-windows-arm64", "zip"],
];

describe("the build of a platform", () => {
  const assets = published.flatMap((name) => {
    const file = `${name}.${name.includes("linux") ? "tar.gz" : "zip"}`;
    return [{ name: file, size: 1, sha256: undefined, url: new URL(`https://github.com/${file}`) }];
  });

  it.each(table)("the build for %o is %s in a .%s file", (platform, build, form) => {
    expect(packageNames(platform)[0]).toBe(build);
    expect(published).toContain(build);
    expect(assetFor(build, assets)?.name).toBe(`${build}.${form}`);
  });

  it("the platform table names each published build once, and no other build", () => {
    expect(table.map(([, build]) => build).sort()).toEqual([...published].sort());
    const others = table.flatMap(([platform]) => packageNames(platform));
    expect(others.filter((name) => !published.includes(name))).toEqual([]);
  });

  it("archiveNames lists the .tar.gz and the .zip of a build, the .zip first on Windows", () => {
    expect(archiveNames("opencode-linux-x64")).toEqual(["opencode-linux-x64.tar.gz", "opencode-linux-x64.zip"]);
    expect(archiveNames("opencode-windows-x64")[0]).toBe("opencode-windows-x64.zip");
    expect(assetFor("opencode-linux-riscv64", assets)).toBeUndefined();
  });

  it("an installed file's name holds release and build, and parseInstalledName reads both back", () => {
    expect(installedName("opencode-windows-x64-baseline", "1.2.3")).toBe("opencode-1.2.3-windows-x64-baseline.exe");
    for (const build of published) {
      for (const version of ["1.18.33", "1.19.0-beta.1"]) {
        expect(parseInstalledName(installedName(build, version))).toEqual({ version, build });
      }
    }
    expect(parseInstalledName("opencode-1.18.33")).toEqual({ version: "1.18.33", build: undefined });
    for (const other of ["opencode", "opencode-linux-x64", "opencode-1.18", ".opencode-ts", "x-1.18.33"]) {
      expect(parseInstalledName(other)).toBeUndefined();
    }
  });
});

describe("platform detection", () => {
  const nothing: Machine = {
    platform: "linux",
    arch: "x64",
    read: () => "",
    exists: () => false,
    sysctl: () => "",
    hasGlibc: () => true,
  };
  const reads = (files: Record<string, string>) => (path: string) => files[path] ?? "";
  const avx2 = { "/proc/cpuinfo": "flags : fpu sse avx avx2 bmi2\n" };
  const noAvx2 = { "/proc/cpuinfo": "flags : fpu sse avx\n" };

  it.each<[string, Partial<Machine>, Partial<Platform>]>([
    ["Debian", { read: reads({ ...avx2, "/usr/bin/ldd": "# GNU C Library\n" }) }, { musl: false, avx2: true }],
    [
      "Alpine",
      { read: reads({ ...avx2, "/usr/bin/ldd": "exec /lib/ld-musl-x86_64.so.1 --list\n" }) },
      { musl: true, avx2: true },
    ],
    [
      "Alpine with a loader of glibc",
      { read: reads({ "/usr/bin/ldd": "musl libc (x86_64)" }), exists: () => true },
      { musl: true },
    ],
    [
      "a bare container with musl",
      { exists: (path) => path === "/lib/ld-musl-x86_64.so.1", hasGlibc: () => false },
      { musl: true, avx2: false },
    ],
    ["a bare container with glibc", { exists: (path) => path === "/lib64/ld-linux-x86-64.so.2" }, { musl: false }],
    ["NixOS", {}, { musl: false }],
    ["a system with musl in no usual place", { hasGlibc: () => false }, { musl: true }],
    ["an old CPU", { read: reads(noAvx2) }, { avx2: false }],
    [
      "a small computer with musl",
      { arch: "arm64", exists: (path) => path === "/lib/ld-musl-aarch64.so.1", read: reads(avx2) },
      { arch: "arm64", musl: true, avx2: false },
    ],
    [
      "a Mac with Intel",
      { platform: "darwin", sysctl: (name) => (name === "hw.optional.avx2_0" ? "1" : "") },
      { os: "darwin", arch: "x64", musl: false, avx2: true },
    ],
    ["an old Mac", { platform: "darwin", sysctl: () => "0" }, { avx2: false }],
    ["a Mac", { platform: "darwin", arch: "arm64" }, { os: "darwin", arch: "arm64", avx2: false }],
    ["Windows", { platform: "win32", hasGlibc: () => false }, { os: "windows", musl: false, avx2: false }],
  ])("detectPlatform finds the platform of %s", (_name, facts, expected) => {
    expect(detectPlatform({ ...nothing, ...facts })).toMatchObject(expected);
  });

  it.each([
    ["freebsd", "x64"],
    ["linux", "riscv64"],
    ["android", "arm64"],
  ])("%s %s has no build", (platform, arch) => {
    expect(detectPlatform({ ...nothing, platform, arch })).toBeUndefined();
  });

  it("detectPlatform without arguments finds a published build for this machine", () => {
    const platform = detectPlatform();
    expect(published).toContain(platform === undefined ? "" : packageNames(platform)[0]);
  });
});
