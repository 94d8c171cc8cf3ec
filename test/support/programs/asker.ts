/** Asks on a session under an id of its own, and prints the answer; the test kills it in the middle and runs it again. */
import {
  ApprovalPendingError,
  createOpencode,
  type OpencodeOptions,
  type SessionTurnOptions,
} from "../../../src/index.js";

interface Task {
  readonly options: OpencodeOptions;
  /** Without one a session is made. */
  readonly sessionId?: string;
  readonly messageId: string;
  readonly prompt: string;
  readonly turn?: SessionTurnOptions;
  /** It prints `asked` for each permission request, and allows it or never answers. */
  readonly onPermission?: "once" | "never";
}

const task: Task = JSON.parse(process.env["ASKER_TASK"] ?? "{}");
const { messageId, prompt, turn, onPermission } = task;
const oc = await createOpencode(task.options);
const session = task.sessionId === undefined ? await oc.createSession({ title: "t" }) : oc.session(task.sessionId);
process.stdout.write(`${JSON.stringify({ sessionId: session.id, server: oc.server?.pid })}\n`);
const handler = (): "once" | Promise<never> => {
  process.stdout.write("asked\n");
  return onPermission === "once" ? "once" : new Promise(() => {});
};
const asking = onPermission === undefined ? {} : { onPermission: handler };
const { text, interruptions } = await session.ask(prompt, { ...turn, ...asking, messageId }).catch((error: unknown) => {
  if (error instanceof ApprovalPendingError) process.stdout.write(`parked ${error.approvalId}\n`);
  throw error;
});
process.stdout.write(`answer ${JSON.stringify({ text, interruptions })}\n`);
await oc.close();
