/** Which sessions an event concerns. */

import type { ServerEvent } from "../../types/event.js";
import { recordProperty, stringProperty } from "../../util/json.js";

/** The session of an event, or `undefined` for events of the whole server. */
export function sessionOf({ type, properties }: ServerEvent): string | undefined {
  const direct = properties["sessionID"];
  if (typeof direct === "string") return direct;
  const info = recordProperty(properties, "info");
  if (type.startsWith("session.")) return stringProperty(info, "id");
  return stringProperty(info, "sessionID") ?? stringProperty(recordProperty(properties, "part"), "sessionID");
}

/** The parent of the session that a `session.created` or `session.updated` event describes. */
export function parentOf({ type, properties }: ServerEvent): string | undefined {
  return type.startsWith("session.") ? stringProperty(recordProperty(properties, "info"), "parentID") : undefined;
}
