/** A download of the agent, as callers see it. */

/** How far a download is. */
export interface DownloadProgress {
  /** The release that is fetched, for example `"1.18.33"`. */
  readonly version: string;
  /** Bytes that are here, those of an earlier, broken download included. */
  readonly bytes: number;
  /** Bytes in all; `undefined` where nobody says. */
  readonly total: number | undefined;
  /** Bytes per second, of the last few seconds; 0 at first. */
  readonly rate: number;
}
