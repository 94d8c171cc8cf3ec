/** Asks in the conversation of the kept server with `onSettled`: `settled-client.ts DIRECTORY PROMPT ONSETTLED [MESSAGE]`. */
import { openConversation } from "../../../src/kept.js";

const [directory, prompt = "", onSettled = "", messageId] = process.argv.slice(2);
const conversation = await openConversation({ directory, onSettled: JSON.parse(onSettled) });
const { text, sessionId } = await conversation.ask(prompt, { messageId });
await conversation.close();
process.stdout.write(`${JSON.stringify({ text, sessionId })}\n`);
