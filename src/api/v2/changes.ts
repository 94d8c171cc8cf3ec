/** Recorded changes of files, and taking them back, in 2.x. */
import type { FileDiff } from "../../types/answer.js";
import { numberProperty, property, stringProperty } from "../../util/json.js";
import type { ChangesApi } from "../agent-api.js";
import { given } from "../v1/given-fields.js";
import { storedPages } from "./message-pages.js";
import { messageIdOf } from "./message-parts.js";
import { missingError, requireThing } from "./missing.js";
import { toSessionInfo } from "./session-shape.js";
import { below, dataOf, records, requestRoute, type Wire } from "./wire.js";

/** Lines around a change: a revert compares whole files. */
const wholeFile = 1_000_000;
const longestPage = 200;

/**
 * The changes in the client's directory. A revert is staged, so that it can be undone; the next prompt makes it final. Staged it restores
 * the files at once, and clearing it brings them back (2.0 preview 1.18.18).
 */
export function changesV2(wire: Wire): ChangesApi {
  const { client, dialect } = wire;
  const infoOf = async (id: string) => {
    const path = below(id);
    return toSessionInfo(dialect, dataOf((await client.request("GET", path)).data, path), `GET ${path}`);
  };
  const clear = async (id: string): Promise<void> => {
    await requestRoute(wire, dialect.clearRevert, id, undefined);
  };
  return {
    diff: async (id, messageId) => {
      requireThing(dialect, "diff");
      const path = below(id, "/diff");
      const { data } = await client.request("GET", path, {
        query: { from: messageId, to: messageId, context: wholeFile },
      });
      return records(property(data, "data"), path).map(toDiff);
    },
    revert: async (id, { messageId, partId }) => {
      if (partId !== undefined) throw missingError(dialect, "revertPart");
      const place = dialect.revertsTo === "message" ? messageId : await messageBefore(wire, id, messageId);
      await client.request("POST", below(id, "/revert/stage"), { body: { messageID: place, files: true } });
      return infoOf(id);
    },
    unrevert: clear,
    clearRevert: async (id) => {
      const { revert } = await infoOf(id);
      if (revert === undefined) return;
      if ((revert.diff ?? "") !== "") throw missingError(dialect, "clearRevert");
      await clear(id);
    },
  };
}

function toDiff(file: unknown): FileDiff {
  const status = property(file, "status");
  return {
    additions: numberProperty(file, "additions") ?? 0,
    deletions: numberProperty(file, "deletions") ?? 0,
    ...given({
      file: stringProperty(file, "file") ?? stringProperty(file, "path"),
      patch: stringProperty(file, "patch"),
      status: status === "added" || status === "deleted" || status === "modified" ? status : undefined,
    }),
  };
}

/** The message in front of a prompt, which is itself hidden then; the prompt, which stays visible, where it is the first. */
async function messageBefore({ client }: Wire, sessionId: string, messageId: string): Promise<string> {
  let isNext = false;
  for await (const { records: page } of storedPages(client, sessionId, { limit: longestPage })) {
    for (const record of page) {
      if (isNext) return messageIdOf(record);
      isNext = messageIdOf(record) === messageId;
    }
  }
  return messageId; // the first, or not there: then the server says it
}
