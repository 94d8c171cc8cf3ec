/** `AgentApi` of servers of the 1.x protocol, over the typed client that is generated from their document. */
import type { OpencodeClient } from "../../client/client.js";
import type { AgentApi } from "../agent-api.js";
import type { Capabilities } from "../capabilities.js";
import { catalogV1, filesV1, mcpV1, serverV1 } from "./catalog.js";
import { changesV1 } from "./changes.js";
import { createEventReader } from "./event-reader.js";
import { messagesV1 } from "./messages.js";
import { promptsV1 } from "./prompts.js";
import { requestsV1 } from "./requests.js";
import { sessionsV1 } from "./sessions.js";

/** As observed on 1.18.33. */
const capabilities: Capabilities = {
  canRepeatPrompt: false,
  continuesRepeatedPrompt: true,
  takesSessionIds: false,
  keepsPromptParts: true,
  keepsTurnOptions: false,
  hasSessionRules: true,
  queuesPrompts: false,
  withdrawsPrompts: false,
  handsOnRules: false,
  tellsDenials: true,
  hasNativeOutput: true,
  expandsCommands: true,
  compactsByUsage: true,
  restoresWithRevert: false,
  disposesDirectories: true,
  reloadsDirectories: true,
  reloadsForKeys: true,
  storesTitles: true,
  changesMetadata: true,
  deletesMessages: true,
  deletesSessions: true,
  keepsTodos: true,
  attachable: undefined,
};

/** `client` is bound to the directory that the calls are about. No request is made. */
export function apiV1(client: OpencodeClient): AgentApi {
  return {
    capabilities,
    address: client.baseUrl,
    directory: client.directory,
    logger: client.logger,
    liveness: client.liveness,
    readEvents: createEventReader(client),
    sessions: sessionsV1(client),
    prompts: promptsV1(client),
    messages: messagesV1(client),
    changes: changesV1(client),
    requests: requestsV1(client),
    catalog: catalogV1(client),
    mcp: mcpV1(client),
    files: filesV1(client),
    server: serverV1(client),
  };
}
