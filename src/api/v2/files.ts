/** Files of a directory in 2.x. */
import { APIConnectionError, InternalServerError, NotFoundError } from "../../errors/index.js";
import { property, stringProperty } from "../../util/json.js";
import type { FilesApi } from "../agent-api.js";
import { locationQuery, type Wire } from "./wire.js";

/** The files of the client's directory. */
export function filesV2(wire: Wire): FilesApi {
  const { client } = wire;
  // An error of the server is no reason to ask again: it says so for what is not there. A lost connection is.
  const read = async (path: string): Promise<unknown> => {
    const query = locationQuery(wire);
    try {
      return (await client.request("GET", path, { ...query, maxRetries: 0 })).data;
    } catch (error) {
      if (!(error instanceof APIConnectionError)) throw error;
      return (await client.request("GET", path, query)).data;
    }
  };
  return {
    list: async (path, call) => {
      const { query } = locationQuery(wire, call);
      const where = path === "" || path === "." ? {} : { path };
      await client.request("GET", "/api/fs/list", { maxRetries: 0, ...call, query: { ...query, ...where } });
    },
    text: async (path) => {
      const route = `/api/fs/read/${path.split("/").map(encodeURIComponent).join("/")}`;
      try {
        return textOf(await read(route));
      } catch (error) {
        // A missing file is an error of the server in the preview (1.18.18), which 1.x answers with an empty text.
        const isMissing = error instanceof InternalServerError || error instanceof NotFoundError;
        if (isMissing && (await isAbsent(wire, path))) return "";
        throw error;
      }
    },
  };
}

/** `undefined` for what is no text. */
function textOf(data: unknown): string | undefined {
  return typeof data === "string" && !data.includes("\0") ? data : undefined;
}

/** Whether the list of its folder, or a folder above, does not have the file. */
async function isAbsent(wire: Wire, path: string): Promise<boolean> {
  const folder = path.split("/").slice(0, -1).join("/");
  const { query } = locationQuery(wire);
  const where = folder === "" ? {} : { path: folder };
  try {
    const { data } = await wire.client.request("GET", "/api/fs/list", { maxRetries: 0, query: { ...query, ...where } });
    const list = property(data, "data");
    return Array.isArray(list) && !list.some((one) => stringProperty(one, "path")?.replace(/\/$/, "") === path);
  } catch (error) {
    if (error instanceof InternalServerError || error instanceof NotFoundError) return true;
    throw error;
  }
}
