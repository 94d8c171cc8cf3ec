/** A download of the agent, as callers see it. */

/** Progress of a download. */
export interface DownloadProgress {
  /** The release, for example `"1.18.33"`. */
  readonly version: string;
  /** Bytes received, including those of an earlier, interrupted download. */
  readonly bytes: number;
  /** Size in bytes; `undefined` if the host does not send it. */
  readonly total: number | undefined;
  /** Bytes per second over the last few seconds; 0 at the start. */
  readonly rate: number;
}
