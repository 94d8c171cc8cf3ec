/** The diff that a tool call has made, from the raw event of its result, whatever the protocol. */
import type { ServerEvent } from "../types/event.js";
import { toolDiff as toolDiffV1 } from "./v1/tool-diff.js";
import { toolDiffV2 } from "./v2/tool-diff.js";

/** `undefined` for other tools, and for an event that is none of a tool. */
export function toolDiff(raw: ServerEvent | undefined): string | undefined {
  return toolDiffV1(raw) ?? toolDiffV2(raw);
}
