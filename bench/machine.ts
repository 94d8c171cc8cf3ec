/** The machine that the ratios are measured on, without a name of a host or a path. */
import { cpus } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { versionTime } from "../scripts/version-time.js";

/** Folder of the repository. */
export const root: string = dirname(dirname(fileURLToPath(import.meta.url)));

/** Folder of the compiled programs. */
export const programs: string = join(root, ".build", "bench");

/** The facts that a reader needs to compare machines. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly node: string;
  /** Time of one `opencode --version`, in seconds. */
  readonly v: number;
}

/** Asks the machine and the agent's binary. */
export async function readMachine(binary: string): Promise<Machine> {
  const [first] = cpus();
  const v = Math.round((await versionTime(binary)) / 100) / 10;
  return { cpu: first?.model.trim() ?? "unknown", cores: cpus().length, node: process.version, v };
}
