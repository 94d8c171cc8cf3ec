/** Makes a session. */
import { newId } from "../ids.js";
import type { SessionInfo, SessionRecord } from "../types.js";
import type { World } from "../world.js";
import { noTokens } from "./session-model.js";

export type SessionDraft = Partial<
  Pick<SessionInfo, "id" | "parentID" | "title" | "agent" | "model" | "metadata" | "permissions" | "fork">
> &
  Pick<SessionInfo, "location">;

export function createSession(world: World, draft: SessionDraft): SessionRecord {
  const now = Date.now();
  const info: SessionInfo = {
    id: newId("ses"),
    ...draft,
    projectID: world.locations.project(draft.location.directory).id,
    cost: 0,
    tokens: noTokens(),
    time: { created: now, updated: now },
  };
  const record = world.store.add(info);
  if (draft.fork === undefined) {
    const { projectID, location, parentID, title, agent, model, metadata, permissions } = info;
    const fields = { projectID, location, parentID, title, agent, model, metadata, permissions };
    world.hub.durable(record, "session.created", {
      ...fields,
      slug: info.id.slice(-8).toLowerCase(),
      version: "2.1.0",
    });
  }
  return record;
}
