/** The platform this process runs on, as far as it decides which build of the agent runs. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { property, stringProperty } from "../util/json.js";
import type { Platform } from "./platform.js";

/** What can be asked of a machine. */
export interface Machine {
  /** As `process.platform`. */
  readonly platform: string;
  /** As `process.arch`. */
  readonly arch: string;
  /** The text of a file; empty when it is absent or cannot be read. */
  read(path: string): string;
  exists(path: string): boolean;
  /** The value of a setting of the kernel (macOS); empty when there is none. */
  sysctl(name: string): string;
  /** True when this process itself runs on glibc (Linux). */
  hasGlibc(): boolean;
}

const systems: Readonly<Record<string, Platform["os"]>> = { linux: "linux", darwin: "darwin", win32: "windows" };

/** Facts about this machine; `undefined` where there is no build of the agent (another system or CPU). */
export function detectPlatform(machine: Machine = thisMachine): Platform | undefined {
  const os = systems[machine.platform];
  const { arch } = machine;
  if (os === undefined || (arch !== "x64" && arch !== "arm64")) return undefined;
  const musl = os === "linux" && hasMusl(arch, machine);
  return { os, arch, musl, avx2: arch === "x64" && hasAvx2(os, machine) };
}

/**
 * `ldd` names its libc in its own text. Where it is missing (a bare container), the loaders tell; where those are
 * elsewhere too (NixOS), the libc of this process.
 */
function hasMusl(arch: Platform["arch"], machine: Machine): boolean {
  const ldd = machine.read("/usr/bin/ldd");
  if (/GNU C Library|GLIBC/.test(ldd)) return false;
  if (/\bmusl\b/.test(ldd)) return true;
  const [musl, glibc] = loaders[arch];
  if (machine.exists(glibc)) return false;
  return machine.exists(musl) || !machine.hasGlibc();
}

const loaders = {
  x64: ["/lib/ld-musl-x86_64.so.1", "/lib64/ld-linux-x86-64.so.2"],
  arm64: ["/lib/ld-musl-aarch64.so.1", "/lib/ld-linux-aarch64.so.1"],
} as const;

/** Windows has no cheap way to ask: "no" chooses the build that runs everywhere. So does a setting that is not there. */
function hasAvx2(os: Platform["os"], machine: Machine): boolean {
  if (os === "linux") return /\bavx2\b/.test(machine.read("/proc/cpuinfo"));
  return os === "darwin" && machine.sysctl("hw.optional.avx2_0") === "1";
}

const thisMachine: Machine = {
  platform: process.platform,
  arch: process.arch,
  read: (path) => {
    try {
      return readFileSync(path, "utf8");
    } catch {
      return ""; // absent or unreadable: nothing known
    }
  },
  exists: existsSync,
  sysctl: (name) => {
    try {
      const answer = execFileSync("/usr/sbin/sysctl", ["-n", name], {
        timeout: 2_000,
        stdio: ["ignore", "pipe", "ignore"],
      });
      return answer.toString().trim();
    } catch {
      return ""; // no such setting
    }
  },
  hasGlibc: () => {
    // Runtimes without reports (Bun, Deno) are built for glibc, but for special builds.
    const header = property(reportOf(process.report), "header");
    return header === undefined || stringProperty(header, "glibcVersionRuntime") !== undefined;
  },
};

/** Without the open sockets: their peers would be looked up by name, which may take seconds. */
function reportOf(report: NodeJS.ProcessReport | undefined): unknown {
  if (report === undefined) return undefined;
  const before: unknown = Reflect.get(report, "excludeNetwork");
  Reflect.set(report, "excludeNetwork", true);
  try {
    return report.getReport();
  } finally {
    Reflect.set(report, "excludeNetwork", before === true);
  }
}
