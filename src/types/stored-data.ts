/** The agent's stored data, as `measureData()` reports it. */

/** One kind of stored data. */
export interface StoredData {
  /**
   * `"database"`: sessions and their events. `"snapshots"`: file versions that `revert()` restores. `"temporary files"`: files
   * in the system's temporary folder that agents have left behind or still use.
   */
  readonly name: "database" | "log" | "snapshots" | "tool output" | "temporary files";
  /** Path of the file or folder. */
  readonly path: string;
  /** Size of the counted files, in bytes. */
  readonly bytes: number;
  /** Number of counted files. */
  readonly files: number;
  /** False if counting stopped at the limit of 50,000 files: the true size is larger. */
  readonly isWhole: boolean;
}
