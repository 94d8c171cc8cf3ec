/** Files that go with a prompt. */

/** The content of a file, ready to be sent. */
export interface AttachedFile {
  /** The bytes of the file. */
  readonly bytes: Uint8Array;
  /** Media type, for example `"image/png"`. Every text file is `"text/plain"`, the only type that the agent reads as text. */
  readonly mime: string;
  /** Name that the agent sees. */
  readonly filename?: string | undefined;
}

/** A file that is read when the prompt is sent. `attach()` makes it. */
export interface Attachment {
  /** Tells an attachment from the other parts of a prompt. */
  readonly type: "attachment";
  /** Origin of the content, for messages: a path, or the kind of data. */
  readonly source: string;
  /**
   * Reads the content.
   * @throws {ConfigError} for a file that is missing, too large, or of unknown type.
   */
  load(): Promise<AttachedFile>;
}
