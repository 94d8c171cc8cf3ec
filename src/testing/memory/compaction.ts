/** Compaction: the transcript is replaced by a summary, and the run goes on from there. */
import { modelName, provider } from "./model.js";
import type { Info, Message, Part, Session } from "./records.js";
import type { Run } from "./run-handle.js";
import type { MemoryServer } from "./server.js";
import { runStep } from "./step.js";
import { tellSummaries } from "./summaries.js";
import { asConversation, sinceCompaction } from "./transcript.js";

const goOn = "Continue if you have next steps, or stop and ask for clarification if you are unsure how to proceed.";
/** A prompt that did not fit, and has nothing before it, is not given again. */
const tooLong =
  "The previous request exceeded the provider's size limit due to large media attachments. The conversation was compacted and media files were removed from context. If the user was asking about attached images or files, explain that the attachments were too large to process and suggest they try again with smaller or fewer files.\n\n";

/** Adds the message that makes the run compact. */
export function requestCompaction(
  server: MemoryServer,
  session: Session,
  { agent, model = { providerID: provider, modelID: modelName } }: Pick<Info, "agent" | "model">,
  given: { readonly auto: boolean; readonly overflow?: boolean },
): void {
  const message = server.saveInfo(session, {
    id: server.ids.next("msg"),
    role: "user",
    sessionID: session.id,
    time: { created: Date.now() },
    agent,
    model,
  });
  server.addPart(session, message, { type: "compaction", ...given });
}

/** Has the summary written, and says how the run goes on. */
export async function compact(
  server: MemoryServer,
  session: Session,
  run: Run,
  user: Message,
  task: Part,
): Promise<"stop" | "continue"> {
  const all = server.messagesOf(session);
  // Made again after the server's death it stands behind the next prompt, and the one before that is given again (1.18.33).
  const before = all.slice(0, all.indexOf(user));
  const last = task.overflow === true ? before.findLast(isPrompt) : undefined;
  const older = last === undefined ? [] : before.slice(0, before.indexOf(last));
  // Nothing older: the prompt itself is summarized, and not given again.
  const replayed = older.some(isPrompt) ? last : undefined;
  const history = replayed === undefined ? all : older;
  const head = { ...server.answerTo(session, user.info, "compaction"), summary: true };
  const message = server.saveInfo(session, head);
  tellSummaries(server, session, run);
  const conversation = asConversation(sinceCompaction(history));
  const system = "You are a context summarization agent. Only output the structured summary.";
  const order = `Here is the conversation so far:\n\n<conversation>\n${conversation}\n</conversation>\n\nCreate a new anchored summary from the conversation history in the <conversation> tags above so another coding agent can continue the work.`;
  const messages = [
    { role: "system", content: system },
    { role: "user", content: order },
  ];
  const agent = server.agents.get("compaction");
  if (agent === undefined) return "stop";
  const step = {
    run,
    session,
    message,
    user: user.info,
    agent,
    rules: agent.permission,
    tools: [],
    body: { messages },
  };
  const end = await runStep(server, step);
  if (end === "compact") {
    server.saveInfo(session, message.info);
    return "stop";
  }
  if (end === "stop" || message.info.error !== undefined) return "stop";
  if (task.auto === true) carryOn(server, session, user.info, replayed, task.overflow === true ? tooLong + goOn : goOn);
  server.tell(session, "session.compacted", { sessionID: session.id });
  return "continue";
}

function isPrompt({ info, parts }: Message): boolean {
  return info.role === "user" && !parts.some(({ type }) => type === "compaction");
}

/** The next prompt: a copy of the one that was too long, otherwise the server's own. */
function carryOn(
  server: MemoryServer,
  session: Session,
  user: Info,
  replayed: Message | undefined,
  text: string,
): void {
  const { id: _, summary: __, ...head } = replayed?.info ?? user;
  const now = Date.now();
  const message = server.saveInfo(session, { ...head, id: server.ids.next("msg"), time: { created: now } });
  if (replayed === undefined) {
    server.addPart(session, message, {
      type: "text",
      metadata: { compaction_continue: true },
      synthetic: true,
      text,
      time: { start: now, end: now },
    });
    return;
  }
  for (const { id: _id, messageID: _message, sessionID: _session, ...part } of replayed.parts) {
    if (part.type !== "compaction") server.addPart(session, message, part);
  }
}
