/** Which npm packages carry an agent binary for a platform, best first. Pure: what the machine is, is an input. */

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
