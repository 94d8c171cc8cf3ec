/** Audit files: one JSON object a line, appended. */
import { appendFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { AuditEntry, AuditSink } from "../types/decision.js";

/** Writers by absolute path: lines of parallel turns must not run into each other. */
const queues = new Map<string, Promise<void>>();

/** Appends to the file at `path`, relative to the current directory; it is made (for its owner only) with the first entry. */
export function auditFile(path: string): AuditSink {
  const file = resolve(path);
  return (entry) => {
    const before = queues.get(file) ?? Promise.resolve();
    const written = before.catch(() => {}).then(() => append(file, entry)); // its failure was told to its own caller
    queues.set(file, written);
    const forget = (): void => {
      if (queues.get(file) === written) queues.delete(file);
    };
    written.then(forget, forget);
    return written;
  };
}

function append(file: string, entry: AuditEntry): Promise<void> {
  return appendFile(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
}
