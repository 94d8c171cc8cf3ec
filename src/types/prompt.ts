/** Prompts. */
import type { Attachment } from "./attachment.js";

/** A text, a file as data or URL, an {@link Attachment}, or a mention of an agent. */
export type PromptPart =
  | {
      /** A text. */
      readonly type: "text";
      /** The text. */
      readonly text: string;
      /** True for a text that the model reads and that user interfaces hide. @default false */
      readonly synthetic?: boolean | undefined;
    }
  | {
      /** A file. */
      readonly type: "file";
      /** Media type, for example `"image/png"`. */
      readonly mime: string;
      /** `data:` URL with the content, or `file:` URL that the server reads. */
      readonly url: string;
      /** Name that the agent sees. */
      readonly filename?: string | undefined;
    }
  | {
      /** A mention of an agent, as `@name` in the terminal. */
      readonly type: "agent";
      /** Name of the agent. */
      readonly name: string;
    }
  | Attachment;

/** A prompt: a text, or parts in order. */
export type Prompt = string | readonly PromptPart[];
