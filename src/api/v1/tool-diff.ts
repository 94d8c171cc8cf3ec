/** What 1.x sends with a tool's result beside its output. */
import type { ServerEvent } from "../../types/event.js";
import { recordProperty, stringProperty } from "../../util/json.js";

/** The unified diff that an edit has made (1.18.33); `undefined` for other tools, and for an event that is none of a tool. */
export function toolDiff(raw: ServerEvent | undefined): string | undefined {
  const state = recordProperty(recordProperty(raw?.properties, "part"), "state");
  return stringProperty(recordProperty(state, "metadata"), "diff");
}
