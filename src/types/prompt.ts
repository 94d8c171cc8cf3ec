/** What is asked. */
import type { Attachment } from "./attachment.js";

/** A text, a file as data or URL, an {@link Attachment}, or a mention of an agent. */
export type PromptPart =
  | { readonly type: "text"; readonly text: string; readonly synthetic?: boolean | undefined }
  | { readonly type: "file"; readonly mime: string; readonly url: string; readonly filename?: string | undefined }
  | { readonly type: "agent"; readonly name: string }
  | Attachment;

/** What is asked: a text, or parts in order. */
export type Prompt = string | readonly PromptPart[];
