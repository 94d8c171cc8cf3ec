/** Owns a server in the middle of a tool call, and says so. It waits to be killed; SIGUSR2 makes it crash. */
import { createOpencode } from "../../../src/index.js";
import { createScriptedModel, toolCall } from "../../../src/testing/index.js";
import { unhurried } from "../slowness.js";

const [binary, directory, command = "sleep 300"] = process.argv.slice(2);
const model = await createScriptedModel([toolCall("bash", { command, description: "wait" }), "done"]);
const oc = await createOpencode({ binary, directory, isolation: "clean", config: model.config, ...unhurried() });
process.once("SIGUSR2", () => process.abort());
const turn = oc.askStream("run the tool");
turn.answer.catch(() => {}); // it ends with this process
for await (const event of turn.events) {
  if (event.type === "tool-call") process.stdout.write(`${JSON.stringify({ pid: oc.server?.pid })}\n`);
}
