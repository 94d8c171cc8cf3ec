/** Shell lines of the user: without a model, and no run. */
import { conflict } from "../http/failure.js";
import type { ApiRequest, Route } from "../http/router.js";
import { object, optionalOrNull, startsWith, text } from "../http/shape.js";
import { newId } from "../ids.js";
import { runShell } from "../tools/shell-process.js";
import type { SessionRecord, ShellMessage } from "../types.js";
import type { World } from "../world.js";
import { recordOf } from "./sessions.js";

export const shellRoutes: readonly Route[] = [
  {
    // Answers when the line has begun.
    method: "POST",
    path: "/session/{s}/shell",
    body: object({ id: optionalOrNull(startsWith("msg_")), command: text }),
    handle: start,
  },
];

function start(request: ApiRequest): undefined {
  const record = recordOf(request);
  const { id } = request.body;
  const known = record.messages.find((message) => message.id === id);
  if (known?.type === "shell") return;
  if (known !== undefined) throw conflict("The id is taken", String(id));
  const message: ShellMessage = {
    id: typeof id === "string" ? id : newId("msg"),
    type: "shell",
    shellID: newId("sh"),
    command: String(request.body["command"]),
    status: "running",
    time: { created: Date.now() },
  };
  record.messages.push(message);
  request.world.hub.durable(record, "session.shell.started", { shell: shellOf(record, message) });
  void run(request.world, record, message);
}

async function run(world: World, record: SessionRecord, message: ShellMessage): Promise<void> {
  const cwd = record.info.location.directory;
  const { output, exit } = await runShell({ command: message.command, cwd, signal: world.shells.signal });
  message.status = exit === undefined ? "killed" : "exited";
  if (exit !== undefined) message.exit = exit;
  message.output = { output, cursor: output.length, size: output.length, truncated: false };
  message.time.completed = Date.now();
  world.hub.durable(record, "session.shell.ended", { shell: shellOf(record, message), output: message.output });
}

function shellOf(record: SessionRecord, { shellID, command, status, exit, time }: ShellMessage): unknown {
  const { created: started, completed } = time;
  return {
    id: shellID,
    status,
    command,
    cwd: record.info.location.directory,
    shell: "/bin/sh",
    file: "",
    ...(exit === undefined ? {} : { exit }),
    metadata: {},
    time: { started, ...(completed === undefined ? {} : { completed }) },
  };
}
