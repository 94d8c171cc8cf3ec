/** Starts a server on the home it is given, asks as often as it is told, and prints how that went. */
import { createOpencode, isOpencodeError } from "../../../src/index.js";
import { createScriptedModel } from "../../../src/testing/index.js";
import { scaled } from "../slowness.js";

const [binary, directory, name, prompts = "1"] = process.argv.slice(2);
const model = await createScriptedModel((request) => `answer to ${request.lastUserText}`);
const answers: string[] = [];
try {
  // A machine with few processors is slow when many servers start at once, which is not what is tried here.
  const patience = { serverTimeout: scaled(300_000), reconnectTimeout: scaled(300_000) };
  await using oc = await createOpencode({ binary, directory, config: model.config, ...patience });
  const session = await oc.createSession({ title: name });
  for (let prompt = 1; prompt <= Number(prompts); prompt += 1) {
    answers.push((await session.ask(`${name} ${prompt}`)).text);
  }
  process.stdout.write(`${JSON.stringify({ answers, sessionId: session.id, calls: model.requests.length })}\n`);
} catch (error) {
  const tail = isOpencodeError(error) && "tail" in error ? error.tail : undefined;
  process.stdout.write(`${JSON.stringify({ answers, error: String(error), tail })}\n`);
}
await model.close();
