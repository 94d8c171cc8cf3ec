/** The protocols of agent servers. */

/** A protocol of the agent's server: `"v1"` for releases from 1.1 on, `"v2"` for 2.x. */
export type Protocol = "v1" | "v2";

/** The protocol of a connected server. A turn does not depend on it. */
export interface ServerProtocol {
  /** `"v1"` for 1.x, `"v2-preview"` for the preview of 2.0, `"v2"` for released 2.x. */
  readonly name: "v1" | "v2-preview" | "v2";
  /** The release that the server reports. The preview reports none: it is `"2.0.0-preview"`. */
  readonly version: string;
}
