/** Makes sessions of 2.x. */
import { nameOwnDirectory } from "../../client/client.js";
import { ConflictError, isOpencodeError } from "../../errors/index.js";
import type { SessionInfo } from "../../types/answer.js";
import type { ApiCall, SessionDraft } from "../inputs.js";
import { given } from "../v1/given-fields.js";
import { isMissing, type MissingThing, missingError, requireThing } from "./missing.js";
import { serverRules } from "./names.js";
import { toSessionInfo } from "./session-shape.js";
import { below, dataOf, locationQuery, type Wire } from "./wire.js";

/**
 * Makes the session with the id of the draft: the same id once more is the session that is there, whatever else the body says (2.0
 * preview 1.18.18). So the answer is compared with the draft. A title that cannot be stored is left out.
 */
export async function createSession(wire: Wire, draft: SessionDraft, call: ApiCall | undefined): Promise<SessionInfo> {
  const { client, dialect } = wire;
  const { id, title, agent, model, variant, permission, parentId, metadata } = draft;
  const wanted: readonly (readonly [MissingThing, unknown])[] = [
    ["metadata", metadata],
    ["parentId", parentId],
    ["rules", permission],
  ];
  for (const [thing, value] of wanted) if (value !== undefined) requireThing(dialect, thing);
  const directory = locationQuery(wire, call).query?.["location[directory]"];
  const body = given({
    id,
    agent,
    model: model && given({ id: model.modelID, providerID: model.providerID, variant }),
    location: directory === undefined ? undefined : { directory },
    title: isMissing(dialect, "title") ? undefined : title,
    metadata,
    permissions: permission && serverRules(dialect, permission),
    parentID: parentId,
  });
  const { data } = await client.request("POST", "/api/session", { ...call, body });
  const info = toSessionInfo(dialect, dataOf(data, "/api/session"), "POST /api/session");
  // The server takes a parent's directory for its child.
  if (parentId === undefined && directory !== undefined && info.directory !== directory) {
    throw new ConflictError(`the session ${info.id} is in ${info.directory}, not in ${directory}`, {
      status: 409,
      sessionId: info.id,
      hint: "Another session has the id, or the server does not take the directory.",
    });
  }
  await requireStored(wire, draft, info, call);
  if (call?.directory === undefined) nameOwnDirectory(client, info.directory);
  return info;
}

/** Early releases drop fields that they do not know: a session without its rules would be looser than was asked for. */
async function requireStored(
  { client, dialect }: Wire,
  { permission, parentId, metadata }: SessionDraft,
  info: SessionInfo,
  call: ApiCall | undefined,
): Promise<void> {
  const dropped: MissingThing | undefined =
    permission !== undefined && (info.permission?.length ?? 0) < permission.length
      ? "rules"
      : parentId !== undefined && info.parentID !== parentId
        ? "parentId"
        : metadata !== undefined && info.metadata === undefined
          ? "metadata"
          : undefined;
  if (dropped === undefined) return;
  await client.request("DELETE", below(info.id), call).catch((error: unknown) => {
    if (!isOpencodeError(error)) throw error; // it stays, empty and unused
  });
  throw missingError(dialect, dropped, "the session that was made came back without it");
}
