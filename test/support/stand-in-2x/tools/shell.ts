/** The tool `shell`: a real process in a group of its own, ended with the run. */
import { number, object, optional, text } from "../http/shape.js";
import { ToolFailure } from "../run/endings.js";
import { resolvePath } from "./paths.js";
import type { ShellCommands } from "./shell-line.js";
import { parseLine } from "./shell-line.js";
import { runShell } from "./shell-process.js";
import { parameters, type Tool } from "./tool.js";

const defaultTimeout = 120_000;

/** Characters of the output that the model gets. */
const maxOutput = 10_000;

export const shellTool: Tool = {
  name: "shell",
  action: "shell",
  description: "Runs a command line.",
  parameters: parameters({
    command: { type: "string" },
    "description?": { type: "string" },
    "workdir?": { type: "string" },
    "timeout?": { type: "number", description: "milliseconds" },
  }),
  shape: object({ command: text, description: optional(text), workdir: optional(text), timeout: optional(number) }),
  async run(input, call) {
    const command = String(input["command"]);
    const { workdir, timeout = defaultTimeout } = input;
    const cwd = typeof workdir === "string" ? (await resolvePath(`${workdir}/.`, call)).absolute : call.directory;
    const { resources, save }: ShellCommands = await parseLine(command);
    await call.require({ action: "shell", resources, save, metadata: { command } });
    const onOutput = (output: string): void => call.progress({ output });
    const result = await runShell({ command, cwd, timeout: Number(timeout), signal: call.signal, onOutput });
    call.signal.throwIfAborted();
    const isTruncated = result.output.length > maxOutput;
    const output = isTruncated ? result.output.slice(0, maxOutput) : result.output;
    const metadata = {
      exit: result.exit ?? null,
      truncated: isTruncated,
      ...(result.isTimeout ? { timeout: true } : {}),
    };
    if (result.exit === undefined && !result.isTimeout)
      throw new ToolFailure("The command was killed", "tool.execution", { metadata });
    const trailer = result.isTimeout
      ? `Command timed out after ${timeout} ms.`
      : `Command exited with code ${result.exit}.`;
    return {
      content: [
        { type: "text", text: output },
        { type: "text", text: trailer },
      ],
      metadata,
    };
  },
};
