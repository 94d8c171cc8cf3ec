/** Lists of sessions, which 2.x gives in pages. */
import type { SessionInfo } from "../../types/answer.js";
import { isRecord, property, stringProperty } from "../../util/json.js";
import type { ApiCall } from "../inputs.js";
import { toSessionInfo } from "./session-shape.js";
import { records, type Wire } from "./wire.js";

/** Sessions of one page. */
const longestPage = 200;
/** Pages that are read at most: a cursor that goes round must not be followed for ever. */
const mostPages = 500;
const path = "/api/session";

/** Which sessions are wanted. */
export interface ListQuery {
  readonly limit: number;
  readonly directory?: string | undefined;
  readonly search?: string | undefined;
  readonly parentID?: string | undefined;
  /** Of the pages only these are taken. */
  readonly isWanted?: ((info: SessionInfo) => boolean) | undefined;
}

/** The newest sessions, newest first. A cursor has the filters in it, and not the size of a page. */
export async function listSessions(wire: Wire, wanted: ListQuery, call?: ApiCall): Promise<SessionInfo[]> {
  const { limit, isWanted = () => true, ...filter } = wanted;
  const given = Object.entries(filter).filter(([, value]) => value !== undefined && value !== "");
  const found = new Map<string, SessionInfo>();
  let cursor: string | undefined;
  for (let page = 0; page < mostPages && found.size < limit; page += 1) {
    const size = Math.min(longestPage, isWanted === wanted.isWanted ? longestPage : limit - found.size);
    const query = { limit: size, ...(cursor === undefined ? Object.fromEntries(given) : { cursor }) };
    const { data } = await wire.client.request("GET", path, { ...call, query });
    const sessions = records(property(data, "data"), path);
    let isNew = false;
    for (const session of sessions) {
      const info = toSessionInfo(wire.dialect, session, path);
      if (found.has(info.id)) continue;
      isNew = true;
      if (isWanted(info) && found.size < limit) found.set(info.id, info);
    }
    const cursors = property(data, "cursor");
    cursor = isRecord(cursors) ? stringProperty(cursors, "next") : undefined;
    // The last page has a cursor, too, and the page after it is empty (2.0 preview 1.18.18).
    if (cursor === undefined || !isNew) break;
  }
  return [...found.values()];
}
