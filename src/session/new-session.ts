/** A new session: its directory, names and rules are checked, then it is created once. */
import type { SessionDraft } from "../api/inputs.js";
import { ownAgentName } from "../api/own-mark.js";
import { APIStatusError, ConfigError, UnsupportedEndpointError } from "../errors/index.js";
import type { SessionInfo } from "../types/answer.js";
import type { CreateSessionOptions } from "../types/options.js";
import { linkSignals } from "../util/abort.js";
import { newRecord, withRecord } from "./budget/budget-record.js";
import { requireMetadata, requireRecord } from "./budget/require-metadata.js";
import type { Connection } from "./context.js";
import { createOnce } from "./create-session.js";
import { creationRules } from "./permissions/turn-rules.js";
import { parseModel } from "./turn/prompt.js";
import { tellSessionStart } from "./turn/turn-hooks.js";
import type { ResolvedTurnOptions } from "./turn-options.js";
import { whileResponsive } from "./while-responsive.js";

/** Creates a session with the rules of the options; those of `tools` are left to the turn. Calls the hooks of a session's start. */
export async function newSession(
  connection: Connection,
  options: CreateSessionOptions,
  steered: ResolvedTurnOptions<unknown>,
  signal?: AbortSignal,
): Promise<SessionInfo> {
  const { client, lifetime } = connection;
  if (lifetime.aborted) throw lifetime.reason;
  const { capabilities } = connection.api;
  const { hasSessionRules, keepsTurnOptions } = capabilities;
  if (!hasSessionRules) refuseRules(options);
  const { budget } = options;
  if (budget !== undefined) requireMetadata(connection.api, "createSession({ budget })");
  const { inForce } = connection.permissionContext;
  const rules = hasSessionRules ? creationRules(steered, inForce, capabilities) : [];
  const own =
    options.agent === undefined || keepsTurnOptions
      ? options.metadata
      : { ...options.metadata, [ownAgentName]: options.agent };
  const draft: SessionDraft = {
    title: options.title ?? new Date().toISOString(),
    agent: options.agent,
    model: options.model === undefined ? undefined : parseModel(options.model),
    permission: rules.length === 0 ? undefined : rules,
    parentId: options.parentId,
    metadata: budget === undefined ? own : withRecord(own, newRecord(budget)),
  };
  const directory =
    (options.directory === undefined ? undefined : connection.resolveDirectory(options.directory)) ?? client.directory;
  if (directory !== client.directory) await requireDirectory(connection, directory);
  const { names } = connection.scope(directory);
  const stop = linkSignals(signal, lifetime);
  try {
    const info = await whileResponsive(connection.responsiveness, stop.signal, async (patient) => {
      await names.validate(options, patient);
      const { liveness } = connection.api;
      const retryOptions = { signal: patient, retryTimeout: connection.reconnectTimeout, liveness };
      return createOnce(connection.api, draft, directory, retryOptions);
    });
    if (budget !== undefined) await requireRecord(connection.api, info, directory, "createSession({ budget })");
    connection.budgets.records.made(info);
    if (options.parentId !== undefined) connection.markSeparate(info.id);
    await tellSessionStart(steered, client.logger, { sessionId: info.id, directory: info.directory });
    return info;
  } finally {
    stop.release();
  }
}

/** Rules that the server cannot keep would hold for the turns of this object only. */
function refuseRules({ permission, permissionMode }: CreateSessionOptions): void {
  const name = permission !== undefined ? "permission" : permissionMode !== undefined ? "permissionMode" : undefined;
  if (name === undefined) return;
  throw new UnsupportedEndpointError(`createSession({ ${name} }): sessions of this server have no permission rules`, {
    hint: `Give \`${name}\` to createOpencode(), or to each turn.`,
  });
}

/** How a server says that it has no such directory: 500 (1.18.33, 2.0 preview 1.18.18), 403 and 404 (types of 2.1). */
const missingDirectory: ReadonlySet<number> = new Set([403, 404, 500]);

/** The server makes sessions in directories that do not exist (1.18.33); their first turn fails. */
export async function requireDirectory(connection: Connection, directory: string | undefined): Promise<void> {
  if (directory === undefined || connection.isLocal) return;
  await connection.api.files.list("", { directory }).catch((cause: unknown) => {
    if (!(cause instanceof APIStatusError) || !missingDirectory.has(cause.status)) throw cause;
    throw new ConfigError(`the server cannot list the directory ${JSON.stringify(directory)}`, {
      cause,
      hint: "It must be an existing directory of the server's machine.",
    });
  });
}
