/** What to say, and whether to try again, when the agent ended before it was ready. Pure. */
import { ServerStartupError, ServerStartupTimeoutError } from "../errors.js";
import type { ProcessExit } from "../types/server.js";
import { portInUse } from "./port.js";

/** What is known about a failed start. */
export interface FailedStart {
  readonly exit: ProcessExit;
  readonly tail: string;
  readonly binary: string;
  readonly hostname: string;
  readonly port: number;
}

/** The error for an agent that ended before it was ready. */
export function startupFailure({ exit, tail, binary, hostname, port }: FailedStart): ServerStartupError {
  if (lostPort(tail)) return portInUse(hostname, port, { exitCode: exit.exitCode, tail });
  const how = exit.signal === null ? `exit code ${exit.exitCode}` : exit.signal;
  const printed = tail === "" ? "It printed nothing." : `It printed:\n${tail.split("\n").slice(-20).join("\n")}`;
  return new ServerStartupError(`The server ended before it was ready (${how}). ${printed}`, {
    exitCode: exit.exitCode,
    signal: exit.signal,
    tail,
    hint:
      exit.signal === "SIGILL"
        ? `This CPU lacks an instruction (AVX2) that ${binary} needs: use a -baseline build of opencode.`
        : undefined,
  });
}

/**
 * True when the same start may work a moment later: another server held the database, or somebody took the port that we
 * had found free.
 */
export function mayStartAgain(error: unknown, portIsOurs: boolean): boolean {
  if (!(error instanceof ServerStartupError) || error instanceof ServerStartupTimeoutError) return false;
  return /database is locked|SQLITE_BUSY/i.test(error.tail) || (portIsOurs && lostPort(error.tail));
}

/** A port that is taken reads "Error: Unexpected error", then "ServeError" (observed on 1.18.33); others name the reason. */
function lostPort(tail: string): boolean {
  return /\bServeError\b|EADDRINUSE|address already in use|port \d+ (is )?in use/i.test(tail);
}
