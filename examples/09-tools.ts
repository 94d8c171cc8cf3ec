/** Functions of this process that the agent can call. */
import assert from "node:assert/strict";
import { createOpencode, defineTool } from "opencode-ts";
import { type ModelRequest, type Reply, toolCall } from "opencode-ts/testing";
import { z } from "zod";
import { setUp } from "./setup.js";

const stock = new Map([
  ["lamp", 3],
  ["chair", 0],
]);

const countStock = defineTool({
  name: "count_stock",
  description: "Tells how many pieces of an article are in stock. Articles are named in English, in the singular.",
  input: z.object({ article: z.string() }),
  execute: ({ article }) => {
    const pieces = stock.get(article); // article is a string
    if (pieces === undefined) throw new Error(`there is no article "${article}"`); // the agent receives the message
    return { article, pieces };
  },
});

await using setup = await setUp(clerk);
await using opencode = await createOpencode({ ...setup.options, tools: [countStock] });

const lamps = await opencode.ask("How many lamps are in stock? Use the tool.");
console.log(lamps.text);
assert.match(lamps.text, /3|three/i);
assert.equal(lamps.toolCalls[0]?.tool, "app_count_stock"); // the agent's name for the tool

// If the function throws, the call ends with a tool error. The run continues.
const stream = opencode.askStream("How many sofas are in stock? Use the tool.");
for await (const event of stream.events) {
  if (event.type === "tool-error") console.log(`tool error: ${event.error}`);
}
const sofas = await stream.answer;
console.log(sofas.text);
if (setup.scripted) assert.equal(sofas.toolCalls[0]?.error, 'there is no article "sofa"');

// Tools of one session: other sessions cannot call them.
const customer = defineTool({
  name: "customer",
  description: "Tells who the customer is.",
  input: z.object({}),
  execute: () => "Ada Lovelace",
});
const session = await opencode.createSession({ tools: [customer] });
const greeting = await session.ask("Who is the customer? Use the tool.");
console.log(greeting.text);
assert.match(greeting.text, /Ada/);

/** The scripted model calls the offered tool once and reports the result. */
function clerk({ lastUserText, tools, toolResults: [result] }: ModelRequest): Reply {
  if (result !== undefined) return `The tool says: ${result.content}`;
  const named = (name: string): string => tools.find((tool) => tool.endsWith(name)) ?? name;
  if (lastUserText.startsWith("Who")) return toolCall(named("_customer"), {});
  return toolCall(named("_count_stock"), { article: lastUserText.includes("sofa") ? "sofa" : "lamp" });
}
