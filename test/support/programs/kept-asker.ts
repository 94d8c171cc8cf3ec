/** Asks in the conversation of a kept server under an id of its own; the test kills it in the middle and runs it again. */
import { type ConversationOptions, openConversation } from "../../../src/kept.js";

interface Task {
  readonly options: ConversationOptions;
  readonly messageId: string;
  readonly prompt: string;
}

const { options, messageId, prompt }: Task = JSON.parse(process.env["ASKER_TASK"] ?? "{}");
const conversation = await openConversation(options);
process.stdout.write(`${JSON.stringify({ server: conversation.server.pid })}\n`);
const { text, sessionId } = await conversation.ask(prompt, { messageId });
process.stdout.write(`answer ${JSON.stringify({ text, sessionId })}\n`);
await conversation.close();
