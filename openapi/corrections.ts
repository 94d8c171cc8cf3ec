/**
 * What `GET /doc` of the agent says wrongly, and what we generate instead. Each entry names the observation it rests on.
 * This is the one place where the document is changed: the output in `src/generated/` is never edited by hand.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** A corrected copy of the document; the input stays as it was served. */
export function correct(document: JsonObject): JsonObject {
  const copy = structuredClone(document);
  numbersAreNumbers(copy);
  wildcardPathTakesAParameter(copy);
  badRequestsAreWhatIsSent(copy);
  return copy;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Numbers are described as `anyOf: [number, "NaN", "Infinity", "-Infinity"]` (`Workspace.timeUsed`, `IntegrationAttempt*`).
 * JSON cannot carry those, and `number | "NaN"` makes arithmetic impossible: the type is `number`.
 */
function numbersAreNumbers(node: Json): void {
  if (Array.isArray(node)) for (const entry of node) numbersAreNumbers(entry);
  if (!isObject(node)) return;
  const options = node["anyOf"];
  if (Array.isArray(options) && options.length > 1) {
    const kept = options.filter((option) => !isNonFiniteLiteral(option));
    const only = kept[0];
    if (kept.length === 1 && kept.length < options.length && isObject(only)) {
      delete node["anyOf"];
      Object.assign(node, only);
    }
  }
  for (const value of Object.values(node)) numbersAreNumbers(value);
}

function isNonFiniteLiteral(option: Json): boolean {
  if (!isObject(option) || !Array.isArray(option["enum"])) return false;
  return option["enum"].every((value) => value === "NaN" || value === "Infinity" || value === "-Infinity");
}

/**
 * `/api/fs/read/*` ends in a literal wildcard, which no path template can express. It becomes `{path}`; the client puts
 * that parameter into the URL with its slashes (`client/request-url.ts`).
 */
function wildcardPathTakesAParameter(document: JsonObject): void {
  const paths = document["paths"];
  if (!isObject(paths)) return;
  for (const [path, item] of Object.entries(paths)) {
    if (!path.endsWith("/*") || !isObject(item)) continue;
    delete paths[path];
    paths[path.replace(/\*$/, "{path}")] = item;
    for (const operation of Object.values(item)) {
      if (!isObject(operation)) continue;
      const parameters = Array.isArray(operation["parameters"]) ? operation["parameters"] : [];
      operation["parameters"] = [
        ...parameters,
        { name: "path", in: "path", required: true, schema: { type: "string" } },
      ];
    }
  }
}

/**
 * 400 is described as `{_tag}` bodies, but the un-prefixed routes really send `{name: "BadRequest", data}` for most
 * mistakes. Every 400 gets the union of all three, so that nobody narrows on a shape that never comes.
 */
function badRequestsAreWhatIsSent(document: JsonObject): void {
  const paths = document["paths"];
  if (!isObject(paths)) return;
  const known = ["BadRequestError", "effect_HttpApiError_BadRequest", "InvalidRequestError"];
  const schema: Json = { anyOf: known.map((name) => ({ $ref: `#/components/schemas/${name}` })) };
  for (const item of Object.values(paths)) {
    if (!isObject(item)) continue;
    for (const operation of Object.values(item)) {
      const responses = isObject(operation) ? operation["responses"] : undefined;
      if (isObject(responses) && responses["400"] !== undefined) {
        responses["400"] = { description: "Bad request", content: { "application/json": { schema } } };
      }
    }
  }
}
