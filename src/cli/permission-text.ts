/** Describes a permission request for a person: permission, directory, and the command or the change. Pure. */
import { stripVTControlCharacters } from "node:util";
import type { PermissionRequest } from "../index.js";

/** Maximum number of lines shown of a command or change. */
const mostLines = 40;

/** The question, and the text above it. */
export interface PermissionText {
  readonly title: string;
  readonly body: string;
}

/** The model writes these texts: terminal control characters are removed. */
export function permissionText(request: PermissionRequest, color: boolean): PermissionText {
  const { permission, patterns, metadata, directory, chain } = request;
  const lines = subject(request);
  const where = [
    directory === undefined ? "" : `in ${clean(directory)}`,
    chain.length > 1 ? `requested by a sub-agent` : "",
    text(metadata["parentDir"]) === "" ? "" : `outside the project: ${clean(text(metadata["parentDir"]))}`,
  ].filter((line) => line !== "");
  const shown = lines.slice(0, mostLines).map((line) => paint(line, color));
  if (lines.length > mostLines) shown.push(`… ${lines.length - mostLines} more lines`);
  const body = [...shown.map((line) => `  ${line}`), ...where.map((line) => `  (${line})`)].join("\n");
  const what = patterns.length === 0 ? "" : ` ${clean(patterns.join(" ")).split("\n")[0]?.slice(0, 100) ?? ""}`;
  return { title: `Allow ${clean(permission)}${what}?`, body };
}

/** The whole command, the change, or the patterns. */
function subject({ permission, patterns, metadata }: PermissionRequest): string[] {
  const diff = text(metadata["diff"]);
  const file = text(metadata["filepath"]);
  if (diff !== "") {
    const lines = clean(diff).split("\n");
    return [file, ...lines.filter((line) => line !== "" && !/^(Index: |=====|--- |\+\+\+ )/.test(line))];
  }
  const command = text(metadata["command"]);
  if (command !== "")
    return clean(command)
      .split("\n")
      .map((line, index) => `${index === 0 ? "$" : " "} ${line}`);
  return patterns.map((pattern) => `${clean(permission)}: ${clean(pattern)}`);
}

function paint(line: string, color: boolean): string {
  if (!color || !/^[+-]/.test(line)) return line;
  return `\u001b[${line.startsWith("+") ? 32 : 31}m${line}\u001b[39m`;
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function clean(value: string): string {
  return stripVTControlCharacters(value).replace(/[^\P{Cc}\n\t]|\p{Bidi_Control}/gu, "");
}
