/** The platform this process runs on, as far as it decides which build of the agent runs. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import type { Platform } from "./platform.js";

const systems: Readonly<Record<string, Platform["os"]>> = { linux: "linux", darwin: "darwin", win32: "windows" };

/** Facts about this machine; `undefined` where there is no build of the agent (another system or CPU). */
export function detectPlatform(): Platform | undefined {
  const os = systems[process.platform];
  const arch = process.arch;
  if (os === undefined || (arch !== "x64" && arch !== "arm64")) return undefined;
  return { os, arch, musl: os === "linux" && hasMusl(arch), avx2: arch === "x64" && hasAvx2(os) };
}

/** `ldd` names its libc in its own text. Where it is missing (a bare container), the loaders tell. */
function hasMusl(arch: Platform["arch"]): boolean {
  const ldd = readText("/usr/bin/ldd");
  if (/GNU C Library|GLIBC/.test(ldd)) return false;
  if (/\bmusl\b/.test(ldd)) return true;
  const [musl, glibc] =
    arch === "x64"
      ? ["/lib/ld-musl-x86_64.so.1", "/lib64/ld-linux-x86-64.so.2"]
      : ["/lib/ld-musl-aarch64.so.1", "/lib/ld-linux-aarch64.so.1"];
  return existsSync(musl) && !existsSync(glibc);
}

/** Windows has no cheap way to ask: "no" chooses the build that runs everywhere. */
function hasAvx2(os: Platform["os"]): boolean {
  if (os === "linux") return /\bavx2\b/.test(readText("/proc/cpuinfo"));
  if (os === "windows") return false;
  try {
    const answer = execFileSync("/usr/sbin/sysctl", ["-n", "hw.optional.avx2_0"], {
      timeout: 2_000,
      stdio: ["ignore", "pipe", "ignore"],
    });
    return answer.toString().trim() === "1";
  } catch {
    return false; // the same choice as for Windows
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return ""; // absent or unreadable: nothing known
  }
}
