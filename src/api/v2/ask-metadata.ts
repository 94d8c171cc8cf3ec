/** The metadata of a permission request, which policies judge by, where 2.x leaves it to the tool call. */
import { isRecord, type JsonRecord, stringProperty } from "../../util/json.js";
import type { OpenPermission } from "../api-event.js";
import { absolutePath } from "./tool-names.js";

/** What is known of the call that a request belongs to. */
export interface AskedCall {
  /** The input of the call; `undefined` when it is not known. */
  readonly input: JsonRecord | undefined;
  /** The session's directory. */
  readonly cwd: string;
  /** A request about a shell line has the whole line as its one subject (2.0 preview 1.18.18). */
  readonly asksWholeLines: boolean;
}

/** The request with `command`, `filepath` or `files`, as 1.x sends them. What the server says itself stays. */
export function withCallInput(request: OpenPermission, call: AskedCall): OpenPermission {
  const added = addedTo(request, call);
  return added === undefined ? request : { ...request, metadata: { ...request.metadata, ...added } };
}

function addedTo({ permission, patterns, metadata }: OpenPermission, call: AskedCall): JsonRecord | undefined {
  const { input, cwd, asksWholeLines } = call;
  const [subject] = patterns;
  if (permission === "bash") {
    if (typeof metadata["command"] === "string") return undefined;
    const whole = asksWholeLines && patterns.length === 1 ? subject : undefined;
    const command = stringProperty(input, "command") ?? whole;
    return command === undefined ? undefined : { command };
  }
  if (permission === "edit" || permission === "read") {
    if (typeof metadata["filepath"] === "string") return undefined;
    if (patterns.length !== 1 || Array.isArray(metadata["files"])) return { files: filesOf(metadata, patterns, cwd) };
    const path = stringProperty(input, "path") ?? subject;
    return path === undefined ? undefined : { filepath: absolutePath(path, cwd) };
  }
  return undefined;
}

/** Subjects are relative to the session's directory (2.0 preview 1.18.18). */
function filesOf(metadata: JsonRecord, patterns: readonly string[], cwd: string): JsonRecord[] {
  const known = metadata["files"];
  if (!Array.isArray(known)) return patterns.map((pattern) => ({ filePath: absolutePath(pattern, cwd) }));
  return known.filter(isRecord).map((file) => {
    const path = stringProperty(file, "filePath") ?? stringProperty(file, "file");
    return path === undefined ? file : { ...file, filePath: absolutePath(path, cwd) };
  });
}
