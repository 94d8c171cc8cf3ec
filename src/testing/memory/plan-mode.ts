/** Plan mode: its reminders, and the way out of it. */
import { type Agent, home } from "./agents.js";
import { type AskOrigin, askQuestions, ToolFailure } from "./asks.js";
import type { Message, Session } from "./records.js";
import type { MemoryServer } from "./server.js";
import type { Step } from "./step-input.js";
import { buildReminder } from "./transcript.js";

function planFile({ directory, slug, time }: Session, isGit: boolean): string {
  const folder = isGit ? `${directory}/.opencode/plans` : `${home}/.local/share/opencode/plans`;
  return `${folder}/${time.created}-${slug}.md`;
}

/** With the workflow of plan mode its reminders are parts of the prompt, otherwise they are in the transcript alone. */
export function addReminders(server: MemoryServer, session: Session, user: Message, agent: Agent): void {
  if (server.options.planMode !== true) return;
  const last = server.messagesOf(session).findLast(({ info }) => info.role === "assistant");
  const wasPlan = last?.info.agent === "plan";
  const isPlan = agent.name === "plan";
  if (isPlan === wasPlan) return;
  const file = planFile(session, server.options.git === true);
  const text = isPlan
    ? `<system-reminder>\nPlan mode is active. You MUST NOT make any edits, with the exception of the plan file: ${file}\n</system-reminder>`
    : buildReminder;
  server.addPart(session, user, { type: "text", text, synthetic: true });
}

/** Asks whether the plan is to be carried out; a yes becomes a prompt of the agent `build`. */
export async function leavePlan(server: MemoryServer, { session, user }: Step, origin: AskOrigin): Promise<void> {
  const plan = planFile(session, server.options.git === true).slice(1);
  const question = `Plan at ${plan} is complete. Would you like to switch to the build agent and start implementing?`;
  const answers = await askQuestions(
    server,
    [
      {
        question,
        header: "Build Agent",
        custom: false,
        options: [
          { label: "Yes", description: "Switch to build agent and start implementing the plan" },
          { label: "No", description: "Stay with plan agent to continue refining the plan" },
        ],
      },
    ],
    origin,
  );
  if (answers?.[0]?.[0] === "No") throw new ToolFailure("The user dismissed this question", true);
  const message = server.saveInfo(session, {
    id: server.ids.next("msg"),
    sessionID: session.id,
    role: "user",
    time: { created: Date.now() },
    agent: "build",
    model: user.model,
  });
  const text = `The plan at ${plan} has been approved, you can now edit files. Execute the plan`;
  server.addPart(session, message, { type: "text", text, synthetic: true });
}
