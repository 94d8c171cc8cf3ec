/** Where the two agents may differ, and why. Each row hides a possible falsehood: the table stays short. */
import { isRecord } from "../../src/util/json.js";

interface Row {
  /** A request's route, an event's type, or `"model"`. */
  readonly where: RegExp;
  readonly what: string;
  readonly why: string;
  /** Takes the difference away; `undefined` drops an event. */
  readonly without: (value: unknown) => unknown;
}

const ownWording = /^(<system-reminder>\nPlan mode is active\.|Create or update `AGENTS.md`).*/s;

export const tolerated: readonly Row[] = [
  {
    where: /^(plugin|catalog|reference|integration|server\.heartbeat|file\.watcher|lsp|vcs|project|mcp)\b/,
    what: "events of the server's housekeeping",
    why: "they depend on what is installed and on time, not on the run",
    without: () => undefined,
  },
  {
    where: /./,
    what: "address and headers of the model's HTTP answer in an `APIError`",
    why: "the model in memory has no connection; of its headers only those of the script are there",
    without: (value) =>
      mapObjects(value, (object) => {
        if (!isRecord(object["responseHeaders"])) return object;
        const { "retry-after": wait } = object["responseHeaders"];
        return { ...object, responseHeaders: { "retry-after": wait }, metadata: "<model>" };
      }),
  },
  {
    where: /./,
    what: "the wording of the reminder of plan mode and of the command `init`",
    why: "it is the agent's own, and long",
    without: (value) =>
      mapObjects(value, (object) =>
        typeof object["text"] === "string" ? { ...object, text: object["text"].replace(ownWording, "$1") } : object,
      ),
  },
  {
    where: /shell$|^message\.part\.updated$|^GET \/session\/\w+\/message/,
    what: "what a shell line prints",
    why: "the agent in memory has no shell; a call of the model's can say what it prints, a client's shell line cannot",
    without: (value) =>
      mapObjects(value, (object) => {
        const { state, callID } = object;
        if (!isRecord(state) || typeof callID !== "string" || callID.startsWith("call_")) return object;
        const { output: _, ...rest } = state;
        return { ...object, state: { ...rest, metadata: "…" } };
      }),
  },
  {
    where: /^(GET|POST) /,
    what: "`summary` of a user message that is read",
    why: "it is counted beside the run: whether it is there when a client reads is chance; its events are compared",
    without: (value) =>
      mapObjects(value, ({ summary, ...object }) =>
        object["role"] === "user" || summary === undefined ? object : { summary, ...object },
      ),
  },
  {
    where: /./,
    what: "title and metadata of a call that runs or has failed, but for `interrupted`",
    why: "what a tool tells before its call is read from the stream is lost: under load also the sub-agent's `sessionId`",
    without: (value) =>
      mapObjects(value, ({ title, metadata, ...object }) => {
        if (object["status"] !== "running" && object["status"] !== "error") return { title, metadata, ...object };
        const interrupted = isRecord(metadata) ? metadata["interrupted"] : undefined;
        return interrupted === undefined ? object : { ...object, metadata: { interrupted } };
      }),
  },
  {
    where: /^session\.error$/,
    what: "where in the server's own code an error was thrown",
    why: "the agent in memory has other code",
    without: (value) =>
      mapObjects(value, (object) =>
        typeof object["message"] === "string"
          ? { ...object, message: object["message"].replace(/\n {4}at .*/s, "\n    at …") }
          : object,
      ),
  },
  {
    where: /^model$/,
    what: "the rest of the instructions for a summary",
    why: "the agent's own wording, of no use to a script",
    without: (value) =>
      mapObjects(value, (object) =>
        typeof object["lastUserText"] === "string"
          ? {
              ...object,
              lastUserText: object["lastUserText"].replace(/(continue the work\.).*/s, "$1").replace(ownWording, "$1"),
            }
          : object,
      ),
  },
];

/** `value` without what is tolerated at this place. */
export function tolerate(where: string, value: unknown): unknown {
  return tolerated.filter((row) => row.where.test(where)).reduce<unknown>((left, row) => row.without(left), value);
}

/** `value`, with `change` applied to each object in it, from the inside out. */
export function mapObjects(
  value: unknown,
  change: (object: Record<string, unknown>) => Record<string, unknown>,
): unknown {
  if (Array.isArray(value)) return value.map((item) => mapObjects(item, change));
  if (!isRecord(value)) return value;
  return change(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapObjects(item, change)])));
}
