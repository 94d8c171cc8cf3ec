/** Describes a tool call in a few words. Pure. */
import type { ToolPart } from "../../client.js";
import { compareTexts, type DiffLine, parsePatch } from "./diff.js";
import type { IconName } from "./dom.js";
import { shortPath } from "./format.js";

interface Kind {
  readonly name: string;
  readonly picture: IconName;
  /** Fields of the input that describe the call, the best first. */
  readonly subject: readonly string[];
}

const kinds: Readonly<Record<string, Kind>> = {
  bash: { name: "Run", picture: "terminal", subject: ["command"] },
  read: { name: "Read", picture: "file", subject: ["filePath"] },
  edit: { name: "Edit", picture: "pencil", subject: ["filePath"] },
  write: { name: "Write", picture: "pencil", subject: ["filePath"] },
  patch: { name: "Patch", picture: "pencil", subject: [] },
  apply_patch: { name: "Patch", picture: "pencil", subject: [] },
  list: { name: "List", picture: "list", subject: ["path"] },
  glob: { name: "Find files", picture: "search", subject: ["pattern"] },
  grep: { name: "Search", picture: "search", subject: ["pattern"] },
  webfetch: { name: "Fetch", picture: "globe", subject: ["url"] },
  websearch: { name: "Search the web", picture: "globe", subject: ["query"] },
  task: { name: "Sub-agent", picture: "spark", subject: ["description"] },
  todowrite: { name: "Todo list", picture: "list", subject: [] },
  question: { name: "Question", picture: "question", subject: [] },
  skill: { name: "Skill", picture: "spark", subject: ["name"] },
};

/** Display name and icon of a tool; an unknown tool keeps its own name. */
export function kindOf(tool: string): Kind {
  return kinds[tool] ?? { name: tool, picture: "tool", subject: ["description", "path", "query", "name"] };
}

/** The subject of the call: a command, a path …; `""` if there is none. */
export function subjectOf({ tool, state }: ToolPart, directory: string | undefined): string {
  for (const field of kindOf(tool).subject) {
    const value = state.input[field];
    if (typeof value === "string" && value !== "") return shortPath(value, directory);
  }
  return state.status === "completed" ? state.title : "";
}

/** The change of a file by the call; `undefined` for a call that changes no file. */
export function changeOf({ tool, state }: ToolPart): DiffLine[] | undefined {
  const patch = "metadata" in state ? state.metadata?.["diff"] : undefined;
  if (typeof patch === "string" && patch !== "") return parsePatch(patch);
  const { oldString, newString, content } = state.input;
  if (tool === "edit" && typeof oldString === "string" && typeof newString === "string") {
    return compareTexts(oldString, newString);
  }
  return tool === "write" && typeof content === "string" ? compareTexts("", content) : undefined;
}

/** The output of a running call so far. */
export function outputOf({ state }: ToolPart): string {
  if (state.status === "completed") return state.output;
  const running = "metadata" in state ? state.metadata?.["output"] : undefined;
  return typeof running === "string" ? running : "";
}

/** The session of the sub-agent that the call has started. */
export function childOf({ tool, state }: ToolPart): string | undefined {
  const metadata = "metadata" in state ? state.metadata : undefined;
  const id = metadata?.["sessionId"];
  return tool === "task" && typeof id === "string" ? id : undefined;
}

/** Milliseconds from start to end; `undefined` while it runs. */
export function timeOf({ state }: ToolPart): number | undefined {
  return state.status === "completed" || state.status === "error" ? state.time.end - state.time.start : undefined;
}
