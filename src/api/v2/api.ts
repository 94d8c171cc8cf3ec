/** `AgentApi` of servers of the 2.x protocol, for all its dialects. */
import type { OpencodeClient } from "../../client/client.js";
import type { AgentApi } from "../agent-api.js";
import { capabilitiesOf } from "./capabilities.js";
import { catalogV2 } from "./catalog.js";
import { changesV2 } from "./changes.js";
import { type DialectName, dialectOf } from "./dialects.js";
import { createEventReaderV2 } from "./event-reader.js";
import { filesV2 } from "./files.js";
import { mcpV2 } from "./mcp.js";
import { messagesV2 } from "./messages.js";
import { promptsV2 } from "./prompts.js";
import { requestsV2 } from "./requests.js";
import { serverV2 } from "./server.js";
import { sessionsV2 } from "./sessions.js";
import { plainDirectory } from "./wire.js";

/** `client` is bound to the directory that the calls are about. No request is made. */
export function apiV2(client: OpencodeClient, dialectName: DialectName): AgentApi {
  const dialect = dialectOf(dialectName);
  const directory = client.directory === undefined ? undefined : plainDirectory(client.directory);
  // With a slash at its end it would be another location.
  const bound = directory === client.directory ? client : client.withOptions({ directory });
  const wire = { client: bound, dialect };
  return {
    capabilities: capabilitiesOf(dialect),
    address: client.baseUrl,
    directory,
    logger: client.logger,
    liveness: client.liveness,
    readEvents: createEventReaderV2(bound, dialectName),
    sessions: sessionsV2(wire),
    prompts: promptsV2(wire),
    messages: messagesV2(bound, dialectName),
    changes: changesV2(wire),
    requests: requestsV2(wire),
    catalog: catalogV2(wire),
    mcp: mcpV2(wire),
    files: filesV2(wire),
    server: serverV2(wire),
  };
}
