/** The program `programs/asker.ts`: a process of its own that asks, to be killed and run again. */
import type { OpencodeOptions, SessionTurnOptions } from "../../src/index.js";
import { type RunningProgram, runProgram } from "./processes.js";
import { eventually } from "./slowness.js";

/** What it is to do. Without `sessionId` it makes a session. */
export interface AskerTask {
  readonly options: OpencodeOptions;
  readonly sessionId?: string | undefined;
  readonly messageId: string;
  readonly prompt: string;
  readonly turn?: SessionTurnOptions;
  /** It prints `asked` for each permission request, and allows it or never answers. */
  readonly onPermission?: "once" | "never";
}

/** Starts it. It prints the session's id before it asks, and its answer in the end. */
export function runAsker(task: AskerTask): RunningProgram {
  const env = { ...process.env, ASKER_TASK: JSON.stringify(task) };
  return runProgram(new URL("./programs/asker.ts", import.meta.url), [], env);
}

/** The text and the interruptions that it has printed; `null` without an answer. */
export function answerOf(program: RunningProgram): unknown {
  return JSON.parse(/^answer (.*)$/m.exec(program.output())?.[1] ?? "null");
}

/** Runs it until `condition`, kills it, and resolves to what it has reported. */
export async function killWhen(
  program: RunningProgram,
  condition: () => boolean | Promise<boolean>,
): Promise<{ sessionId: string; server?: number }> {
  try {
    await eventually("the program is at the place", condition);
  } catch (error) {
    throw new Error(`${error}; it said: ${program.output()}`);
  }
  const report = (await program.report) as { sessionId: string; server?: number };
  program.child.kill("SIGKILL");
  await program.exit;
  return report;
}
