/** Turns an error into a message and an exit code. Pure. */
import { cliHint } from "./hints.js";

/** The command line is invalid. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** 128 + SIGINT, the convention of shells. */
export const interrupted = 130;

interface ExitCode {
  readonly code: number;
  readonly meaning: string;
  /** Names of the classes of errors. */
  readonly names: readonly string[];
}

/** By class name, so that no error class is loaded. The first match counts. */
export const exitCodes: readonly ExitCode[] = [
  { code: 0, meaning: "answered", names: [] },
  { code: 1, meaning: "the run failed in another way", names: [] },
  { code: 2, meaning: "wrong usage or configuration", names: ["UsageError", "ConfigError", "BadRequestError"] },
  {
    code: 3,
    meaning: "no usable agent binary",
    names: ["BinaryNotFoundError", "BinaryDownloadError", "UnsupportedServerVersionError"],
  },
  {
    code: 4,
    meaning: "the server did not start, or ended",
    names: ["ServerStartupError", "ServerStartupTimeoutError", "ServerExitedError"],
  },
  {
    code: 5,
    meaning: "the server cannot be reached, or sends invalid responses",
    names: [
      "APIConnectionError",
      "APITimeoutError",
      "APIResponseValidationError",
      "UnsupportedEndpointError",
      "ServerUnresponsiveError",
      "InternalServerError",
    ],
  },
  {
    code: 6,
    meaning: "credentials are missing or refused (of the server or of the model provider)",
    names: ["AuthenticationError", "PermissionDeniedError", "ProviderAuthError"],
  },
  { code: 7, meaning: "a rate limit or quota is used up", names: ["ProviderRateLimitError", "RateLimitError"] },
  {
    code: 8,
    meaning: "the model, agent, session or message does not exist",
    names: [
      "ModelNotFoundError",
      "AgentNotFoundError",
      "SessionNotFoundError",
      "MessageNotFoundError",
      "NotFoundError",
    ],
  },
  {
    code: 9,
    meaning: "a budget is used up (--max-cost, --budget, or the 25 steps of autoTools)",
    names: ["BudgetExceededError"],
  },
  { code: 10, meaning: "the output does not match the schema", names: ["StructuredOutputError"] },
  {
    code: 11,
    meaning: "the context is full, or a content filter stopped the answer",
    names: ["ContextOverflowError", "ContentFilterError"],
  },
  {
    code: 12,
    meaning: "the session is busy, or the request conflicts with stored data",
    names: ["SessionBusyError", "ConflictError"],
  },
  { code: 13, meaning: "someone else aborted the run", names: ["AbortedError", "APIAbortError"] },
  { code: 14, meaning: "a permission request waits for an approval", names: ["ApprovalPendingError"] },
  { code: 15, meaning: "the agent went round in circles (--max-repeats)", names: ["RunawayError"] },
  { code: 124, meaning: "the time limit (--timeout) is reached", names: ["TurnTimeoutError", "IdleTimeoutError"] },
  { code: interrupted, meaning: "interrupted (Ctrl-C)", names: [] },
];

/** The exit code for a thrown value. */
export function exitCodeOf(error: unknown): number {
  const name = error instanceof Error ? error.name : "";
  return exitCodes.find(({ names }) => names.includes(name))?.code ?? 1;
}

/** One line or a few for standard error. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return `opencode-ts: ${String(error)}\n`;
  if (error instanceof UsageError) {
    const more = error.message.includes("\n") ? "" : '\nTry "opencode-ts --help".';
    return `opencode-ts: ${error.message}${more}\n`;
  }
  const hint = cliHint(error);
  return `opencode-ts: ${error.message}${hint === undefined ? "" : `\n  ${hint}`}\n`;
}

/** The same as data, for `--json`. */
export function failureData(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const facts: unknown = "toJSON" in error && typeof error.toJSON === "function" ? error.toJSON() : undefined;
  if (typeof facts !== "object" || facts === null) return { name: error.name, message: error.message };
  const { answer: _partial, body: _body, ...rest } = facts as Record<string, unknown>; // toJSON() of OpencodeError returns an object
  return { ...rest, hint: cliHint(error) };
}
