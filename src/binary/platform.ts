/** Which builds of the agent run on a platform, best first. Pure: what the machine is, is an input. */

/** The facts that decide which build of the agent runs. */
export interface Platform {
  readonly os: "linux" | "darwin" | "windows";
  readonly arch: "x64" | "arm64";
  /** Linux with musl instead of glibc (Alpine). */
  readonly musl: boolean;
  /** The CPU has AVX2. The plain x64 builds need it and die of SIGILL without; the `-baseline` ones do not. */
  readonly avx2: boolean;
}

/**
 * Names of the npm packages whose binary may run on this platform, best first. Without AVX2 the plain build still comes
 * last: where AVX2 could not be looked up, it may be the only one installed, and running it tells.
 */
export function packageNames({ os, arch, musl, avx2 }: Platform): readonly [string, ...string[]] {
  const libc = os === "linux" && musl ? "-musl" : "";
  const plain = `opencode-${os}-${arch}${libc}`;
  if (arch !== "x64") return [plain];
  const baseline = `opencode-${os}-${arch}-baseline${libc}`;
  return avx2 ? [plain, baseline] : [baseline, plain];
}

/** The binary's file name. */
export function executableName(os: Platform["os"]): "opencode" | "opencode.exe" {
  return os === "windows" ? "opencode.exe" : "opencode";
}

/**
 * Names under which a release may have a build, best first. The releases of 1.x have `.tar.gz` for Linux and `.zip` for
 * macOS and Windows; the other form is taken where it is the only one.
 */
export function archiveNames(build: string): readonly [string, string] {
  const [tar, zip] = [`${build}.tar.gz`, `${build}.zip`] as const;
  return build.startsWith("opencode-linux-") ? [tar, zip] : [zip, tar];
}

/**
 * Name of a downloaded binary: `opencode-1.18.33-linux-x64`. It has the release in it, so that the user's own `opencode`
 * stays; and the build, because machines of several kinds may share a home.
 */
export function installedName(build: string, version: string): string {
  const platform = build.slice("opencode-".length);
  return `opencode-${version}-${platform}${platform.startsWith("windows-") ? ".exe" : ""}`;
}

/** What the name of a file in the download folder says. */
export interface InstalledFile {
  /** For example `"1.18.33"`. */
  readonly version: string;
  /** For example `"opencode-linux-x64"`; `undefined` for a file named by its release alone. */
  readonly build: string | undefined;
}

/** The release and build of `opencode-<release>[-<platform>][.exe]`; `undefined` for any other name. */
export function parseInstalledName(file: string): InstalledFile | undefined {
  const match = /^opencode-(\d+\.\d+\.\d+[\w.-]*?)(-(?:linux|darwin|windows)-[\w-]+)?(?:\.exe)?$/.exec(file);
  const [, version, platform] = match ?? [];
  if (version === undefined) return undefined;
  return { version, build: platform === undefined ? undefined : `opencode${platform}` };
}
