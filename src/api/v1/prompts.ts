/** Prompts, commands and shell lines of 1.x. */
import type { OpencodeClient } from "../../client/client.js";
import { MessageNotFoundError } from "../../errors/index.js";
import type { PromptsApi } from "../agent-api.js";
import { FailedRuns } from "./failed-run.js";
import { given } from "./given-fields.js";
import { OwnSettings } from "./own-settings.js";

/**
 * The server answers a command, a shell line and a compaction when the run is over, which can take longer than any limit of a
 * request: it is followed like a prompt.
 */
const unlimited = { timeout: 0 };

/** The prompts of the client's directory. */
export function promptsV1(client: OpencodeClient): PromptsApi {
  const own = new OwnSettings(client);
  const failed = new FailedRuns(client);
  return {
    // `POST …/message` would answer with the end of the run.
    submit: async (id, body, call) => {
      await client.POST("/session/{sessionID}/prompt_async", { ...call, ...place(id), body: failed.bodyOf(id, body) });
      await own.taken(id, call);
    },
    // A prompt to a busy session is a part of its run (1.18.33).
    steer: async (id, body, call) => {
      await client.POST("/session/{sessionID}/prompt_async", { ...call, ...place(id), body });
    },
    dropSteer: async (sessionID, { messageID }, call) => {
      const params = { path: { sessionID, messageID } };
      try {
        await client.DELETE("/session/{sessionID}/message/{messageID}", { ...call, params });
      } catch (error) {
        if (!(error instanceof MessageNotFoundError)) throw error;
      }
    },
    // Each part is compared by whoever asks.
    isStored: async (sessionID, { messageID }, call) => {
      const params = { path: { sessionID, messageID } };
      try {
        await client.GET("/session/{sessionID}/message/{messageID}", { ...call, params });
        return true;
      } catch (error) {
        if (error instanceof MessageNotFoundError) return false;
        throw error;
      }
    },
    settings: (id, wanted, usual, call) => own.of(id, wanted, usual, call),
    mayQueue: async () => false, // it would become a part of the run
    withdraw: async () => "begun",
    restore: async () => {}, // they hold for the prompt
    clearFailure: (id, messageId, call) => failed.clear(id, messageId, call),
    command: async (id, { messageId, name, arguments: text, model, agent, variant }, call) => {
      const body = { messageID: messageId, command: name, arguments: text, ...given({ model, agent, variant }) };
      await client.POST("/session/{sessionID}/command", { ...unlimited, ...call, ...place(id), body });
    },
    shell: async (id, { messageId, command, agent }, call) => {
      const body = { messageID: messageId, command, agent };
      await client.POST("/session/{sessionID}/shell", { ...unlimited, ...call, ...place(id), body });
    },
    compact: async (id, { providerID, modelID }, call) => {
      const body = { providerID, modelID };
      await client.POST("/session/{sessionID}/summarize", { ...unlimited, ...call, ...place(id), body });
    },
    abort: async (id, call) => void (await client.POST("/session/{sessionID}/abort", { ...call, ...place(id) })),
  };
}

function place(sessionID: string): { params: { path: { sessionID: string } } } {
  return { params: { path: { sessionID } } };
}
