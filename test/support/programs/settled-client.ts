/** Asks in the conversation of the kept server with `onSettled`, and says so: `settled-client.ts DIRECTORY PROMPT ONSETTLED [MESSAGE] [IDLE]`. */
import { openConversation } from "../../../src/kept.js";
import { scaled } from "../slowness.js";

const [directory, prompt = "", onSettled = "", messageId, idle] = process.argv.slice(2);
const conversation = await openConversation({
  directory,
  idleTimeout: idle === undefined ? undefined : Number(idle),
  serverTimeout: scaled(80_000),
  onSettled: JSON.parse(onSettled),
});
const { text, sessionId } = await conversation.ask(prompt, { messageId: messageId || undefined });
await conversation.close();
process.stdout.write(`${JSON.stringify({ text, sessionId, pid: conversation.server.pid })}\n`);
