/** Asks in the conversation of the kept server, prints the answer, and ends: `kept-asker.ts DIRECTORY PROMPT [IDLE]`. */
import { openConversation } from "../../../src/kept.js";
import { scaled } from "../slowness.js";

const [directory, prompt = "", idle] = process.argv.slice(2);
const conversation = await openConversation({
  directory,
  idleTimeout: idle === undefined ? undefined : Number(idle),
  serverTimeout: scaled(80_000),
});
const { text, sessionId } = await conversation.ask(prompt);
process.stdout.write(`${JSON.stringify({ text, sessionId, pid: conversation.server.pid })}\n`);
await conversation.close();
