/** The server and the session for a prompt. */
import {
  AuthenticationError,
  type BudgetLimits,
  createOpencode,
  type DownloadProgress,
  type Opencode,
  type Session,
  type SessionInfo,
} from "../index.js";
import { findService, type KeptConversation, openConversation } from "../kept.js";
import { withDownloadLine } from "./download-progress.js";
import { UsageError } from "./failures.js";
import type { TargetSettings } from "./settings.js";
import type { Terminal } from "./terminal.js";

/** A connection that the caller closes. */
export interface Connected {
  readonly opencode: Opencode;
  /** Set if the server is a daemon. */
  readonly conversation: KeptConversation | undefined;
  close(): Promise<void>;
}

interface Surroundings {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/**
 * Connects to the server that the flags name, finds the daemon, or starts a server. Downloads the agent if none is found.
 * Rejects as `createOpencode` does.
 */
export async function connect(target: TargetSettings, surroundings: Surroundings): Promise<Connected> {
  const { attach, directory, protocol, port, isolation, mode: permissionMode } = target;
  const { terminal, signal } = surroundings;
  const place = { directory, protocol, port, isolation };
  if (attach !== undefined) {
    const opencode = await withCredentials(attach, surroundings, (server) =>
      terminal.working(
        () => "connecting %s",
        () => createOpencode({ directory, protocol, permissionMode, ...server }),
      ),
    );
    return { opencode, conversation: undefined, close: () => opencode.close() };
  }
  return withDownloadLine(terminal, async (tellProgress) => {
    let isDownloading = false;
    const onProgress = (progress: DownloadProgress): void => {
      isDownloading = progress.bytes < (progress.total ?? Number.POSITIVE_INFINITY);
      tellProgress(progress);
    };
    return terminal.working(
      () => (isDownloading ? undefined : "starting the server %s"),
      () => start(onProgress),
    );
  });

  async function start(onProgress: (progress: DownloadProgress) => void): Promise<Connected> {
    if (target.keep) {
      const onWait = (pid: number): void => terminal.note(`waiting for another call (process ${pid})`);
      // Each turn sets the mode itself: other calls continue the conversation in their own mode.
      const session = { title: target.title, budget: budgetOf(target) };
      const conversation = await openConversation({ ...place, signal, onWait, session, onProgress });
      return { opencode: conversation.opencode, conversation, close: () => conversation.close() };
    }
    const opencode = await createOpencode({ ...place, permissionMode, signal, onProgress });
    return { opencode, conversation: undefined, close: () => opencode.close() };
  }
}

/** A running server, and the credentials for it. */
export interface RunningServer {
  readonly baseUrl: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

/**
 * The server of `--attach`. `service` is the user's background server of 2.x, with the password of its service file. Otherwise the password
 * is that of the environment; if it is refused or missing, a terminal prompts for one.
 */
export async function withCredentials<T>(
  attach: string,
  { terminal, signal }: Surroundings,
  attempt: (server: RunningServer) => Promise<T>,
): Promise<T> {
  if (attach === "service") {
    const service = await findService();
    if (service === undefined)
      throw new UsageError(
        "--attach service: no background service of opencode 2.x runs. Start it: opencode service start",
      );
    const { url: baseUrl, username, password } = service;
    return attempt({ baseUrl, username, password });
  }
  const baseUrl = attach;
  const password = process.env["OPENCODE_SERVER_PASSWORD"] || undefined;
  const username = process.env["OPENCODE_SERVER_USERNAME"] || undefined;
  try {
    return await attempt({ baseUrl, username, password });
  } catch (error) {
    if (!(error instanceof AuthenticationError) || !terminal.isInteractive) throw error;
    const { askPassword } = await import("./prompts.js");
    const given = await askPassword(baseUrl, terminal, signal);
    if (given === undefined) throw error;
    return attempt({ baseUrl, username, password: given });
  }
}

/** The budget of a session that the call makes. */
export function budgetOf({ budget }: TargetSettings): BudgetLimits | undefined {
  return budget === undefined ? undefined : { cost: budget };
}

/** The title of a session that starts with this prompt. Without a title the server calls a model for one. */
export function titleFor(prompt: string): string {
  const [line = ""] = prompt.trim().split("\n");
  if (line === "") return "opencode-ts";
  return line.length > 60 ? `${line.slice(0, 59).replace(/[\uD800-\uDBFF]$/, "")}…` : line;
}

/** The session that the flags name; `undefined` for a new session, or for the daemon's conversation. Throws `UsageError`. */
export async function namedSession(opencode: Opencode, target: TargetSettings): Promise<Session | undefined> {
  let id = target.session;
  if (target.continue) {
    const newest = await newestSession(opencode);
    if (newest === undefined) throw new UsageError("--continue: there is no session in this directory yet");
    id = newest.id;
  }
  if (id === undefined) return undefined;
  const session = opencode.session(id);
  return target.fork ? session.fork({ budget: budgetOf(target) }) : session;
}

async function newestSession(opencode: Opencode): Promise<SessionInfo | undefined> {
  let newest: SessionInfo | undefined;
  // `--continue` never means a sub-agent's session.
  for await (const info of opencode.sessions({ limit: 200 })) {
    if (info.parentID === undefined && (newest === undefined || info.time.updated > newest.time.updated)) newest = info;
  }
  return newest;
}
