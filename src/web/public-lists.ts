/** Reduces lists of the agent to public fields: the agent's providers and models contain keys in the clear (1.18.33, 2.0 preview 1.18.18). */

/** Fields of a provider that the page reads. */
const ofProvider = ["id", "name", "source"];
/** Fields of a model that the page reads. Not `options` and `headers`, which contain keys, and not its address. */
const ofModel = ["id", "providerID", "name", "family", "capabilities", "cost", "limit", "status", "release_date"];
/** The same of 2.x. Its requests and settings contain keys. */
const ofModel2 = [...ofModel.slice(0, -1), "enabled", "time", "variants"];
/** Fields of an agent of 2.x that the page reads. Its request contains headers. */
const ofAgent2 = ["id", "name", "description", "mode", "hidden", "color", "model", "permissions", "steps"];

/** By the path of the list: reduces an answer to known harmless fields. */
export const publicLists: ReadonlyMap<string, (answer: unknown) => unknown> = new Map([
  ["/config/providers", publicProviders],
  ["/api/provider", (answer: unknown) => publicData(answer, ["id", "name"])],
  ["/api/model", (answer: unknown) => publicData(answer, ofModel2)],
  ["/api/model/default", (answer: unknown) => publicData(answer, ofModel2)],
  ["/api/agent", (answer: unknown) => publicData(answer, ofAgent2)],
]);

/** The answer of `GET /config/providers`. */
function publicProviders(answer: unknown): unknown {
  const providers = isRecord(answer) && Array.isArray(answer["providers"]) ? answer["providers"] : [];
  const defaults = isRecord(answer) && isRecord(answer["default"]) ? answer["default"] : {};
  return { providers: providers.filter(isRecord).map(publicProvider), default: defaults };
}

/** An object or a list in `data`, as 2.x answers. */
function publicData(answer: unknown, names: readonly string[]): unknown {
  const { data, location } = isRecord(answer) ? answer : {};
  const reduced = Array.isArray(data)
    ? data.filter(isRecord).map((one) => publicEntry(one, names))
    : isRecord(data)
      ? publicEntry(data, names)
      : null;
  return { location, data: reduced };
}

/** Of a variant only its name: it has headers and a body. */
function publicEntry(entry: Record<string, unknown>, names: readonly string[]): unknown {
  const { variants, ...rest } = picked(entry, names);
  if (!Array.isArray(variants)) return rest;
  return { ...rest, variants: variants.filter(isRecord).map((variant) => picked(variant, ["id"])) };
}

function publicProvider(provider: Record<string, unknown>): unknown {
  const models = isRecord(provider["models"]) ? provider["models"] : {};
  const entries = Object.entries(models).filter((entry): entry is [string, Record<string, unknown>] =>
    isRecord(entry[1]),
  );
  return {
    ...picked(provider, ofProvider),
    env: [],
    options: {},
    models: Object.fromEntries(
      entries.map(([id, model]) => [id, { ...picked(model, ofModel), headers: {}, options: {} }]),
    ),
  };
}

function picked(from: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
