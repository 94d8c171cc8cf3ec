/** What a download may take at most. Tests use smaller ones. */

/** Bounds of one installation. Times in ms, sizes in bytes. */
export interface DownloadLimits {
  /** Without a byte from the other side. */
  readonly idle: number;
  /** Tries of a request that is cut or not answered; a download that has come on by `step` starts counting anew. */
  readonly tries: number;
  readonly step: number;
  /** Before the second try, then doubled. */
  readonly pause: number;
  /** Of what the releases API answers. Observed: 200 KB. */
  readonly answer: number;
  /** Of the archive. Release 1.18.33: about 65 MB. */
  readonly archive: number;
  /** Of the archive's content. Release 1.18.33: 185 MB. */
  readonly unpacked: number;
  /** Of the archive, as a count. */
  readonly entries: number;
  /** How often the owner of the lock shows that it is alive, and after how long without that the lock is another's. */
  readonly heartbeat: number;
  readonly stale: number;
  /** For `--version`, right after 185 MB were written. */
  readonly probe: number;
}

const MiB = 1_048_576;

/** Of every real installation. */
export const downloadLimits: DownloadLimits = {
  idle: 30_000,
  tries: 5,
  step: MiB,
  pause: 500,
  answer: 8 * MiB,
  archive: 512 * MiB,
  unpacked: 1_024 * MiB,
  entries: 1_000,
  heartbeat: 2_000,
  stale: 15_000,
  probe: 60_000,
};
