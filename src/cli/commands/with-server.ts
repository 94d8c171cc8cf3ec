/** A connection for commands without a prompt: to the daemon if one runs, otherwise to a temporary server. */
import type { Opencode } from "../../index.js";
import { findConversation } from "../../kept.js";
import { guarded } from "../run-command.js";
import { type Flags, readTarget } from "../settings.js";
import { connect } from "../target.js";
import { createTerminal, type Terminal } from "../terminal.js";

/** Calls `work` with a connection, and closes it. Resolves to the exit code. `onFailure`: as of `guarded()`. */
export function withServer(
  flags: Flags,
  work: (opencode: Opencode, terminal: Terminal, signal: AbortSignal) => Promise<unknown>,
  onFailure?: (error: unknown) => Promise<unknown>,
): Promise<number> {
  return guarded(async (signal) => {
    const terminal = createTerminal(signal);
    const opencode = await reach(flags, terminal, signal);
    try {
      return await work(opencode, terminal, signal);
    } finally {
      await opencode.close();
    }
  }, onFailure);
}

async function reach(flags: Flags, terminal: Terminal, signal: AbortSignal): Promise<Opencode> {
  const target = readTarget(flags);
  const { attach, directory, protocol, isolation, port } = target;
  const mayBeKept = attach === undefined && port === undefined;
  const kept = mayBeKept ? await findConversation({ directory, protocol, isolation, signal }) : undefined;
  return kept?.opencode ?? (await connect({ ...target, keep: false }, { terminal, signal })).opencode;
}

/** Formats a table: each column is as wide as its widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, at) => Math.max(...rows.map((row) => (row[at] ?? "").length)));
  return rows
    .map((row) => row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join("  "))
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}
