/** Asks on a session under an id of its own, and prints the answer; the test kills it in the middle and runs it again. */
import { createOpencode, type OpencodeOptions } from "../../../src/index.js";

interface Task {
  readonly options: OpencodeOptions;
  /** Without one a session is made. */
  readonly sessionId?: string;
  readonly messageId: string;
  readonly prompt: string;
}

const task: Task = JSON.parse(process.env["ASKER_TASK"] ?? "{}");
const oc = await createOpencode(task.options);
const session = task.sessionId === undefined ? await oc.createSession({ title: "t" }) : oc.session(task.sessionId);
process.stdout.write(`${JSON.stringify({ sessionId: session.id, server: oc.server?.pid })}\n`);
const { text, interruptions } = await session.ask(task.prompt, { messageId: task.messageId });
process.stdout.write(`answer ${JSON.stringify({ text, interruptions })}\n`);
await oc.close();
