/** The server and the session that a question goes to. */
import { AuthenticationError, createOpencode, type Opencode, type Session, type SessionInfo } from "../index.js";
import { type KeptConversation, openConversation } from "../kept.js";
import { UsageError } from "./failures.js";
import { modeOptions } from "./permission-mode.js";
import type { TargetSettings } from "./settings.js";
import type { Terminal } from "./terminal.js";

/** A connection, to be closed. */
export interface Connected {
  readonly opencode: Opencode;
  /** Of the kept server, if it is one. */
  readonly conversation: KeptConversation | undefined;
  close(): Promise<void>;
}

/** Connects to the server that the flags name, starts one, or finds the kept one. Rejects as `createOpencode` does. */
export async function connect(
  target: TargetSettings,
  { terminal, signal }: { readonly terminal: Terminal; readonly signal: AbortSignal },
): Promise<Connected> {
  const { attach, directory, port, isolation } = target;
  if (target.keep) {
    const onWait = (pid: number): void => terminal.note(`waiting for another call (process ${pid})`);
    const { permission } = modeOptions(target.mode, undefined);
    const session = { permission, ...(target.title === undefined ? {} : { title: target.title }) };
    const conversation = await openConversation({ directory, port, isolation, signal, onWait, session });
    return { opencode: conversation.opencode, conversation, close: () => conversation.close() };
  }
  const opencode =
    attach === undefined
      ? await createOpencode({ directory, port, isolation, signal })
      : await attachTo(attach, directory, terminal, signal);
  return { opencode, conversation: undefined, close: () => opencode.close() };
}

/** With the password of the environment; a person is asked for it when that one is refused, or missing. */
async function attachTo(
  baseUrl: string,
  directory: string | undefined,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Opencode> {
  const password = process.env["OPENCODE_SERVER_PASSWORD"] || undefined;
  const username = process.env["OPENCODE_SERVER_USERNAME"] || undefined;
  const options = { baseUrl, directory, username };
  try {
    return await createOpencode({ ...options, password });
  } catch (error) {
    if (!(error instanceof AuthenticationError) || !terminal.isInteractive) throw error;
    const { askPassword } = await import("./prompts.js");
    const given = await askPassword(baseUrl, terminal, signal);
    if (given === undefined) throw error;
    return createOpencode({ ...options, password: given });
  }
}

/** The session that the flags name; `undefined` for a new one, or for the kept conversation's. Throws `UsageError`. */
export async function namedSession(opencode: Opencode, target: TargetSettings): Promise<Session | undefined> {
  let id = target.session;
  if (target.continue) {
    const newest = await newestSession(opencode);
    if (newest === undefined) throw new UsageError("--continue: there is no session in this directory yet");
    id = newest.id;
  }
  if (id === undefined) return undefined;
  const session = opencode.session(id);
  return target.fork ? session.fork() : session;
}

async function newestSession(opencode: Opencode): Promise<SessionInfo | undefined> {
  let newest: SessionInfo | undefined;
  // A sub-agent's session is not what somebody wants to go on with.
  for await (const info of opencode.sessions({ limit: 200 })) {
    if (info.parentID === undefined && (newest === undefined || info.time.updated > newest.time.updated)) newest = info;
  }
  return newest;
}

/** A new session by the flags, for what has to be known before the first question. */
export function newSession(opencode: Opencode, target: TargetSettings): Promise<Session> {
  const { permission } = modeOptions(target.mode, undefined);
  return opencode.createSession({ permission, ...(target.title === undefined ? {} : { title: target.title }) });
}

/** Restricts a session that was not made for the mode. (The server adds rules, and has none taken away.) */
export async function restrict(session: Session, target: TargetSettings): Promise<void> {
  const { permission } = modeOptions(target.mode, undefined);
  if (permission === undefined) return;
  const { permission: known = [] } = await session.info();
  const wanted = Object.entries(permission).flatMap(([name, value]) =>
    typeof value === "string"
      ? [`${name} * ${value}`]
      : Object.entries(value).map((rule) => `${name} ${rule.join(" ")}`),
  );
  const present = new Set(known.map((rule) => `${rule.permission} ${rule.pattern} ${rule.action}`));
  if (!wanted.every((rule) => present.has(rule))) await session.setPermissions(permission);
}
