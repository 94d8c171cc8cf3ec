/** Sub-agents: the tool `task`, and the commands that are run by one. */

import { onAbort } from "../../util/abort.js";
import { type JsonRecord, stringProperty } from "../../util/json.js";
import { type Agent, findAgent } from "./agents.js";
import { ToolFailure } from "./asks.js";
import { submitPrompt } from "./prompt.js";
import type { Message, Part, Session } from "./records.js";
import type { Run } from "./run-handle.js";
import type { MemoryServer } from "./server.js";
import type { ToolCall } from "./step-input.js";

/** What a sub-agent was asked, and by whom. */
interface Task {
  readonly parent: Session;
  readonly run: Run;
  readonly input: JsonRecord;
  readonly progress: (title: string, metadata: JsonRecord) => void;
}

/** Runs the sub-agent of a call of the tool `task`; gives back its output and its metadata. */
export function runSubAgent(
  server: MemoryServer,
  { step, input, progress }: ToolCall,
): Promise<[output: string, metadata: JsonRecord]> {
  return runTask(server, { parent: step.session, run: step.run, input, progress });
}

async function runTask(
  server: MemoryServer,
  { parent, run, input, progress }: Task,
): Promise<[output: string, metadata: JsonRecord]> {
  const name = stringProperty(input, "subagent_type") ?? "";
  const agent = findAgent(server, name);
  if (agent === undefined) throw new ToolFailure(`Unknown agent type: ${name} is not a valid agent type`);
  const title = stringProperty(input, "description") ?? "";
  const known = server.sessions.get(stringProperty(input, "task_id") ?? "");
  const child = known ?? childOf(server, parent, agent, `${title} (@${name} subagent)`);
  const model = agent.model ?? { modelID: parent.model?.id ?? "", providerID: parent.model?.providerID ?? "" };
  const metadata = { parentSessionId: parent.id, sessionId: child.id, model };
  progress(title, metadata);
  await server.pause(run.signal);
  const text = stringProperty(input, "prompt") ?? "";
  submitPrompt(server, child, { agent: name, model, parts: [{ type: "text", text }] });
  const forget = onAbort(run.signal, () => server.runs.get(child.id)?.abort());
  try {
    const { info, parts } = await run.listen(server.ensureRun(child));
    const refused =
      info.finish === "tool-calls" ? parts.findLast(({ state }) => state?.error)?.state?.error : undefined;
    const failure = info.error?.data["message"] ?? refused;
    if (failure !== undefined) throw new ToolFailure(`Subagent failed (task_id: ${child.id}): ${String(failure)}`);
    const said = parts.findLast(({ type }) => type === "text")?.text ?? "";
    return [`<task id="${child.id}" state="completed">\n<task_result>\n${said}\n</task_result>\n</task>`, metadata];
  } finally {
    forget();
  }
}

/** Of the session's rules only the denials are handed on; what the agent's own rules do not name is denied too. */
function childOf(server: MemoryServer, parent: Session, agent: Agent, title: string): Session {
  const denials = (parent.permission ?? []).filter(({ action }) => action === "deny");
  const depth = stringDepth(server.config);
  let above = 1;
  for (let one: Session | undefined = parent; one?.parentID !== undefined; above += 1) {
    one = server.sessions.get(one.parentID);
  }
  const isTooDeep = above >= depth;
  const without = ["todowrite", "task"].filter((name) => (name === "task" && isTooDeep) || !hasRule(agent, name));
  const own = without.map((permission) => ({ permission, pattern: "*", action: "deny" }));
  const { directory } = parent;
  const permission = [...denials, ...own];
  return server.createSession({ directory, parentID: parent.id, title, agent: agent.name, permission });
}

function hasRule({ permission }: Agent, name: string): boolean {
  return permission.some((rule) => rule.permission === name);
}

function stringDepth(config: object): number {
  const depth: unknown = Reflect.get(config, "subagent_depth");
  return typeof depth === "number" ? depth : 1;
}

/** Runs what a command asks a sub-agent, as a call that the server makes by itself. */
export async function runSubtask(
  server: MemoryServer,
  session: Session,
  run: Run,
  user: Message,
  task: Part,
): Promise<"continue"> {
  const message = server.saveInfo(session, server.answerTo(session, user.info, task.agent ?? ""));
  const { info } = message;
  const { prompt, description, agent, command } = task;
  const input = { prompt, description, subagent_type: agent, command };
  const time = { start: Date.now() };
  const part = server.addPart(session, message, {
    type: "tool",
    callID: server.ids.next("prt").slice(4).toUpperCase(),
    tool: "task",
    state: { status: "running", input, time },
  });
  const save = (state: Part["state"]): void => {
    part.state = state;
    server.savePart(session, message, part);
  };
  const progress: Task["progress"] = (title, metadata) => save({ status: "running", input, time, title, metadata });
  const [output, metadata] = await runTask(server, { parent: session, run, input, progress });
  info.finish = "tool-calls";
  info.time.completed = Date.now();
  server.saveInfo(session, info);
  const state = { input, title: description, metadata: { ...metadata, truncated: false }, output };
  save({ status: "completed", ...state, time: { ...time, end: Date.now() } });
  const next = server.saveInfo(session, {
    id: server.ids.next("msg"),
    sessionID: session.id,
    role: "user",
    time: { created: Date.now() },
    agent: user.info.agent,
    model: user.info.model,
  });
  const text = "Summarize the task tool output above and continue with your task.";
  server.addPart(session, next, { type: "text", text, synthetic: true });
  return "continue";
}
