/** The error for an address where another program answers. */
import { supportedRange } from "../binary/version.js";
import type { OpencodeClient } from "../client/client.js";
import { UnsupportedServerVersionError } from "../errors/index.js";
import { isRecord } from "../util/json.js";
import type { ServerReply } from "./server-reply.js";

/** `found` of an address where no opencode server answers. */
const found = "not opencode";

/** Says what answered: status, content type, and first words, which have no credentials in them. */
export function notOpencode({ baseUrl }: OpencodeClient, reply: ServerReply): UnsupportedServerVersionError {
  const { path, status, type, error } = reply;
  return new UnsupportedServerVersionError(
    `${baseUrl} is not an opencode server: GET ${path} is answered with ${status}${described(reply)}`,
    {
      found,
      supported: supportedRange,
      status,
      method: "GET",
      path,
      hint:
        type === "text/html" && status === 200
          ? "Check the base URL: `opencode serve` prints it. Is there a path in it that does not belong there? A server older than 1.1 " +
            "answers so, too."
          : "Check the base URL: `opencode serve` prints it.",
      cause: error,
    },
  );
}

function described({ type, isEmpty, words, data }: ServerReply): string {
  if (isEmpty) return " without a body";
  const kind = type === "" ? ", content of no type" : `, ${type}`;
  if (words !== "") return `${kind}: ${JSON.stringify(words)}`;
  return `${kind}${shapeOf(data)}`;
}

/** Of JSON only the names of its fields: an echo of the request has our credentials among its values. */
function shapeOf(data: unknown): string {
  if (!isRecord(data)) return "";
  const names = Object.keys(data).filter((name) => /^\w{1,30}$/.test(name));
  return names.length === 0 ? "" : ` with the fields ${names.slice(0, 5).join(", ")}`;
}
