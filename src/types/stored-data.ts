/** What the agent has stored, as `measureData()` tells it. */

/** One kind of it. */
export interface StoredData {
  /**
   * `"database"`: sessions and their events; `"snapshots"`: what `revert()` restores; `"temporary files"`: what agents
   * have left in the system's temporary folder, or still use.
   */
  readonly name: "database" | "log" | "snapshots" | "tool output" | "temporary files";
  /** Its file or folder. */
  readonly path: string;
  readonly bytes: number;
  readonly files: number;
  /** False when there are more files than were counted: it is larger. */
  readonly isWhole: boolean;
}
