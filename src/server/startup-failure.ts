/** What to say, and whether to try again, when the agent ended before it was ready. Pure. */
import { ServerStartupError, ServerStartupTimeoutError } from "../errors/index.js";
import type { ProcessExit } from "../types/server.js";
import type { InactivityReason } from "../util/inactivity-timer.js";
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
  return new ServerStartupError(`The server ended before it was ready (${how}). ${printedBy(tail)}`, {
    exitCode: exit.exitCode,
    signal: exit.signal,
    tail,
    hint:
      exit.signal === "SIGILL"
        ? `This CPU lacks an instruction (AVX2) that ${binary} needs: use a -baseline build of opencode.`
        : undefined,
  });
}

/** What is known about a start that is given up. */
export interface LateStart {
  /** Whether it has shown no sign of life for `limit` ms, or lived and was not ready after as many. */
  readonly end: InactivityReason;
  /** ms. */
  readonly limit: number;
  /** In a sentence. */
  readonly doing: string;
  /** `undefined` when there was no process yet. */
  readonly tail: string | undefined;
}

/** The error for an agent that is not ready in time. */
export function startupTimeout({ end, limit, doing, tail }: LateStart): ServerStartupTimeoutError {
  const isAlive = end === "total";
  const what = isAlive
    ? `The server was not ready within ${limit} ms (four times \`serverTimeout\`), although it was at work.`
    : `The server was not ready, and showed no sign of life within ${limit} ms.`;
  const printed = tail === undefined ? "" : ` ${printedBy(tail)}`;
  return new ServerStartupTimeoutError(`${what} ${doing}${printed}`, {
    tail,
    hint: isAlive
      ? "A cold disk or a large project may need more: raise `serverTimeout`."
      : "It waits for something: a disk, a lock or the network. If that may take longer, raise `serverTimeout`.",
  });
}

function printedBy(tail: string): string {
  return tail === "" ? "It printed nothing." : `It printed:\n${tail.split("\n").slice(-20).join("\n")}`;
}

/**
 * True when the same start may work a moment later: another server held the database or was just making its tables, or
 * somebody took the port that we had found free.
 */
export function mayStartAgain(error: unknown, portIsOurs: boolean): boolean {
  if (!(error instanceof ServerStartupError) || error instanceof ServerStartupTimeoutError) return false;
  return busyDatabase.test(error.tail) || (portIsOurs && lostPort(error.tail));
}

/** True when the start failed because somebody else has the port. */
export function isPortTaken(error: unknown): boolean {
  if (!(error instanceof ServerStartupError)) return false;
  const { cause } = error;
  return lostPort(error.tail) || (cause instanceof Error && "code" in cause && cause.code === "EADDRINUSE");
}

/** The last one: two first starts on a fresh data directory, of which the slower finds the tables made (observed on 1.18.33). */
const busyDatabase = /database is locked|SQLITE_BUSY|Failed query:\s*(CREATE|ALTER|INSERT|PRAGMA)/i;

/** A port that is taken reads "Error: Unexpected error", then "ServeError" (observed on 1.18.33); others name the reason. */
function lostPort(tail: string): boolean {
  return /\bServeError\b|EADDRINUSE|address already in use|port \d+ (is )?in use/i.test(tail);
}
