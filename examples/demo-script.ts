/** The prompts of the demo, and the replies of the scripted model. A real model gets the same prompts. */
import { type ModelRequest, type Reply, toolCall } from "opencode-ts/testing";

export const prompts = {
  ready: "Reply with exactly: READY",
  hello: "In one sentence: who are you?",
  count: "Count from one to ten in words.",
  remember: "My favourite colour is teal. Remember it and answer with OK.",
  recall: "What is my favourite colour? One word.",
  extract: "Ada Lovelace was born in London in 1815. Who is this about?",
  story: "Tell me a very long story.",
  write: "Create the file hello.txt with the text: hello",
} as const;

/** Computes each reply from the request: the script itself stores nothing. */
export function reply({ lastUserText, messages, stepIndex }: ModelRequest): Reply {
  switch (lastUserText) {
    case prompts.ready:
      return "READY";
    case prompts.hello:
      return "I am a script of this demo; the agent around me is the real opencode.";
    case prompts.count:
      return {
        text: ["one", " two", " three", " four", " five", " six", " seven", " eight", " nine", " ten"],
        delay: 120,
      };
    case prompts.remember:
      return "OK";
    case prompts.recall:
      return /favourite colour is (\w+)/.exec(JSON.stringify(messages))?.[1] ?? "You have not told me.";
    case prompts.extract:
      return { structured: { name: "Ada Lovelace", city: "London", born: 1815 } };
    case prompts.story:
      return { text: ["Once upon a time ", "there was a model "], end: "hang" };
    case prompts.write:
      return stepIndex === 0 ? toolCall("write", { filePath: "hello.txt", content: "hello\n" }) : "The file is there.";
    default:
      return { status: 400, message: `the demo has no answer to ${JSON.stringify(lastUserText)}` };
  }
}
