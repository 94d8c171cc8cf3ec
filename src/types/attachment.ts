/** Files that go with a prompt. */

/** A file's content, ready to be sent. */
export interface AttachedFile {
  readonly bytes: Uint8Array;
  /** Media type, for example `"image/png"`. Texts of every kind are `"text/plain"`: the agent reads only that as a text. */
  readonly mime: string;
  readonly filename?: string | undefined;
}

/** A file that is read when the prompt is asked. Made by `attach()`. */
export interface Attachment {
  readonly type: "attachment";
  /** What it was made from, for messages: a path, or what kind of data. */
  readonly source: string;
  /** Throws `ConfigError` for a file that is missing, too large, or of no known type. */
  load(): Promise<AttachedFile>;
}
