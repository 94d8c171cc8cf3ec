/** Which file of a release is the one for a build. Pure. */
import { archiveNames } from "../platform.js";

/** A file of a release. */
export interface ReleaseAsset {
  readonly name: string;
  /** Bytes; `undefined` when the release does not say. */
  readonly size: number | undefined;
  /** SHA-256 in lower-case hex; `undefined` when the release does not say (those before June 2025 do not). */
  readonly sha256: string | undefined;
  readonly url: URL;
}

/** The release's archive of a build (`"opencode-linux-x64"`). */
export function assetFor(build: string, assets: readonly ReleaseAsset[]): ReleaseAsset | undefined {
  const found = archiveNames(build).map((name) => assets.find((asset) => asset.name === name));
  return found.find((asset) => asset !== undefined);
}
