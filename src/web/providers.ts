/** Reduces the list of providers to public fields: the agent's list contains keys in the clear (1.18.33). */

/** Fields of a provider that the page reads. */
const ofProvider = ["id", "name", "source"];
/** Fields of a model that the page reads. Not `options` and `headers`, which contain keys, and not its address. */
const ofModel = ["id", "providerID", "name", "family", "capabilities", "cost", "limit", "status", "release_date"];

/** The answer of `GET /config/providers`, reduced to known harmless fields. */
export function publicProviders(answer: unknown): unknown {
  const providers = isRecord(answer) && Array.isArray(answer["providers"]) ? answer["providers"] : [];
  const defaults = isRecord(answer) && isRecord(answer["default"]) ? answer["default"] : {};
  return { providers: providers.filter(isRecord).map(publicProvider), default: defaults };
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
