/** Recorded changes of files, and taking them back, in 1.x. */
import type { OpencodeClient } from "../../client/client.js";
import type { ChangesApi } from "../agent-api.js";
import { given } from "./given-fields.js";

/** The changes in the client's directory. */
export function changesV1(client: OpencodeClient): ChangesApi {
  return {
    diff: async (sessionID, messageID) => {
      const params = { path: { sessionID }, query: { messageID } };
      return (await client.GET("/session/{sessionID}/diff", { params })).data;
    },
    revert: async (sessionID, { messageId, partId }) => {
      const body = { messageID: messageId, ...given({ partID: partId }) };
      return (await client.POST("/session/{sessionID}/revert", { params: { path: { sessionID } }, body })).data;
    },
    unrevert: async (sessionID) => {
      await client.POST("/session/{sessionID}/unrevert", { params: { path: { sessionID } } });
    },
    clearRevert: async (sessionID) => {
      await client.POST("/api/session/{sessionID}/revert/clear", { params: { path: { sessionID } } });
    },
  };
}
