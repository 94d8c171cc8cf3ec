/** A document as a session of this server. */
import { ownAgentName, ownAgentOf } from "../../api/own-mark.js";
import type { SessionInfo } from "../../types/answer.js";
import type { ImportOptions, SessionDocument } from "../../types/document.js";
import { optionNames } from "../../types/option-names.js";
import { checkOptions } from "../../util/check-options.js";
import { invalidOption } from "../../util/invalid-option.js";
import { recordName, recordOf } from "../budget/budget-record.js";
import { requireMetadata, requireRecord } from "../budget/require-metadata.js";
import type { Connection } from "../context.js";
import { requireDirectory } from "../new-session.js";
import { parseModel } from "../turn/prompt.js";
import { tellSessionStart } from "../turn/turn-hooks.js";
import { resolveTurnOptions } from "../turn-options.js";
import { checkDocument } from "./check-document.js";
import { restorableMessages } from "./restorable.js";

const call = "importSession() of a session with a budget";
const withoutBudget = `Delete ${JSON.stringify(recordName)} from \`session.metadata\` of the document to import it without its budget.`;

/** Makes the session. No model is called. Nothing is stored of a wrong document, and a session that cannot be filled is deleted. */
export async function importSession(
  connection: Connection,
  given: unknown,
  options: ImportOptions,
): Promise<SessionInfo> {
  checkOptions(options, optionNames.import, "importSession()");
  if (options.rules !== undefined && typeof options.rules !== "boolean") {
    throw invalidOption("rules", "true or false", options.rules);
  }
  const document = checkDocument(given);
  const { session, rules, messages } = document;
  const { client, lifetime, api } = connection;
  if (lifetime.aborted) throw lifetime.reason;
  const hasBudget = recordOf(session) !== undefined;
  if (hasBudget) requireMetadata(api, call, withoutBudget);
  const own = checkedText("agent", options.agent) ?? ownAgent(document);
  const agent = own ?? session.agent;
  const model = checkedText("model", options.model) ?? session.model;
  const ref = model === undefined ? undefined : parseModel(model);
  const directory =
    (options.directory === undefined ? undefined : connection.resolveDirectory(options.directory)) ?? client.directory;
  if (directory !== client.directory) await requireDirectory(connection, directory);
  const scope = connection.scope(directory);
  await scope.names.validate({ agent, model }, lifetime);
  const info = await api.sessions.restore(
    {
      // The server would ask a model for one.
      title: session.title === "" ? new Date().toISOString() : session.title,
      agent,
      model: ref,
      variant: options.model === undefined ? session.variant : undefined,
      permission: options.rules === false ? [] : rules,
      metadata: withAgent(session.metadata, api.capabilities.keepsTurnOptions ? undefined : own),
      created: session.created,
      messages: restorableMessages(messages, Date.now()),
    },
    { directory, signal: lifetime },
  );
  if (hasBudget) await requireRecord(api, info, directory, call, withoutBudget);
  const hooks = resolveTurnOptions({}, connection.defaults);
  await tellSessionStart(hooks, client.logger, { sessionId: info.id, directory: info.directory });
  return info;
}

/** A document of 1.x without the name in its metadata has the agent of the last prompt. */
function ownAgent({ server, session }: SessionDocument): string | undefined {
  const isOwn = ownAgentOf(session.metadata) !== undefined || Object(server).name !== "v1";
  return isOwn ? session.agent : undefined;
}

function withAgent(metadata: SessionDocument["session"]["metadata"], agent: string | undefined): typeof metadata {
  const { [ownAgentName]: _before, ...others } = metadata ?? {};
  if (agent !== undefined) return { ...others, [ownAgentName]: agent };
  return metadata === undefined ? undefined : others;
}

function checkedText(name: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw invalidOption(name, "a text", value);
}
