/**
 * What a supervisor asks before it ends a server that nobody is connected to: does a session of it run? A run may go on
 * without its caller (`detach`, or a client that has died). A shell has no HTTP client, so the runtime that started the
 * server is called once more. Constant text: every value comes as an argument or in the environment.
 */
import type { Generation } from "../server/generations.js";

/** Exit codes. Any other: not to be found out, because the server hangs or the runtime is gone. */
const [busyCode, idleCode] = [10, 11];

/** The program for a server of this generation. */
export function busyProbe({ busyProbe: programOf }: Pick<Generation, "busyProbe">): string {
  return programOf({ busy: busyCode, idle: idleCode });
}

/** How a runtime is told to run a text, and that it is to be one: Electron is an application otherwise. */
export interface ProbeCommand {
  readonly runtime: string;
  /** One word. */
  readonly how: string;
}

/** This process's own runtime. */
export function probeCommand(): ProbeCommand {
  return { runtime: process.execPath, how: "deno" in process.versions ? "eval" : "-e" };
}

/** The exit code for "something runs". */
export const busyExit: string = String(busyCode);
/** The exit code for "nothing runs". */
export const idleExit: string = String(idleCode);
