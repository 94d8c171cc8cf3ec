/** The diffs that 2.x sends with a tool's result beside its output. */
import type { ServerEvent } from "../../types/event.js";
import { type JsonRecord, recordProperty, stringProperty } from "../../util/json.js";

/** The unified diffs of the files that a call has changed, one after the other; `undefined` when there are none. */
export function diffOfFiles(metadata: JsonRecord | undefined): string | undefined {
  const files = metadata?.["files"];
  const patches = Array.isArray(files) ? files.flatMap((file) => stringProperty(file, "patch") ?? []) : [];
  return patches.length === 0 ? undefined : patches.join("\n");
}

/** The same from the event of a result: `metadata` in 2.1, `structured` on the preview. */
export function toolDiffV2(raw: ServerEvent | undefined): string | undefined {
  if (raw?.type.endsWith(".tool.success") !== true) return undefined;
  const data = raw.properties;
  return diffOfFiles(recordProperty(data, "metadata") ?? recordProperty(data, "structured"));
}
