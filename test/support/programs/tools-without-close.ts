/** Asks an agent that calls a tool of this process, and ends without closing anything: `tools-without-close.ts DIRECTORY BINARY`. */
import { createOpencode, defineTool } from "../../../src/index.js";
import { createScriptedModel, toolCall } from "../../../src/testing/index.js";
import { unhurried } from "../slowness.js";

const [directory = "", binary = ""] = process.argv.slice(2);
const model = await createScriptedModel([toolCall("app_pid", {}), "done"]);
const pid = defineTool({ name: "pid", description: "d", input: { type: "object" }, execute: () => process.pid });
const oc = await createOpencode({
  directory,
  binary,
  config: model.config,
  isolation: "clean",
  tools: [pid],
  ...unhurried(),
});
const { toolCalls, text } = await oc.ask("which process?");
process.stdout.write(`${JSON.stringify({ text, output: toolCalls[0]?.output, pid: String(process.pid) })}\n`);
