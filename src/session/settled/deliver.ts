/** Delivers a notice to a web hook or a program: for the process of the turn, and for the one that tells it after its death. */
import type { NoticeCommand, OnSettled, SettledNotice, WebHook } from "../../types/settled.js";
import { postNotice } from "./web-hook.js";

/** Runs a program with a text as its input. Rejects when it fails. */
export type RunProgram = (command: readonly string[], input: string, signal: AbortSignal) => Promise<void>;

/** Rejects with the reason of the last attempt, and with that of `signal`. */
export async function deliver(
  target: WebHook | NoticeCommand,
  notice: SettledNotice,
  runProgram: RunProgram | undefined,
  signal: AbortSignal,
): Promise<void> {
  if ("command" in target) await runProgram?.(target.command, `${JSON.stringify(notice)}\n`, signal);
  else await postNotice(target, notice, signal);
}

/** Without its path, which may hold a secret. */
export function nameOf(target: OnSettled): string {
  if (typeof target === "function") return "its function";
  return "command" in target ? `the command ${target.command[0]}` : new URL(target.url).host;
}
