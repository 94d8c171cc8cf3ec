/** `warm-steps SERVER COUNT`: prints where the time of each of COUNT warm asks goes, as JSON: a list of ms by step. */
import { createOpencode } from "opencode-ts";

const [server = "", count = "1"] = process.argv.slice(2);

let marks: Record<string, number> = {};
const mark = (name: string): void => {
  marks[name] ??= performance.now();
};
/** Begin and end of each request, under the last part of its path. */
const observed: typeof fetch = async (input, init) => {
  const name = new URL(input instanceof Request ? input.url : input).pathname.split("/").at(-1);
  mark(`${name} begins`);
  const response = await fetch(input, init);
  mark(`${name} answers`);
  return response;
};

const opencode = await createOpencode({ baseUrl: server, fetch: observed });
await opencode.ask("first");
const asks: Record<string, number>[] = [];
for (let index = 0; index < Number(count); index += 1) {
  marks = {};
  const begun = performance.now();
  const stream = opencode.askStream("What does this project do?");
  let lastText = 0;
  for await (const event of stream.events) {
    if (event.type !== "text-delta") continue;
    mark("first text");
    lastText = performance.now();
  }
  await stream.answer;
  const at = (name: string): number => marks[name] ?? begun;
  asks.push({
    "client: options, plan": at("session begins") - begun,
    "agent: creates the session (`POST /session`)": at("session answers") - at("session begins"),
    "client: opens the stream if it is closed, prepares the prompt": at("prompt_async begins") - at("session answers"),
    "agent: takes the prompt (`POST …/prompt_async`)": at("prompt_async answers") - at("prompt_async begins"),
    "agent: prepares the run and calls the model, up to the first delta": at("first text") - at("prompt_async answers"),
    "agent: streams the text": lastText - at("first text"),
    "agent: stores the answer and becomes idle; client: settles the turn": performance.now() - lastText,
  });
}
console.log(JSON.stringify(asks));
await opencode.close();
